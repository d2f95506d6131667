using System.Globalization;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.DependencyInjection;
using NexLlm.Dashboard.Access;
using NexLlm.Dashboard.Accounts.Identity;
using NexLlm.Dashboard.Accounts.Passkeys;
using NexLlm.Dashboard.Tests.TestKit;

namespace NexLlm.Dashboard.Tests.Authorization;

/// <summary>What people do about passkeys: each about the own ones.</summary>
internal static class PasskeyOperations
{
    public static IEnumerable<Operation> All
    {
        get
        {
            yield return Owners("PasskeyService.ListAsync", async (scene, actor) =>
                (await scene.Service<PasskeyService>().ListAsync(actor)).Any(p => p.Id == scene.PasskeyId));
            yield return new("PasskeyService.BeginAddingAsync", Answer.Done, Answer.Done, Answer.Done, async (scene, actor) =>
                await scene.Browser.AskForNewAsync(actor) is null ? Answer.Nothing : Answer.Done);
            yield return Owners("PasskeyService.AddAsync", async (scene, actor) =>
            {
                // Asked for the owner, whoever hands it in.
                using var browser = new PasskeyBrowser(scene.App);
                return await browser.FinishAddingAsync(actor, await MakeAsync(scene.App, scene.Owner, browser)) is PasskeyOutcome.Done;
            });
            yield return Owners("PasskeyService.RenameAsync", async (scene, actor) =>
                await scene.Service<PasskeyService>().RenameAsync(actor, scene.PasskeyId, "renamed") is PasskeyOutcome.Done);
            yield return Owners("PasskeyService.RemoveAsync", async (scene, actor) =>
                await scene.Service<PasskeyService>().RemoveAsync(actor, scene.PasskeyId) is PasskeyOutcome.Done);
        }
    }

    /// <summary>Past the services, so that nothing is recorded of it.</summary>
    /// <returns>Its id.</returns>
    public static async Task<string> GiveAsync(NexLlmApp app, Actor owner, PasskeyBrowser browser)
    {
        var made = await MakeAsync(app, owner, browser);
        return await browser.RequestAsync(async () =>
        {
            await using var identity = app.Services.GetRequiredService<IdentityManagers>().Begin();
            var passkey = (await identity.SignIn.PerformPasskeyAttestationAsync(made)).Passkey!;
            passkey.Name = "Laptop";
            await identity.Users.AddOrUpdatePasskeyAsync(await identity.AccountAsync(owner.AccountId!.Value), passkey);
            return WebEncoders.Base64UrlEncode(passkey.CredentialId);
        });
    }

    private static Task<string> MakeAsync(NexLlmApp app, Actor owner, PasskeyBrowser browser) => browser.RequestAsync(async () =>
    {
        await using var identity = app.Services.GetRequiredService<IdentityManagers>().Begin();
        var id = owner.AccountId!.Value.ToString(CultureInfo.InvariantCulture);
        return browser.Authenticator.Create(
            await identity.SignIn.MakePasskeyCreationOptionsAsync(new PasskeyUserEntity { Id = id, Name = "owner", DisplayName = "owner" }));
    });

    private static Operation Owners(string method, Func<Scene, Actor, Task<bool>> ask) => new(
        method, Answer.Done, Answer.Nothing, Answer.Nothing, async (scene, actor) => await ask(scene, actor) ? Answer.Done : Answer.Nothing);
}
