using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using NexLlm.Dashboard.Accounts;
using NexLlm.Dashboard.Accounts.LogIn;
using NexLlm.Dashboard.Accounts.Reauthentication;
using NexLlm.Dashboard.Accounts.TwoStep;
using NexLlm.Dashboard.Audit;
using NexLlm.Dashboard.Tests.TestKit;

namespace NexLlm.Dashboard.Tests.Authorization;

/// <summary>What people do to the second factor of their own account.</summary>
internal static class FactorOperations
{
    public static IEnumerable<Operation> All
    {
        get
        {
            yield return Own("TwoStepService.GetAsync", async (scene, actor) => (await scene.App.TwoStep.GetAsync(actor)).IsOn);
            yield return Own("TwoStepService.OfferAsync", async (scene, actor) => (await scene.App.TwoStep.OfferAsync(actor)).Key is not "");
            yield return Own("TwoStepService.TurnOnAsync", async (scene, actor) =>
            {
                await TurnOffAsync(scene, actor);
                // Nobody else's offer is good, and each asks for one of the own: whoever may not even ask is denied here.
                var offer = await scene.App.TwoStep.OfferAsync(actor);
                return await scene.App.TwoStep.TurnOnAsync(actor, offer.Ticket, Authenticator.CodeOf(offer.Key, scene.App.Clock.GetUtcNow())) is TurnOnOutcome.Done;
            });
            yield return Own("TwoStepService.RenewRecoveryCodesAsync", async (scene, actor) => await scene.App.TwoStep.RenewRecoveryCodesAsync(actor) is not null);
            yield return Own("TwoStepService.TurnOffAsync", async (scene, actor) =>
                await scene.App.TwoStep.TurnOffAsync(actor) is TurnOffOutcome.Done && !(await scene.App.TwoStep.GetAsync(actor)).IsOn);
            yield return Own("ReauthenticationService.FindWaysAsync", async (scene, actor) => (await scene.Service<ReauthenticationService>().FindWaysAsync(actor)).ByCode);
            yield return Own("ReauthenticationService.RequireAsync", async (scene, actor) =>
            {
                await scene.Service<ReauthenticationService>().RequireAsync(actor);
                return true;
            });
            yield return new("ReauthenticationService.ConfirmAsync", Answer.Done, Answer.Done, Answer.Done, async (scene, actor) =>
            {
                var authenticator = await ArrangeTwoStepAsync(scene, actor);
                return await scene.Service<ReauthenticationService>().ConfirmAsync(actor, new Proof.OfCode(authenticator.Code)) is ReauthenticationOutcome.Confirmed
                    ? Answer.Done
                    : Answer.Nothing;
            });
        }
    }

    /// <summary>
    /// Turns two-step verification on for whoever asks, past the service, so that nothing is recorded but what is asked for.
    /// </summary>
    public static async Task<Authenticator> ArrangeTwoStepAsync(Scene scene, Actor actor)
    {
        await using var identity = scene.Service<IdentityManagers>().Begin();
        var key = AuthenticatorCodes.NewKey();
        if (await identity.Db.Users.SingleOrDefaultAsync(a => a.Id == actor.AccountId) is { } account)
        {
            identity.Keys.Seal(key);
            account.LastAuthenticatorStep = null;
            account.TwoFactorEnabled = true;
            await identity.KeyStore.SetAuthenticatorKeyAsync(account, key, CancellationToken.None);
            await identity.Db.SaveChangesAsync();
        }

        return new Authenticator(scene.App, key, []);
    }

    public static async Task AddPasskeyAsync(Scene scene, Actor actor)
    {
        await using var db = await scene.App.Contexts.CreateDbContextAsync();
        db.Add(new IdentityUserPasskey<long> { UserId = actor.AccountId!.Value, CredentialId = Guid.NewGuid().ToByteArray(), Data = new IdentityPasskeyData() });
        await db.SaveChangesAsync();
    }

    public static async Task<StampedAccount> StampedAsync(Scene scene)
    {
        await using var db = await scene.App.Contexts.CreateDbContextAsync();
        return StampedAccount.Of(await db.Users.SingleAsync(a => a.Id == scene.Owner.AccountId));
    }

    private static async Task TurnOffAsync(Scene scene, Actor actor)
    {
        await using var db = await scene.App.Contexts.CreateDbContextAsync();
        await db.Users.Where(a => a.Id == actor.AccountId).ExecuteUpdateAsync(set => set.SetProperty(a => a.TwoFactorEnabled, false));
    }

    /// <summary>Everybody has an account of the own that it is done to.</summary>
    private static Operation Own(string method, Func<Scene, Actor, Task<bool>> ask) => new(
        method, Answer.Done, Answer.Done, Answer.Done, async (scene, actor) =>
        {
            await ArrangeTwoStepAsync(scene, actor);
            return await ask(scene, actor) ? Answer.Done : Answer.Nothing;
        });
}
