using System.Net;
using Microsoft.Extensions.DependencyInjection;
using NexLlm.Dashboard.Access;
using NexLlm.Dashboard.Accounts.History;
using NexLlm.Dashboard.Accounts.LogIn;
using NexLlm.Dashboard.Audit;
using NexLlm.Dashboard.Tests.Accounts;
using NexLlm.Dashboard.Tests.TestKit;

namespace NexLlm.Dashboard.Tests.Audit;

public sealed class RepeatedEventsTests
{
    private static readonly CancellationToken _cancellation = TestContext.Current.CancellationToken;

    [Fact]
    public async Task Failed_log_ins_of_one_address_share_a_row_a_minute_that_counts_them()
    {
        await using var app = new NexLlmApp();
        var owner = await app.SignUpAsync("ada@example.com");
        await FailAsync(app, "ada@example.com", 1, times: 7);
        await FailAsync(app, "ada@example.com", 2, times: 1);
        app.Clock.Advance(TimeSpan.FromMinutes(1));
        await FailAsync(app, "ada@example.com", 1, times: 2);

        var history = await app.Services.GetRequiredService<ChangeHistory>().SearchAsync(
            new Actor(owner.AccountId, owner.Login!.SessionId, null), new AuditQuery([AuditActions.AccountLogInRefused]), _cancellation);

        Assert.Equal(
            [("203.0.113.1", "2"), ("203.0.113.2", ""), ("203.0.113.1", "7")],
            history.Rows.Select(r => (r.Address, r.Changes is [{ Field: RepeatedEvents.Attempts, After: var count }] ? count.ToString() : "")));
        Assert.All(history.Rows, r => Assert.IsType<HistoryActor.Visitor>(r.By));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_flood_from_many_addresses_adds_a_bounded_number_of_rows_and_all_are_counted(bool isKnown)
    {
        await using var app = new NexLlmApp();
        await app.SignUpAsync("ada@example.com");
        for (byte address = 1; address <= 60; address++)
        {
            await FailAsync(app, isKnown ? "ada@example.com" : $"nobody{address}@example.com", address, times: 1);
        }

        var rows = (await app.AuditAsync()).Where(e => e.Action == AuditActions.AccountLogInRefused).ToList();

        Assert.Equal(RepeatedEvents.MaxAddresses + 1, rows.Count);
        Assert.Equal(RepeatedEvents.SeveralAddresses, rows[^1].Address);
        Assert.Equal(60, rows.Sum(r => RecordedChange.Read(r.Changes) is [{ After: var count }] ? count.GetInt32() : 1));
    }

    private static async Task FailAsync(NexLlmApp app, string email, byte address, int times)
    {
        var logins = app.Services.GetRequiredService<LogInService>();
        for (var i = 0; i < times; i++)
        {
            Assert.IsType<LogInOutcome.Refused>(await logins.LogInAsync(
                Actor.Visitor(new IPAddress([203, 0, 113, address])), new LogInRequest(email, "wrong umbrella colours"), _cancellation));
        }
    }
}
