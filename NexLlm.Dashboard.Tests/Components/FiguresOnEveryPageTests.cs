using System.Globalization;
using Bunit;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.DependencyInjection;
using NexLlm.Dashboard.Access;
using NexLlm.Dashboard.Components.Keys.Page;
using NexLlm.Dashboard.Components.Layout;
using NexLlm.Dashboard.Components.Logs;
using NexLlm.Dashboard.Components.Overview;
using NexLlm.Dashboard.Components.Usage;
using NexLlm.Dashboard.Keys;
using NexLlm.Dashboard.Tests.Components.Keys;
using NexLlm.Dashboard.Tests.Components.Usage;
using NexLlm.Dashboard.Tests.TestKit;
using NexLlm.Dashboard.Usage;
using NexLlm.Dashboard.Usage.Statistics;

namespace NexLlm.Dashboard.Tests.Components;

/// <summary>Programs call the gateway; then every page that shows what was used is added up and compared with the charges.</summary>
public sealed class FiguresOnEveryPageTests : ListPageTests, IAsyncDisposable
{
    private const long KeyLimit = 5_000;
    private const long AccountLimit = 20_000;

    private readonly Dictionary<long, string> _secrets = [];

    public FiguresOnEveryPageTests()
        : base(new NexLlmApp { Settings = { ["Usage:KeepCharges"] = "01:00:00" } })
    {
    }

    [Fact]
    public async Task Each_equals_the_ledger_and_goes_on_doing_so_when_the_charges_are_pruned()
    {
        var owner = await App.CreateActorAsync(tokenLimit: AccountLimit);
        LogIn(owner, "Asia/Kathmandu");
        var limited = await KeyAsync(owner, "production-app", KeyLimit);
        var unlimited = await KeyAsync(owner, "nightly-batch", limit: null);
        await CallAsync(limited, "nexllm-echo", "nexllm-echo", "nexllm-echo-small", "no-such-model");
        await CallAsync(unlimited, "nexllm-echo", "nexllm-echo-small");
        await App.FlushAsync();
        await App.LogWriter.FlushAsync();
        var charges = (await App.ChargesAsync(limited)).Concat(await App.ChargesAsync(unlimited)).Where(c => c.State is ChargeState.Settled).ToList();
        Assert.Equal(5, charges.Count);

        await CompareAsync(owner, charges, limited);

        // More than the hour that they are kept, and less than the day that the pages show.
        App.Clock.Advance(TimeSpan.FromHours(3));
        await CallAsync(unlimited, "nexllm-echo");
        await App.FlushAsync();
        await App.LogWriter.FlushAsync();
        charges.AddRange((await App.ChargesAsync(unlimited)).Where(c => c.SettledAt > App.Clock.GetUtcNow().AddHours(-1)));
        await App.Services.GetRequiredService<ChargePruning>().PruneAsync(Cancellation);
        Assert.Single((await App.ChargesAsync(limited)).Concat(await App.ChargesAsync(unlimited)));

        await CompareAsync(owner, charges, limited);
        await App.VerifyAsync();
    }

    public new async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        await App.DisposeAsync();
    }

    private async Task CompareAsync(Actor owner, IReadOnlyList<Charge> charges, long keyId)
    {
        var all = Sum(charges);
        var ofKey = Sum(charges.Where(c => c.KeyId == keyId));

        foreach (var grouping in (string[])["", "&by=key"])
        {
            Navigation.NavigateTo($"usage?days=1{grouping}");
            var usage = Render<UsagePage>();
            usage.WaitForState(() => usage.FindAll("details").Count > 0);
            usage.OpenTable();
            Assert.Equal([all.ChargedTokens, all.Requests, all.InputTokens, all.OutputTokens], usage.FindAll(".figures .stat-value").Take(4).Select(dd => Number(dd.GetAttribute("title")!)));
            Assert.Equal(all.ChargedTokens, Numbers(usage, "details tbody td:not(:last-child)").Sum());
            Assert.Equal(all.ChargedTokens, Numbers(usage, "details tbody td:last-child").Sum());
            Assert.Equal(all.ChargedTokens, Numbers(usage, "tfoot td:not(:last-child)").Sum());
            Assert.Equal([all.ChargedTokens, all.ChargedTokens], usage.FindAll(".shares").Select(table => table.QuerySelectorAll("tbody td:nth-child(3) [title]").Sum(e => Number(e.GetAttribute("title")!))));
        }

        var overview = Render<OverviewPage>();
        overview.WaitForState(() => overview.FindAll(".stat-value").Count > 0);
        Assert.Equal([all.Requests, all.ChargedTokens], overview.FindAll(".stat-value").Take(2).Select(dd => Number(dd.GetAttribute("title")!)));
        Assert.Contains($"{all.InputTokens} input · {all.OutputTokens} output", overview.Markup, StringComparison.Ordinal);

        Navigation.NavigateTo($"keys/{keyId}/usage?days=1");
        var key = Render<KeyOverview>(p => p.Add(k => k.Id, keyId).Add(k => k.Tab, "usage"));
        key.WaitForState(() => key.FindAll("details").Count > 0);
        key.OpenTable();
        Assert.Equal(ofKey.ChargedTokens, Numbers(key, "details tbody td:last-child").Sum());
        Assert.Contains($"{ofKey.ChargedTokens:N0} tokens used, {KeyLimit - ofKey.ChargedTokens:N0} left.", Render<KeyOverview>(p => p.Add(k => k.Id, keyId)).WaitForElement("section[aria-labelledby=quota]").TextContent, StringComparison.Ordinal);

        var list = await App.Keys.ListAsync(owner, new KeyQuery(), Cancellation);
        Assert.Equal(all.ChargedTokens, list.Keys.Sum(k => k.Quota.Used));
        Assert.Equal(ofKey.ChargedTokens, list.Keys.Single(k => k.Id == keyId).Quota.Used);

        var glance = Render<AccountMenu>();
        glance.WaitForAssertion(() => Assert.Contains($"{all.ChargedTokens} of 20K tokens used", glance.Markup, StringComparison.Ordinal));

        Navigation.NavigateTo("logs?status=answered");
        var log = Render<LogsPage>();
        log.WaitForState(() => log.FindAll("tbody tr").Count > 0);
        Assert.Equal(all.Requests, log.FindAll("tbody tr").Count);
        Assert.Equal(all.ChargedTokens, Numbers(log, "td.charged").Sum());
    }

    private async Task<long> KeyAsync(Actor owner, string name, long? limit)
    {
        var created = await App.CreateKeyAsync(owner, name, policy => policy with { TokenLimit = limit });
        _secrets[created.Key.Id] = created.Secret.Reveal();
        return created.Key.Id;
    }

    private async Task CallAsync(long keyId, params IEnumerable<string> models)
    {
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = App.Address };
        http.DefaultRequestHeaders.Authorization = new("Bearer", _secrets[keyId]);
        foreach (var model in models)
        {
            using var body = new StringContent(Caller.ChatBody(model, "What was used shows everywhere."), System.Text.Encoding.UTF8, "application/json");
            using var answer = await http.PostAsync("/v1/chat/completions", body, Cancellation);
            await answer.Content.ReadAsStringAsync(Cancellation);
        }
    }

    private static UsageFigures Sum(IEnumerable<Charge> charges) =>
        charges.Aggregate(default(UsageFigures), (sum, c) => sum + new UsageFigures(1, c.InputTokens, c.OutputTokens, c.ChargedTokens));

    private static IEnumerable<long> Numbers(IRenderedComponent<IComponent> page, string cells) => page.FindAll(cells).Select(cell => Number(cell.TextContent));

    private static long Number(string text) => long.Parse(text.Trim(), NumberStyles.AllowThousands, CultureInfo.InvariantCulture);
}
