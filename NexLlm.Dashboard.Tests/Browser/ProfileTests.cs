using NexLlm.Dashboard.Tests.TestKit;

namespace NexLlm.Dashboard.Tests.Browser;

/// <summary>What every journey relies on to fail.</summary>
public sealed class ProfileTests(Chromium chromium, NexLlmApp app) : IClassFixture<NexLlmApp>
{
    [BrowserFact]
    public async Task Errors_violations_and_careless_cookies_are_noted_and_nothing_else()
    {
        await using var profile = await Profile.OpenAsync(chromium, app.Address);
        await profile.Page.GotoAsync("account/login");
        Assert.Empty(await profile.FaultsAsync());

        await profile.Page.RunAndWaitForConsoleMessageAsync(
            () => profile.Page.EvaluateAsync("""
                () => {
                  console.error('said');
                  console.error('foreseen');
                  console.warn('warned');
                  document.cookie = 'careless=1';
                  setTimeout(() => { throw new Error('thrown'); });
                  document.head.append(Object.assign(document.createElement('script'), { textContent: 'window.ran = true' }));
                  setTimeout(() => console.log('done'), 1);
                }
                """),
            new() { Predicate = message => message.Text is "done" });
        profile.Foresee("foreseen");

        var faults = await profile.FaultsAsync();
        Assert.Contains("said", faults);
        Assert.Contains(faults, fault => fault.Contains("thrown", StringComparison.Ordinal));
        Assert.Contains("CSP: script-src-elem blocked inline", faults);
        Assert.Contains("Scripts can read the cookie careless", faults);
        Assert.DoesNotContain(faults, fault => fault.Contains("foreseen", StringComparison.Ordinal) || fault.Contains("warned", StringComparison.Ordinal));
        Assert.False(await profile.Page.EvaluateAsync<bool>("'ran' in window"));
    }
}
