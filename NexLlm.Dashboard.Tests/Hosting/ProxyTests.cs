using NexLlm.Dashboard.Hosting;
using NexLlm.Dashboard.Tests.TestKit;

namespace NexLlm.Dashboard.Tests.Hosting;

public sealed class ProxyTests
{
    [Theory]
    [InlineData(null, false)]
    [InlineData("192.0.2.1", false)]
    [InlineData("127.0.0.1", true)]
    [InlineData("127.0.0.0/8", true)]
    public async Task Only_a_known_proxy_is_believed(string? known, bool believed)
    {
        await using var app = new NexLlmApp();
        if (known is not null)
        {
            app.Settings["Proxies:Known:0"] = known;
        }

        using var client = app.CreateVisitor();
        using var request = new HttpRequestMessage(HttpMethod.Get, "/healthz");
        request.Headers.Host = "keys.example.com";
        request.Headers.Add("X-Forwarded-Proto", "https");
        request.Headers.Add("X-Forwarded-For", "203.0.113.7");
        using var answer = await client.SendAsync(request, TestContext.Current.CancellationToken);

        // Told over https, it says so with this header; it is the one visible sign of whose word counted.
        Assert.Equal(believed, answer.Headers.Contains("Strict-Transport-Security"));
    }

    [Theory]
    [InlineData("192.0.2.1", "192.0.2.1/32")]
    [InlineData("2001:db8::1", "2001:db8::1/128")]
    [InlineData("10.0.0.0/8", "10.0.0.0/8")]
    [InlineData("010.0.0.1", null)]
    [InlineData("10.0.0.1/8", null)]
    [InlineData("1", null)]
    [InlineData("0x7f000001", null)]
    [InlineData("proxy.example.com", null)]
    [InlineData("", null)]
    public void An_address_has_one_way_to_be_written(string text, string? expected) =>
        Assert.Equal(expected, ProxyOptions.Network(text)?.ToString());
}
