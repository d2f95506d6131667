using Microsoft.EntityFrameworkCore;
using NexLlm.Dashboard.Access;
using NexLlm.Dashboard.Accounts;
using NexLlm.Dashboard.Accounts.Administration;
using NexLlm.Dashboard.Accounts.History;
using NexLlm.Dashboard.Accounts.Invitations;
using NexLlm.Dashboard.Accounts.Recovery;
using NexLlm.Dashboard.Audit;
using NexLlm.Dashboard.Keys;

namespace NexLlm.Dashboard.Tests.Authorization;

/// <summary>What administrators do to other people's accounts and keys, and everybody's history.</summary>
internal static class AdministrationOperations
{
    public static IEnumerable<Operation> All
    {
        get
        {
            yield return Administrators("AccountList.ListAsync", async (scene, actor) =>
                (await scene.Service<AccountList>().ListAsync(actor, new AccountQuery(await scene.EmailAsync()))).Rows is [var only] && only.Id == scene.Owner.AccountId);
            yield return Administrators("AccountList.CountAsync", async (scene, actor) =>
                (await scene.Service<AccountList>().CountAsync(actor, await scene.EmailAsync()))[AccountFilter.All] == 1);
            yield return Administrators("AccountList.FindAsync", async (scene, actor) =>
                (await scene.Service<AccountList>().FindAsync(actor, scene.OwnerId))?.Id == scene.OwnerId);
            yield return Administrators("AccountQuotas.GrantAsync", async (scene, actor) =>
                await scene.Service<AccountQuotas>().GrantAsync(actor, await scene.EmailAsync(), 1) is QuotaOutcome.Changed)
                with
            { Machine = Answer.Done };
            yield return Administrators("AccountQuotas.ChangeAsync", async (scene, actor) =>
                await scene.Service<AccountQuotas>().ChangeAsync(actor, scene.OwnerId, new AccountQuotaChange.Unlimited()) is QuotaOutcome.Changed)
                with
            { Machine = Answer.Done };
            yield return Administrators("AccountAccess.SetEnabledAsync", async (scene, actor) =>
                await scene.Service<AccountAccess>().SetEnabledAsync(actor, scene.OwnerId, enabled: false) is AccessOutcome.Done && await scene.IsEndedAsync(scene.Owner));
            yield return Administrators("AccountAccess.SetAdministratorAsync", async (scene, actor) =>
                await scene.Service<AccountAccess>().SetAdministratorAsync(actor, scene.OwnerId, administrator: true) is AccessOutcome.Done);
            yield return Administrators("AccountAccess.SignOutAsync", async (scene, actor) =>
                await scene.Service<AccountAccess>().SignOutAsync(actor, scene.OwnerId) is AccessOutcome.Done && await scene.IsEndedAsync(scene.Owner));
            yield return Administrators("AccountFactors.ResetAsync", async (scene, actor) =>
            {
                await FactorOperations.ArrangePasskeyAsync(scene);
                return await scene.Service<AccountFactors>().ResetAsync(actor, await scene.EmailAsync()) is FactorResetOutcome.Done && await scene.IsEndedAsync(scene.Owner);
            })
                with
            { Machine = Answer.Done, Arrange = FactorOperations.ArrangePasskeyAsync };
            yield return Administrators("PasswordResets.IssueAsync", async (scene, actor) =>
                await scene.Service<PasswordResets>().IssueAsync(actor, scene.OwnerId) is not null);
            yield return Administrators("PasswordResets.WithdrawAsync", async (scene, actor) =>
            {
                await LinksAsync(scene);
                return await scene.Service<PasswordResets>().WithdrawAsync(actor, scene.OwnerId);
            });
            yield return Administrators("InvitationService.InviteAsync", async (scene, actor) =>
                await scene.Service<InvitationService>().InviteAsync(actor, $"{Guid.NewGuid():N}@example.com", 1) is InviteOutcome.Invited);
            yield return Administrators("InvitationService.ListAsync", async (scene, actor) =>
            {
                var id = await LinksAsync(scene);
                return (await scene.Service<InvitationService>().ListAsync(actor)).Any(i => i.Id == id);
            });
            yield return Administrators("InvitationService.WithdrawAsync", async (scene, actor) =>
                await scene.Service<InvitationService>().WithdrawAsync(actor, await LinksAsync(scene)));
            yield return Administrators("KeyAdministration.ListAsync", async (scene, actor) =>
                (await scene.Service<KeyAdministration>().ListAsync(actor, scene.OwnerId, new KeyQuery())).Keys is [var only] && only.Id == scene.Live.Key.Id);
            yield return Administrators("KeyAdministration.FindAsync", async (scene, actor) =>
                (await scene.Service<KeyAdministration>().FindAsync(actor, "LIV", 1_000)).Any(found => found.Key.Id == scene.Live.Key.Id));
            yield return Administrators("KeyAdministration.CountAsync", async (scene, actor) =>
                (await scene.Service<KeyAdministration>().CountAsync(actor, [scene.OwnerId]))[scene.OwnerId] == 1);
            yield return new("ChangeHistory.SearchAsync", Answer.Done, Answer.Nothing, Answer.Done, async (scene, actor) =>
                (await scene.Service<ChangeHistory>().SearchAsync(actor, new AuditQuery(KeyId: scene.Live.Key.Id))).Rows is [] ? Answer.Nothing : Answer.Done);
        }
    }

    private static Operation Administrators(string method, Func<Scene, Actor, Task<bool>> ask) => new(
        method, Answer.Denied, Answer.Denied, Answer.Done, async (scene, actor) => await ask(scene, actor) ? Answer.Done : Answer.Nothing);

    extension(Scene scene)
    {
        private long OwnerId => scene.Owner.AccountId!.Value;

        public async Task<string> EmailAsync()
        {
            await using var db = await scene.App.Contexts.CreateDbContextAsync();
            return await db.Users.Where(a => a.Id == scene.Owner.AccountId).Select(a => a.Email!).SingleAsync();
        }
    }

    /// <summary>The token of the links that <see cref="LinksAsync"/> makes.</summary>
    public static string Token(Scene scene) => $"token of {scene.OwnerId}";

    /// <summary>
    /// An invitation, and a link by which the owner sets a new password, once for each scene; and past the services, so that nothing is
    /// recorded but what is asked for.
    /// </summary>
    /// <returns>The invitation.</returns>
    public static async Task<long> LinksAsync(Scene scene)
    {
        await using var db = await scene.App.Contexts.CreateDbContextAsync();
        var (email, hash, until) = ($"invited-by-{scene.OwnerId}@example.com", OneTimeToken.Hash(Token(scene)), scene.App.Clock.GetUtcNow().AddDays(1));
        if (await db.Set<Invitation>().SingleOrDefaultAsync(i => i.Email == email) is { } earlier)
        {
            return earlier.Id;
        }

        var invitation = db.Add(new Invitation { Email = email, NormalizedEmail = EmailAddress.Key(email), TokenHash = hash, ExpiresAt = until }).Entity;
        db.Add(new PasswordReset { AccountId = scene.OwnerId, TokenHash = hash, ExpiresAt = until });
        await db.SaveChangesAsync();
        return invitation.Id;
    }
}
