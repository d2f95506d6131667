using System.Net;
using Microsoft.EntityFrameworkCore;
using NexLlm.Dashboard.Tests.TestKit;
using NexLlm.Dashboard.Usage;

namespace NexLlm.Dashboard.Tests.Usage;

/// <summary>What cannot be recorded is not sent, whenever the disk fills.</summary>
[SqliteOnly("PostgreSQL knows its own disk.")]
public sealed class FullDiskTests
{
    private static readonly CancellationToken _cancellation = TestContext.Current.CancellationToken;

    [Fact]
    public async Task While_the_disk_fills_under_load_no_request_goes_upstream_without_a_charge()
    {
        using var disk = BrokenStorage.SmallDisk();
        await using var app = await GatewayApp.StartAsync(disk);
        var caller = await app.CreateCallerAsync();
        // Each is charged a moment before the disk is full, which once was proof enough for the next.
        var refusals = 0;
        for (var round = 0; round < 20; round++)
        {
            using (await caller.ChatAsync())
            {
            }

            using (BrokenStorage.Fill(disk))
            {
                using var answer = await caller.ChatAsync();
                refusals += answer.StatusCode is HttpStatusCode.ServiceUnavailable ? 1 : 0;
            }

            await app.FlushAsync();
        }

        Assert.NotEqual(0, refusals);
        await using var db = await app.Contexts.CreateDbContextAsync(_cancellation);
        Assert.Equal(app.Upstream.Received.Count, await db.Set<Charge>().CountAsync(_cancellation));
        await app.VerifyAsync();
    }
}
