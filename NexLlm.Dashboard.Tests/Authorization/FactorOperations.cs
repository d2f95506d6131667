using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using NexLlm.Dashboard.Access;
using NexLlm.Dashboard.Accounts.Identity;
using NexLlm.Dashboard.Accounts.Reauthentication;
using NexLlm.Dashboard.Accounts.TwoStep;
using NexLlm.Dashboard.Tests.TestKit;
using OtpNet;

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
            yield return new("TwoStepService.TurnOnAsync", Answer.Done, Answer.Done, Answer.Done, async (scene, actor) =>
            {
                // Nobody else's offer is good, and each asks for one of the own: whoever may not even ask is denied here.
                var offer = await scene.App.TwoStep.OfferAsync(actor);
                return await scene.App.TwoStep.TurnOnAsync(actor, offer.Ticket, Authenticator.CodeOf(offer.Key, scene.App.Clock.GetUtcNow())) is TurnOnOutcome.Done
                    ? Answer.Done
                    : Answer.Nothing;
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
            yield return Own("ReauthenticationService.ConfirmAsync", async (scene, actor) => await scene.Service<ReauthenticationService>()
                .ConfirmAsync(actor, new Proof.OfCode((await ArrangeTwoStepAsync(scene, actor)).Code)) is ReauthenticationOutcome.Confirmed);
        }
    }

    /// <summary>
    /// Turns two-step verification on for whoever asks, once for each account; and past the service, so that nothing is recorded but what is
    /// asked for.
    /// </summary>
    public static async Task<Authenticator> ArrangeTwoStepAsync(Scene scene, Actor actor)
    {
        var key = Base32Encoding.ToString(SHA256.HashData(Encoding.UTF8.GetBytes($"{actor.AccountId}")));
        await using var identity = scene.Service<IdentityManagers>().Begin();
        if (await identity.Db.Users.SingleOrDefaultAsync(a => a.Id == actor.AccountId) is { TwoFactorEnabled: false } account)
        {
            identity.Keys.Seal(key);
            account.TwoFactorEnabled = true;
            await identity.KeyStore.SetAuthenticatorKeyAsync(account, key, CancellationToken.None);
            await identity.Db.SaveChangesAsync();
        }

        return new Authenticator(scene.App, key, []);
    }

    /// <summary>Gives the owner a passkey, in the same way.</summary>
    public static async Task ArrangePasskeyAsync(Scene scene)
    {
        await using var db = await scene.App.Contexts.CreateDbContextAsync();
        if (!await db.UserPasskeys.AnyAsync(p => p.UserId == scene.Owner.AccountId))
        {
            db.Add(new IdentityUserPasskey<long> { UserId = scene.Owner.AccountId!.Value, CredentialId = Guid.NewGuid().ToByteArray(), Data = new() });
            await db.SaveChangesAsync();
        }
    }

    public static async Task<StampedAccount> StampedAsync(Scene scene)
    {
        await using var db = await scene.App.Contexts.CreateDbContextAsync();
        return StampedAccount.Of(await db.Users.SingleAsync(a => a.Id == scene.Owner.AccountId));
    }

    /// <summary>Everybody has an account of the own that it is done to.</summary>
    private static Operation Own(string method, Func<Scene, Actor, Task<bool>> ask) => new(
        method, Answer.Done, Answer.Done, Answer.Done, async (scene, actor) =>
        {
            await ArrangeTwoStepAsync(scene, actor);
            return await ask(scene, actor) ? Answer.Done : Answer.Nothing;
        })
    { Arrange = scene => ArrangeTwoStepAsync(scene, scene.Owner) };
}
