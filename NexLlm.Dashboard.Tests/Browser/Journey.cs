using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using NexLlm.Dashboard.Access;
using NexLlm.Dashboard.Accounts.Administration;
using NexLlm.Dashboard.Tests.Accounts;
using NexLlm.Dashboard.Tests.TestKit;

namespace NexLlm.Dashboard.Tests.Browser;

/// <summary>
/// What people do with the real application in a real browser. Whatever the journey looks at, it fails if anything went
/// wrong behind the screen on the way; a failed one leaves a picture of its tabs.
/// </summary>
public abstract class Journey(Chromium chromium, NexLlmApp app) : IAsyncDisposable
{
    protected const string Password = Profile.UsualPassword;

    private readonly List<Profile> _profiles = [];

    protected NexLlmApp App => app;

    /// <summary>A browser of somebody who was never here.</summary>
    protected async Task<Profile> VisitorAsync(BrowserNewContextOptions? options = null, Uri? address = null)
    {
        var profile = await Profile.OpenAsync(chromium, address ?? app.Address, options);
        _profiles.Add(profile);
        return profile;
    }

    /// <summary>Somebody who just signed up and stands before the empty list.</summary>
    protected async Task<Profile> SignUpAsync(string name, BrowserNewContextOptions? options = null)
    {
        var profile = await VisitorAsync(options);
        await profile.SignUpAsync($"{name}@example.com");
        return profile;
    }

    /// <summary>Somebody who just signed up and was made an administrator.</summary>
    protected async Task<Profile> AdministratorAsync(string name, BrowserNewContextOptions? options = null)
    {
        var root = await SignUpAsync(name, options);
        var maker = await App.CreateActorAsync(administrator: true);
        var outcome = await App.Services.GetRequiredService<AccountAccess>().SetAdministratorAsync(
            maker, (await ActorAsync(root)).AccountId!.Value, administrator: true, TestContext.Current.CancellationToken);
        Assert.Equal(AccessOutcome.Done, outcome);
        return root;
    }

    /// <summary>Acts for this person beside the browser, to arrange what a journey finds.</summary>
    protected Task<Actor> ActorAsync(Profile person) => app.ActorOfAsync(person.Email);

    /// <summary>An administrator gives this person's account quota; a new one has none.</summary>
    protected Task GrantAsync(Profile person, long tokens, NexLlmApp? elsewhere = null) => (elsewhere ?? app).GrantAsync(person.Email, tokens);

    public async ValueTask DisposeAsync()
    {
        List<string> faults = [];
        foreach (var profile in _profiles)
        {
            await PictureFailureAsync(profile);
            faults.AddRange(await profile.FaultsAsync());
            await profile.DisposeAsync();
        }

        GC.SuppressFinalize(this);
        Assert.True(faults is [], string.Join('\n', faults));
    }

    private static async Task PictureFailureAsync(Profile profile)
    {
        if (TestContext.Current.TestState?.Result is not TestResult.Failed)
        {
            return;
        }

        foreach (var page in profile.Context.Pages)
        {
            await page.LookAsync($"failed-{TestContext.Current.TestMethod?.MethodName}-{Guid.NewGuid():N}");
        }
    }
}
