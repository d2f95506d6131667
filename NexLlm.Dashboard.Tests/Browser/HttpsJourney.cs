using NexLlm.Dashboard.Tests.Hosting.Https;
using NexLlm.Dashboard.Tests.TestKit;
using static Microsoft.Playwright.Assertions;

namespace NexLlm.Dashboard.Tests.Browser;

/// <summary>The program as it serves https itself, without a proxy.</summary>
public sealed class HttpsJourney(Chromium chromium, NexLlmApp app) : Journey(chromium, app), IClassFixture<NexLlmApp>
{
    [BrowserFact]
    public async Task Over_https_pages_come_to_life_and_every_cookie_is_secure_and_prefixed()
    {
        using var folder = new TemporaryFolder();
        using var authority = new TestCertificates();
        var pair = authority.Issue();
        await File.WriteAllTextAsync(folder.File("both.pem"), pair.Certificate + pair.Key, TestContext.Current.CancellationToken);
        await using var program = ProgramProcess.Start(
            folder, ["--urls", "https://127.0.0.1:0"], new Dictionary<string, string> { ["Https__Certificate"] = "both.pem" });
        var profile = await VisitorAsync(new() { IgnoreHTTPSErrors = true }, await program.ReadyAsync());
        await profile.SignUpAsync("ada@example.com");
        var page = profile.Page;

        await page.AccountMenu.ClickAsync();
        await page.Button("Dark").ClickAsync();
        await page.OpenAsync("keys");

        await Expect(page.Locator("html")).ToHaveAttributeAsync("data-theme", "dark");
        // The server knows it too, before any script runs.
        var sent = await (await page.ReloadAsync())!.TextAsync();
        Assert.Contains("data-theme=\"dark\"", sent, StringComparison.Ordinal);
        var cookies = await profile.Context.CookiesAsync();
        Assert.Superset(
            new HashSet<string> { "__Host-theme", "__Host-tz", "__Host-nexllm.form", "__Host-nexllm.login" }, cookies.Select(c => c.Name).ToHashSet());
        Assert.All(cookies, c => Assert.True(c.Secure && c.Name.StartsWith("__Host-", StringComparison.Ordinal), c.Name));
        await page.InteractiveAsync();
        await page.GotoAsync("about:blank");
    }
}
