using System.Net;
using NexLlm.Dashboard.Gateway.Bodies;
using NexLlm.Dashboard.Tests.TestKit;
using NexLlm.Dashboard.Usage;

namespace NexLlm.Dashboard.Tests.Gateway.Admission;

/// <summary>A request that is refused is cheap: counting its tokens is bounded, and waits its turn apart from other requests.</summary>
public sealed class CountingTests
{
    private static readonly string _words = string.Concat(Enumerable.Repeat("so many words ", 15_000));

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_cannot_fit_is_refused_while_nothing_can_be_counted()
    {
        await using var app = await StartAsync();
        using var caller = await app.CreateCallerAsync(policy => policy with { TokenLimit = 50 });
        using var many = await app.CreateCallerAsync(policy => policy with { TokenLimit = 60_000 });
        using var busy = new Busy(app);
        // Less is left than the answers alone would take.
        using var answers = await caller.ChatAsync(text: new string('a', 30_000), more: ",\"n\":100");

        await RejectionTests.ExpectAsync(answers, 429, "insufficient_quota", "insufficient_quota");
        // What has to be counted to know is refused for now, with a time.
        using var unknown = await many.ChatAsync(text: _words);
        await RejectionTests.ExpectAsync(unknown, 503, "server_error", "server_busy");
        Assert.NotNull(unknown.Headers.RetryAfter);
        // Nobody else waits for that.
        using var other = await app.CreateCallerAsync(policy => policy with { TokenLimit = 100_000 });
        using var served = await other.ChatAsync();
        Assert.Equal(HttpStatusCode.OK, served.StatusCode);
    }

    [Fact]
    public async Task A_long_prompt_that_fits_only_when_counted_is_answered()
    {
        await using var app = await StartAsync();
        using var caller = await app.CreateCallerAsync(policy => policy with { TokenLimit = 100_000 });
        using var served = await caller.ChatAsync(text: _words, more: ",\"max_tokens\":100");
        using var tooLong = await caller.ChatAsync(text: _words + _words + _words, more: ",\"max_tokens\":100");

        Assert.Equal(HttpStatusCode.OK, served.StatusCode);
        await RejectionTests.ExpectAsync(tooLong, 429, "insufficient_quota", "insufficient_quota");
    }

    [Fact]
    public async Task Text_beyond_what_is_counted_is_taken_for_a_token_a_byte()
    {
        await using var app = await StartAsync(("Gateway:MaxCountedBytes", "20000"));
        using var caller = await app.CreateCallerAsync(policy => policy with { TokenLimit = 100_000 });
        using var refused = await caller.ChatAsync(text: _words, more: ",\"max_tokens\":100");

        await RejectionTests.ExpectAsync(refused, 429, "insufficient_quota", "insufficient_quota");
    }

    /// <summary>The upstream reports nothing, so that the prompt is counted after the answer.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task An_answer_without_usage_is_charged_even_when_there_is_no_time_to_count(bool isBusy)
    {
        await using var app = await StartAsync();
        app.Upstream.Answer = FakeUpstream.Json("""{"choices":[{"index":0,"message":{"role":"assistant","content":"Hello to you"},"finish_reason":"stop"}]}""");
        using var caller = await app.CreateCallerAsync();
        using var busy = isBusy ? new Busy(app) : null;
        using var answer = await caller.ChatAsync(text: _words);
        await answer.Content.ReadAsStringAsync(Cancellation);
        var charge = await caller.SettledAsync();

        Assert.Equal(UsageSource.Counted, charge.Source);
        // A token a word.
        Assert.InRange(charge.InputTokens, 45_000 * 0.9, 45_000 * 1.1);
    }

    private static Task<GatewayApp> StartAsync(params (string Name, string Value)[] more) =>
        GatewayApp.StartAsync([("Gateway:MaxWorkBacklog", "00:00:01"), .. more]);

    /// <summary>The queue is full of another account's work until it is disposed. Scanning a body of this size needs none.</summary>
    private sealed class Busy : IDisposable
    {
        private readonly ManualResetEventSlim _go = new();
        private readonly CpuWorkQueue _work;

        public Busy(GatewayApp app)
        {
            _work = app.Service<CpuWorkQueue>();
            for (var account = -1L; _work.TryRun(account, TimeSpan.FromSeconds(1), () => _go.Wait(TimeSpan.FromSeconds(60))) is not null; account--)
            {
                // Until no more is taken.
            }
        }

        public void Dispose() => _go.Set();
    }
}
