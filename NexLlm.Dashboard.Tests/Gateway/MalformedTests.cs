using System.Text;
using System.Text.Json;
using NexLlm.Dashboard.Tests.TestKit;

namespace NexLlm.Dashboard.Tests.Gateway;

/// <summary>Requests that nobody sends in earnest: each is answered with an error in the known shape, and none says more than it should.</summary>
public sealed class MalformedTests
{
    private static readonly string[] _paths =
    [
        "/v1/chat/completions", "/v1/completions", "/v1/embeddings", "/v1/responses", "/v1/messages", "/v1/models/..%2f..",
        "/v1//chat/completions", "/v1/\ud83d\ude00", "/v1/chat/completions;x=1",
    ];

    private static readonly string[] _bodies =
    [
        "", "null", "[]", "0", "\"x\"", "{", "{}", "{\"model\":null}", "{\"model\":1}", "{\"model\":\"\"}", "{\"model\":\"gpt-4o\",\"model\":\"x\"}",
        "{\"model\":\"gpt-4o\",\"stream\":\"yes\"}", "\u0000", "{\"model\":\"gpt-4o\"}x",
        "{\"model\":\"' OR 1=1 --\",\"messages\":[]}", "{\"model\":\"\\ud800\",\"messages\":[]}",
    ];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Nothing_malformed_is_an_unhandled_error_or_tells_what_is_inside()
    {
        await using var app = await GatewayApp.StartAsync();
        using var caller = await app.CreateCallerAsync(policy => policy with { TokenLimit = 1_000_000 });
        var random = new Random(31);
        for (var i = 0; i < Scale.Of(400, 10_000); i++)
        {
            var path = _paths[random.Next(_paths.Length)];
            using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new ByteArrayContent(Body(random)) };
            if (random.Next(4) == 0)
            {
                request.Content.Headers.ContentEncoding.Add("gzip");
            }

            using var answer = await caller.Http.SendAsync(request, Cancellation);
            var text = await answer.Content.ReadAsStringAsync(Cancellation);
            Assert.InRange((int)answer.StatusCode, 400, 499);
            using var error = JsonDocument.Parse(text);
            Assert.False(string.IsNullOrEmpty(error.RootElement.GetProperty("error").GetProperty("message").GetString()), text);
            Assert.DoesNotMatch(@"(?i)   at |exception|sqlite|select |/tmp/|\.cs\b", text);
        }

        Assert.Empty(app.Upstream.Received);
        Assert.DoesNotContain(app.Logs.Lines, line => line.Level >= Microsoft.Extensions.Logging.LogLevel.Error);
    }

    /// <summary>One of the list, or one that was right with some of its bytes changed to what JSON cannot have there.</summary>
    private static byte[] Body(Random random)
    {
        if (random.Next(2) == 0)
        {
            return Encoding.UTF8.GetBytes(_bodies[random.Next(_bodies.Length)]);
        }

        var body = Encoding.UTF8.GetBytes(Caller.ChatBody());
        body[random.Next(body.Length)] = (byte)random.Next(0x80, 0xff);
        return body;
    }
}
