using System.CommandLine;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using NexLlm.Dashboard.Demo;
using NexLlm.Dashboard.Keys;
using NexLlm.Dashboard.Tests.TestKit;
using NexLlm.Dashboard.Usage;

namespace NexLlm.Dashboard.Tests.Usage;

public sealed class VerificationTests(NexLlmApp app) : IClassFixture<NexLlmApp>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>Each breaks one thing, which the second statement repairs.</summary>
    public static TheoryData<string, string, string> Plants => new()
    {
        { "UPDATE ApiKeys SET UsedTokens = UsedTokens + 1", "UPDATE ApiKeys SET UsedTokens = UsedTokens - 1", "its quarter-hour rollups" },
        { "UPDATE Accounts SET UsedTokens = UsedTokens + 1", "UPDATE Accounts SET UsedTokens = UsedTokens - 1", "charged tokens, its keys" },
        { "UPDATE UsageQuarters SET Requests = Requests + 1", "UPDATE UsageQuarters SET Requests = Requests - 1", "+1 requests" },
        { "UPDATE UsageQuarters SET CountedRequests = CountedRequests + 1", "UPDATE UsageQuarters SET CountedRequests = CountedRequests - 1", "differs from its charges" },
        { "UPDATE UsageQuarters SET Model = Model || '-other'", "UPDATE UsageQuarters SET Model = substr(Model, 1, length(Model) - 6)", "differs from its charges" },
        { "UPDATE ModelUsage SET Requests = Requests + 1 WHERE Period = 15", "UPDATE ModelUsage SET Requests = Requests - 1 WHERE Period = 15", "Account " },
        { "UPDATE ModelUsage SET ChargedTokens = ChargedTokens + 1 WHERE AccountId = 0 AND Period = 60", "UPDATE ModelUsage SET ChargedTokens = ChargedTokens - 1 WHERE AccountId = 0 AND Period = 60", "All accounts, 60 minutes" },
        { "UPDATE ModelUsage SET InputTokens = InputTokens + 1", "UPDATE ModelUsage SET InputTokens = InputTokens - 1", "differs from its quarter-hour rollups" },
        { "UPDATE KeyUsage SET OutputTokens = OutputTokens + 1 WHERE Period = 1440", "UPDATE KeyUsage SET OutputTokens = OutputTokens - 1 WHERE Period = 1440", ", 1440 minutes from" },
        { "UPDATE KeyUsage SET Requests = Requests - 1 WHERE Period = 60", "UPDATE KeyUsage SET Requests = Requests + 1 WHERE Period = 60", "differs from its quarter-hour rollups by 0 charged tokens and -1 requests" },
        { "UPDATE Charges SET InputTokens = InputTokens + 1", "UPDATE Charges SET InputTokens = InputTokens - 1", "is inconsistent" },
        { "UPDATE Charges SET ChargedTokens = ChargedTokens - 1", "UPDATE Charges SET ChargedTokens = ChargedTokens + 1", "is inconsistent" },
        { "UPDATE Charges SET ReservedTokens = 1", "UPDATE Charges SET ReservedTokens = 0", "is inconsistent" },
        { "UPDATE Charges SET State = 0", "UPDATE Charges SET State = 1", "is inconsistent" },
        { "CREATE TABLE Aside AS SELECT * FROM Charges; DELETE FROM Charges", "INSERT INTO Charges SELECT * FROM Aside; DROP TABLE Aside", "+1 requests" },
    };

    [Theory]
    [MemberData(nameof(Plants))]
    public async Task Drift_of_every_kind_is_found(string plant, string repair, string expected)
    {
        await ChargeOnceAsync();
        await ExecuteAsync(plant);

        var drift = await FindAsync();
        await ExecuteAsync(repair);

        Assert.NotEmpty(drift);
        Assert.Contains(drift, sentence => sentence.Contains(expected, StringComparison.Ordinal));
        Assert.Empty(await FindAsync());
    }

    [Fact]
    public async Task The_command_says_what_it_finds_and_exits_accordingly()
    {
        await ChargeOnceAsync();
        var command = app.Services.GetServices<Command>().Single(c => c.Name == "verify");

        Assert.Equal(0, await command.Parse([]).InvokeAsync(cancellationToken: Cancellation));
        await ExecuteAsync("UPDATE Accounts SET UsedTokens = UsedTokens + 1");
        Assert.Equal(1, await command.Parse([]).InvokeAsync(cancellationToken: Cancellation));
        await ExecuteAsync("UPDATE Accounts SET UsedTokens = UsedTokens - 1");
    }

    [Fact]
    public async Task Beside_requests_in_flight_there_is_no_drift()
    {
        var key = await KeyAsync();
        var load = Task.Run(async () =>
        {
            for (var i = 0; i < Scale.Of(300, 5_000); i++)
            {
                var ticket = app.Reserve(key, 3, 3);
                if (i % 2 == 0)
                {
                    await ticket.DurableAsync();
                }

                await ticket.SettleAsync(2, 2);
                app.Clock.Advance(TimeSpan.FromMilliseconds(100));
            }
        }, Cancellation);

        while (!load.IsCompleted)
        {
            Assert.Empty(await FindAsync());
        }

        await load;
        await app.VerifyAsync();
    }

    [Fact]
    public async Task Demo_data_is_in_order_and_what_it_charged_counts_at_once()
    {
        var key = await app.LiveAsync(await app.CreateKeyAsync(await app.CreateActorAsync(tokenLimit: null), "production"));
        await app.Services.GetRequiredService<DemoData>().FillAsync(key.Account.Id, 200, seed: 3, cancellation: Cancellation);
        await app.Reserve(key, 5, 5).SettleAsync(3, 3);
        await app.VerifyAsync();

        await using var db = await app.Contexts.CreateDbContextAsync(Cancellation);
        Assert.Equal(key.Account.Spending.Used, await db.Users.Where(a => a.Id == key.Account.Id).Select(a => a.UsedTokens).SingleAsync(Cancellation));
        var invented = await db.Set<ApiKey>().Where(k => k.OwnerId == key.Account.Id && k.Id != key.Id).Select(k => k.SecretHash).FirstAsync(Cancellation);
        Assert.NotNull(await app.Directory.FindAsync(KeyHash.Of(invented), Cancellation));
    }

    private async Task ChargeOnceAsync()
    {
        await app.Reserve(await KeyAsync(), 10, 10).SettleAsync(3, 4);
        await app.VerifyAsync();
    }

    private async Task<LiveKey> KeyAsync() => await app.LiveAsync(await app.CreateKeyAsync(await app.CreateActorAsync(), "production"));

    private Task<IReadOnlyList<string>> FindAsync() => app.Services.GetRequiredService<LedgerVerification>().FindDriftAsync(Cancellation);

    private async Task ExecuteAsync(string sql)
    {
        await using var db = await app.Contexts.CreateDbContextAsync(Cancellation);
        await using var transaction = await db.BeginWriteAsync(Cancellation);
        await db.Database.ExecuteSqlRawAsync(sql, Cancellation);
        await transaction.CommitAsync(Cancellation);
    }
}
