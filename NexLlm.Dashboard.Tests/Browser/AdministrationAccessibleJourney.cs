using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using NexLlm.Dashboard.Access;
using NexLlm.Dashboard.Accounts.Administration;
using NexLlm.Dashboard.Tests.TestKit;
using static Microsoft.Playwright.Assertions;

namespace NexLlm.Dashboard.Tests.Browser;

/// <summary>The pages of accounts and of the history in every state.</summary>
public sealed class AdministrationAccessibleJourney(Chromium chromium, NexLlmApp app) : Journey(chromium, app), IClassFixture<NexLlmApp>
{
    [BrowserFact]
    public Task Every_page_is_accessible_on_a_wide_screen() => WalkAsync(1440);

    [BrowserFact]
    public Task Every_page_is_accessible_on_the_narrowest_screen() => WalkAsync(320);

    private async Task WalkAsync(int width)
    {
        var root = await AdministratorAsync($"walker-{width}", new() { ViewportSize = new() { Width = width, Height = 900 } });
        var page = root.Page;
        var ada = await ArrangeAsync(await ActorAsync(root), width);
        await page.OpenAsync($"accounts?q={width}");
        await page.LookInLightAndDarkAsync("accounts");
        await page.OpenAsync("accounts?q=production");
        await Expect(page.GetByRole(AriaRole.Table, new() { Name = "Keys matching" })).ToBeVisibleAsync();
        await page.LookInLightAndDarkAsync("accounts-keys-found");
        await page.OpenAsync("accounts?q=nobody-at-all");
        await Expect(page.Heading("No matching accounts or keys")).ToBeVisibleAsync();
        await page.LookInLightAndDarkAsync("accounts-none");
        await page.OpenAsync("accounts");
        await page.Button("Invite someone").ClickAsync();
        await page.Button("Create invitation").ClickAsync();
        await Expect(page.GetByText("Enter an email address.")).ToBeVisibleAsync();
        await page.LookInLightAndDarkAsync("accounts-invite-wrong");
        await page.Field("Email").FillAsync($"invited-with-a-rather-long-address-{width}@example.com");
        await page.Button("Create invitation").ClickAsync();
        await Expect(page.Button("Copy")).ToBeVisibleAsync();
        await page.LookInLightAndDarkAsync("accounts-invited");
        await page.OpenAsync($"accounts/{ada}");
        await Expect(page.GetByRole(AriaRole.Table)).ToBeVisibleAsync();
        await page.LookInLightAndDarkAsync("account-of");
        await page.GetByRole(AriaRole.Radio, new() { Name = "Set limit", Exact = true }).ClickAsync();
        await page.Field("Limit").FillAsync("x");
        await page.Button("Change quota").ClickAsync();
        await Expect(page.Field("Limit")).ToHaveAttributeAsync("aria-invalid", "true");
        await page.Button("Make administrator").ClickAsync();
        await page.LookInLightAndDarkAsync("account-of-confirm");
        await page.OpenAsync("history");
        await Expect(page.GetByRole(AriaRole.Table)).ToBeVisibleAsync();
        await page.LookInLightAndDarkAsync("history");
        await page.OpenAsync($"history?account={ada}&as=subject");
        await Expect(page.GetByRole(AriaRole.Combobox, new() { Name = "Role", Exact = true })).ToBeVisibleAsync();
        await page.LookInLightAndDarkAsync("history-of-an-account");
        await page.OpenAsync("history?what=channels");
        await Expect(page.Heading("No matching events")).ToBeVisibleAsync();
        await page.LookInLightAndDarkAsync("history-none");
        await page.GotoAsync("account");
        await page.LookInLightAndDarkAsync("account-uses");
    }

    /// <summary>Accounts and keys in every state; answers with one of a person who has keys.</summary>
    private async Task<long> ArrangeAsync(Actor root, int width)
    {
        var token = TestContext.Current.CancellationToken;
        var ada = await App.CreateActorAsync($"ada-{width}@example.com", tokenLimit: 10_000_000);
        await App.CreateActorAsync($"spent-{width}@example.com", tokenLimit: 0);
        await App.CreateActorAsync($"unlimited-{width}@example.com", tokenLimit: null);
        var off = await App.CreateActorAsync($"switched-off-and-with-quite-a-long-address-{width}@a-long-domain.example.com");
        await App.Services.GetRequiredService<AccountAccess>().SetEnabledAsync(root, off.AccountId!.Value, enabled: false, token);
        foreach (var name in new[] { "production-app", "dev-testing", "spent" })
        {
            var key = (await App.CreateKeyAsync(ada, name, p => name is "spent" ? p with { TokenLimit = 1_000 } : p)).Key;
            await App.UseKeyAsync(key.Id, name.Length * 1_000);
            var own = (await App.CreateKeyAsync(root, name)).Key;
            await App.SpendAsync(root, own.Id, name.Length * 1_000);
        }

        return ada.AccountId!.Value;
    }
}
