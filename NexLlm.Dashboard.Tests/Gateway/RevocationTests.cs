using NexLlm.Dashboard.Keys;
using NexLlm.Dashboard.Tests.TestKit;

namespace NexLlm.Dashboard.Tests.Gateway;

/// <summary>That a change in the dashboard binds the next request, and stops what runs.</summary>
public sealed class RevocationTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Deleting_or_disabling_a_key_cuts_its_streams_and_charges_what_was_made(bool delete)
    {
        await using var app = await GatewayApp.StartAsync();
        var upstreamGone = new TaskCompletionSource();
        app.Upstream.Answer = async http =>
        {
            http.RequestAborted.Register(() => upstreamGone.TrySetResult());
            http.Response.ContentType = "text/event-stream";
            await http.SendEventAsync("""{"choices":[{"delta":{"content":"one two three"}}]}""");
            await upstreamGone.Task;
        };
        using var caller = await app.CreateCallerAsync();
        using var answer = await caller.ChatAsync(more: ",\"stream\":true");
        await (delete
            ? app.Keys.DeleteAsync(caller.Owner, [caller.KeyId], Cancellation)
            : app.Keys.SetEnabledAsync(caller.Owner, [caller.KeyId], false, Cancellation));

        var text = await StreamTests.TextUntilBreakAsync(answer).WaitAsync(TimeSpan.FromSeconds(20), Cancellation);
        await upstreamGone.Task.WaitAsync(TimeSpan.FromSeconds(20), Cancellation);
        Assert.Contains(delete ? "invalid_api_key" : "key_disabled", text, StringComparison.Ordinal);
        Assert.Equal(3, (await caller.SettledAsync()).OutputTokens);
    }

    [Fact]
    public async Task Whatever_is_changed_binds_the_next_request()
    {
        await using var app = await GatewayApp.StartAsync();
        using var caller = await app.CreateCallerAsync(policy => policy with { TokenLimit = 1_000_000 });
        for (var round = 0; round < Scale.Of(40, 1_000); round++)
        {
            var enabled = round % 2 == 1;
            await app.Keys.SetEnabledAsync(caller.Owner, [caller.KeyId], enabled, Cancellation);
            using var answer = await caller.ChatAsync();
            Assert.Equal(enabled ? 200 : 401, (int)answer.StatusCode);
        }

        var key = (await app.Keys.FindAsync(caller.Owner, caller.KeyId, Cancellation))!;
        Assert.IsType<EditOutcome.Saved>(await app.Keys.EditAsync(
            caller.Owner, new EditKey(key.Id, key.Version) { Quota = new QuotaChange.SetLimit(1) }, Cancellation));
        using var refused = await caller.ChatAsync();
        await RejectionTests.ExpectAsync(refused, 429, "insufficient_quota", "insufficient_quota");
    }
}
