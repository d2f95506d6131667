using Bunit;
using NexLlm.Dashboard.Access;
using NexLlm.Dashboard.Components.Keys.Wizard;
using NexLlm.Dashboard.Keys;
using NexLlm.Dashboard.Tests.TestKit;

namespace NexLlm.Dashboard.Tests.Components.Keys.Wizard;

/// <summary>The wizard opened by a person of one's own.</summary>
public abstract class WizardTests(NexLlmApp app) : KeyPageTests(app)
{
    protected const string Step4 = "Name your key";
    protected const string Step5 = "Configure optional settings";
    protected const string Step6 = "Save the key";
    protected const string Step7 = "Copy and store your key";

    protected async Task<(IRenderedComponent<KeyWizard> Page, Actor Me)> OpenAsync(
        long? from = null, Actor? me = null, string zone = "UTC", long? accountLimit = 1_000_000, string? step = null, string? model = null)
    {
        me ??= await App.CreateActorAsync(tokenLimit: accountLimit);
        LogIn(me, zone);
        _ = Popovers;
        var page = Render<KeyWizard>(p => p.Add(w => w.From, from).Add(w => w.Model, model).Add(w => w.Step, step));
        page.WaitForState(() => page.FindAll("fieldset[disabled]").Count == 0);
        return (page, me);
    }

    /// <summary>The wizard with a name in it and step 5 open.</summary>
    protected async Task<(IRenderedComponent<KeyWizard> Page, Actor Me)> OpenSettingsAsync(string name = "app", string zone = "UTC", long? accountLimit = 1_000_000)
    {
        var (page, me) = await OpenAsync(zone: zone, accountLimit: accountLimit);
        await page.TypeAsync("Name", name);
        await page.SubmitAsync();
        Assert.Equal(Step5, page.Heading());
        return (page, me);
    }

    /// <summary>A key saved with the defaults; step 7 is open.</summary>
    protected async Task<(IRenderedComponent<KeyWizard> Page, Actor Me)> OpenRevealAsync()
    {
        var (page, me) = await OpenSettingsAsync();
        await page.SubmitAsync();
        await page.SubmitAsync();
        Assert.Equal(Step7, page.Heading());
        return (page, me);
    }

    protected async Task<IReadOnlyList<KeyDetails>> KeysOfAsync(Actor me) => (await App.Keys.ListAsync(me, new KeyQuery(), Cancellation)).Keys;
}
