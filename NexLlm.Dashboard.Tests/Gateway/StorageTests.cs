using Microsoft.Data.Sqlite;
using NexLlm.Dashboard.Tests.TestKit;

namespace NexLlm.Dashboard.Tests.Gateway;

/// <summary>What cannot be written down is not done.</summary>
[SqliteOnly("It locks the file.")]
public sealed class StorageTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task While_the_file_is_locked_by_somebody_else_requests_are_refused_and_cost_nothing_and_then_they_go_on()
    {
        await using var app = await GatewayApp.StartAsync();
        using var caller = await app.CreateCallerAsync();
        using (var before = await caller.ChatAsync())
        {
            before.EnsureSuccessStatusCode();
        }

        await using (var other = new SqliteConnection($"Data Source={app.DatabaseFile};Pooling=False"))
        {
            await other.OpenAsync(Cancellation);
            await using var transaction = other.BeginTransaction(deferred: false);
            app.Clock.Advance(TimeSpan.FromSeconds(1));
            for (var i = 0; i < 3; i++)
            {
                using var refused = await caller.ChatAsync();
                await RejectionTests.ExpectAsync(refused, 503, "server_error", "storage_unavailable");
            }
        }

        Assert.Single(app.Upstream.Received);
        await GatewayApp.UntilAsync(async () =>
        {
            app.Clock.Advance(TimeSpan.FromSeconds(1));
            using var answer = await caller.ChatAsync();
            return answer.IsSuccessStatusCode;
        });
        Assert.Equal(24, await caller.ChargedAsync());
    }
}
