using NexLlm.Dashboard.Tests.TestKit;

namespace NexLlm.Dashboard.Tests.Receiving;

/// <summary>Clients read why a body was rejected, even those that send all of it first.</summary>
public sealed class BodyDrainTests
{
    /// <summary>More than the server's own limit of 30 MB, which resets the connection.</summary>
    private const int Large = 31_000_000;

    [Fact]
    public async Task A_large_body_is_rejected_immediately_and_its_client_may_send_it_to_the_end()
    {
        await using var app = await GatewayApp.StartAsync();
        using var caller = await app.CreateCallerAsync(accountLimit: 0);
        using var request = await RawRequest.BeginAsync(caller, $"Content-Length: {Large}");

        Expect(await request.AnswerAsync(), "429", closes: true);
        await request.SendAsync(new byte[Large]);
        Assert.Empty(await request.AnswerAsync());
    }

    [Fact]
    public async Task A_body_of_unknown_length_beyond_its_limit_may_be_sent_to_the_end_too()
    {
        await using var app = await GatewayApp.StartAsync(("Gateway:MaxBodyBytes", "8192"));
        using var caller = await app.CreateCallerAsync();
        using var request = await RawRequest.BeginAsync(caller, "Transfer-Encoding: chunked");
        await request.SendAsync($"4000\r\n{new string(' ', 0x4000)}\r\n");

        Expect(await request.AnswerAsync(), "413", closes: true);
        for (var i = 0; i < 1_000; i++)
        {
            await request.SendAsync($"4000\r\n{new string(' ', 0x4000)}\r\n");
        }

        await request.SendAsync("0\r\n\r\n");
        Assert.Empty(await request.AnswerAsync());
    }

    [Fact]
    public async Task A_small_body_and_one_that_was_read_leave_the_connection_open()
    {
        await using var app = await GatewayApp.StartAsync();
        using var caller = await app.CreateCallerAsync(policy => policy with { TokenLimit = 1 });
        using var small = await RawRequest.BeginAsync(caller, "Content-Encoding: unknown", "Content-Length: 1000");
        Expect(await small.AnswerAsync(), "415", closes: false);

        var text = Caller.ChatBody(text: new string('a', 100_000));
        using var read = await RawRequest.BeginAsync(caller, $"Content-Length: {text.Length}");
        await read.SendAsync(text);
        Expect(await read.AnswerAsync(), "429", closes: false);
    }

    private static void Expect(string answer, string status, bool closes)
    {
        Assert.StartsWith($"HTTP/1.1 {status} ", answer, StringComparison.Ordinal);
        Assert.Equal(closes, answer.Contains("Connection: close\r\n", StringComparison.Ordinal));
    }
}
