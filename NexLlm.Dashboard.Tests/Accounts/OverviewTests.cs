using System.Text.RegularExpressions;
using NexLlm.Dashboard.Tests.TestKit;

namespace NexLlm.Dashboard.Tests.Accounts;

public sealed partial class OverviewTests
{
    [Fact]
    public async Task The_account_page_says_what_uses_the_quota_the_most_first_and_deleted_keys_together()
    {
        await using var app = await GatewayApp.StartAsync();
        using var ada = new AccountVisitor(app);
        var signedUp = await ada.SignUpAsync("ada@example.com");
        Assert.NotNull(AccountVisitor.Target(signedUp));
        Assert.DoesNotContain("Top keys", await ada.ReadAsync("/account"), StringComparison.Ordinal);
        var owner = await app.ActorOfAsync("ada@example.com");
        await app.GrantAsync("ada@example.com", 1_000_000);
        var used = new Dictionary<string, long>();
        for (var n = 1; n <= 7; n++)
        {
            using var caller = await app.CreateCallerAsync(owner: owner);
            for (var request = 0; request < n; request++)
            {
                using var answer = await caller.ChatAsync();
                await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
            }

            await GatewayApp.UntilAsync(async () => (await caller.ChargesAsync()).Count(c => c.State is NexLlm.Dashboard.Usage.ChargeState.Settled) == n);
            used[(await app.Keys.FindAsync(owner, caller.KeyId, TestContext.Current.CancellationToken))!.Name] = await caller.ChargedAsync();
            if (n == 7)
            {
                await app.Keys.DeleteAsync(owner, [caller.KeyId], TestContext.Current.CancellationToken);
            }
        }

        await app.VerifyAsync();
        var shown = Uses().Matches(await ada.ReadAsync("/account")).Select(m => (m.Groups[1].Value, long.Parse(m.Groups[2].Value.Replace(",", "", StringComparison.Ordinal), System.Globalization.CultureInfo.InvariantCulture))).ToList();

        var live = used.Take(6).OrderByDescending(u => u.Value).Take(5).Select(u => (u.Key, u.Value)).ToList();
        Assert.Equal([.. live, ("Other keys (including deleted)", used.Values.Sum() - live.Sum(u => u.Value))], shown);
    }

    [GeneratedRegex(@"<li[^>]*>\s*<(?:a|span)[^>]*>([^<]*)</(?:a|span)>\s*<span class=""tabular"">([\d,]+) tokens</span>")]
    private static partial Regex Uses();
}
