using System.Net;
using System.Text;
using NexLlm.Dashboard.Gateway.Buffers;
using NexLlm.Dashboard.Tests.TestKit;

namespace NexLlm.Dashboard.Tests.Gateway.Bodies;

/// <summary>
/// Bodies cannot fill the memory: a scaled-down server with room for twelve of the largest bodies is sent many more,
/// unfinished, by accounts with and without quota. It holds no more than it may, and serves the others.
/// </summary>
public sealed class BodyMemoryTests
{
    private const int Largest = 256 * 1_024;
    private const int Memory = 12 * Largest;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task One_account_takes_its_share_and_no_more_and_others_are_served()
    {
        await using var app = await StartAsync();
        using var greedy = await app.CreateCallerAsync();
        using var other = await app.CreateCallerAsync();
        var unfinished = new List<RawRequest>();
        for (var i = 0; i < 3; i++)
        {
            unfinished.Add(await UnfinishedAsync(greedy));
        }

        await HeldAsync(app, 3 * Largest);
        for (var i = 0; i < 6; i++)
        {
            using var refused = await UnfinishedAsync(greedy);
            var answer = await refused.AnswerAsync();
            Assert.StartsWith("HTTP/1.1 429 ", answer, StringComparison.Ordinal);
            Assert.Contains("\"too_many_requests\"", answer, StringComparison.Ordinal);
            Assert.Contains("Retry-After: ", answer, StringComparison.Ordinal);
        }

        Assert.InRange(app.Service<BodyMemoryBudget>().Held, 3 * Largest, Memory);
        using var served = await other.ChatAsync(text: new string('a', Largest / 2));
        Assert.Equal(HttpStatusCode.OK, served.StatusCode);

        unfinished.ForEach(request => request.Dispose());
        await HeldAsync(app, 0);
        using var again = await greedy.ChatAsync(text: new string('a', Largest / 2));
        Assert.Equal(HttpStatusCode.OK, again.StatusCode);
        await HeldAsync(app, 0);
    }

    /// <summary>Half of the memory is the address's, whose is one here as the callers all stand at the same.</summary>
    [Fact]
    public async Task Many_accounts_at_one_address_take_its_share_and_no_more()
    {
        await using var app = await StartAsync();
        var unfinished = new List<RawRequest>();
        for (var i = 0; i < 6; i++)
        {
            using var caller = await app.CreateCallerAsync();
            unfinished.Add(await UnfinishedAsync(caller));
        }

        await HeldAsync(app, 6 * Largest);
        using var last = await app.CreateCallerAsync();
        using var refused = await UnfinishedAsync(last);

        Assert.Contains("IP address", await refused.AnswerAsync(), StringComparison.Ordinal);
        unfinished.ForEach(request => request.Dispose());
        await HeldAsync(app, 0);
    }

    [Fact]
    public async Task The_server_as_a_whole_holds_no_more_than_it_may()
    {
        await using var app = await GatewayApp.StartAsync(("Gateway:MaxBodyBytes", $"{Largest}"), ("Gateway:MaxBodyMemory", $"{3 * Largest}"));
        var unfinished = new List<RawRequest>();
        for (var i = 0; i < 3; i++)
        {
            using var caller = await app.CreateCallerAsync();
            unfinished.Add(await UnfinishedAsync(caller));
        }

        await HeldAsync(app, 3 * Largest);
        var budget = app.Service<BodyMemoryBudget>();
        using var last = await app.CreateCallerAsync();
        using var models = await last.Http.GetAsync("/v1/models", Cancellation);
        var account = app.LiveAccountOf(last);
        var elsewhere = budget.Open(account, new IPAddress([203, 0, 113, 7]));

        Assert.Equal((503, "server_busy"), elsewhere.Take(1) is { Error: var error } ? (error.Status, error.Code) : default);
        Assert.Equal((3 * Largest, 0L, 0L), (budget.Held, account.BodyBytes, elsewhere.Bytes));
        unfinished.ForEach(request => request.Dispose());
        await HeldAsync(app, 0);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Who_has_nothing_left_to_spend_is_refused_before_a_large_body_is_read(bool announced)
    {
        await using var app = await StartAsync(("Gateway:MaxBodyBytesWithoutQuota", "8192"));
        using var caller = await app.CreateCallerAsync(accountLimit: 0);
        using var key = await app.CreateCallerAsync(policy => policy with { TokenLimit = 1 });
        for (var i = 0; i < 32; i++)
        {
            using var request = await RawRequest.BeginAsync(caller, announced ? $"Content-Length: {Largest}" : "Transfer-Encoding: chunked");
            if (!announced)
            {
                await request.SendAsync($"4000\r\n{new string(' ', 0x4000)}\r\n");
            }

            Assert.Contains("\"insufficient_account_quota\"", await request.AnswerAsync(), StringComparison.Ordinal);
        }

        await HeldAsync(app, 0);
        using var small = await caller.ChatAsync();
        await RejectionTests.ExpectAsync(small, 429, "insufficient_quota", "insufficient_account_quota");
        // A key with something left may be short of it only for this request: its body is read.
        using var large = await key.ChatAsync(text: new string('a', 10_000));
        await RejectionTests.ExpectAsync(large, 429, "insufficient_quota", "insufficient_quota");
    }

    [Fact]
    public async Task A_body_that_comes_too_slowly_is_ended()
    {
        await using var app = await StartAsync(("Gateway:BodyTimeout", "00:00:20"));
        using var caller = await app.CreateCallerAsync();
        using var request = await UnfinishedAsync(caller);
        await HeldAsync(app, Largest);
        await request.SendAsync(" ");
        app.Clock.Advance(TimeSpan.FromSeconds(20));

        var answer = await request.AnswerAsync();
        Assert.StartsWith("HTTP/1.1 408 ", answer, StringComparison.Ordinal);
        await HeldAsync(app, 0);
    }

    [Fact]
    public async Task A_body_whose_length_is_not_announced_is_counted_as_it_grows()
    {
        await using var app = await StartAsync();
        using var caller = await app.CreateCallerAsync();
        using var request = await RawRequest.BeginAsync(caller, "Transfer-Encoding: chunked");
        await request.SendAsync($"4000\r\n{new string(' ', 0x4000)}\r\n");
        await HeldAsync(app, 0x4000);
        await request.SendAsync($"4000\r\n{new string(' ', 0x4000)}\r\n");
        await HeldAsync(app, 0x8000);
        request.Dispose();

        await HeldAsync(app, 0);
    }

    [Fact]
    public async Task All_is_given_back_whatever_becomes_of_a_request()
    {
        await using var app = await StartAsync();
        using var caller = await app.CreateCallerAsync();
        var usual = app.Upstream.Answer;
        Microsoft.AspNetCore.Http.RequestDelegate[] fates =
        [
            usual,
            FakeUpstream.Json("{}", 500),
            FakeUpstream.Json("""{"error":{"message":"no"}}""", 400),
            http => { http.Abort(); return Task.CompletedTask; },
            http => throw new InvalidOperationException("broken"),
        ];
        foreach (var fate in fates)
        {
            app.Upstream.Answer = fate;
            using var answer = await caller.ChatAsync(text: new string('a', 100_000), more: ",\"max_tokens\":5");
            await answer.Content.ReadAsStringAsync(Cancellation);
        }

        using var wrong = await caller.PostAsync("/v1/chat/completions", new string('{', 100_000));
        using var tooLarge = await caller.ChatAsync(text: new string('a', Largest));
        await HeldAsync(app, 0);
        Assert.Equal(0, app.LiveAccountOf(caller).BodyBytes);
        Assert.Equal(0, app.LiveAccountOf(caller).Running);
    }

    [Fact]
    public async Task An_account_has_so_many_requests_in_progress_with_all_its_keys()
    {
        await using var app = await StartAsync(("Gateway:MaxConcurrentPerAccount", "2"));
        using var one = await app.CreateCallerAsync();
        using var two = await app.CreateCallerAsync(owner: one.Owner);
        using var other = await app.CreateCallerAsync();
        using var first = await UnfinishedAsync(one);
        using var second = await UnfinishedAsync(two);
        await HeldAsync(app, 2 * Largest);
        using var refused = await two.ChatAsync();
        using var served = await other.ChatAsync();

        await RejectionTests.ExpectAsync(refused, 429, "rate_limit_error", "too_many_requests");
        Assert.Equal(HttpStatusCode.OK, served.StatusCode);
    }

    private static Task<GatewayApp> StartAsync(params (string Name, string Value)[] more) =>
        GatewayApp.StartAsync([("Gateway:MaxBodyBytes", $"{Largest}"), ("Gateway:MaxBodyMemory", $"{Memory}"), .. more]);

    /// <summary>Announces the largest body, and sends a part of it.</summary>
    private static async Task<RawRequest> UnfinishedAsync(Caller caller)
    {
        var request = await RawRequest.BeginAsync(caller, $"Content-Length: {Largest}");
        await request.SendAsync(Encoding.ASCII.GetBytes("{\"model\":\"gpt-4o\","));
        return request;
    }

    private static Task HeldAsync(GatewayApp app, long bytes) =>
        GatewayApp.UntilAsync(() => Task.FromResult(app.Service<BodyMemoryBudget>().Held == bytes));
}
