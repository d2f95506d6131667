using Microsoft.EntityFrameworkCore;
using NexLlm.Dashboard.Accounts.BreakGlass;
using NexLlm.Dashboard.Accounts.SingleSignOn;

namespace NexLlm.Dashboard.Tests.Authorization;

/// <summary>What people do about the providers that let them in, and the operator's way past them.</summary>
internal static class SingleSignOnOperations
{
    /// <summary>Of a provider that is not configured any more, which a person may still disconnect.</summary>
    private const string Provider = "gone";

    public static IEnumerable<Operation> All()
    {
        yield return new("ProviderConnections.ListAsync", Answer.Done, Answer.Nothing, Answer.Nothing, async (scene, actor) =>
        {
            await ConnectAsync(scene);
            return Any((await scene.Service<ProviderConnections>().ListAsync(actor)).Any(c => c.Provider == Provider));
        });
        // No provider is configured, so that getting as far as looking for it is the answer.
        yield return new("ProviderConnections.ConnectAsync", Answer.Done, Answer.Done, Answer.Done, async (scene, actor) =>
            Any(await scene.Service<ProviderConnections>().ConnectAsync(actor, new ProviderIdentity(Provider, "x", null, false, false)) is SingleSignOnFailure.Failed));
        yield return new("ProviderConnections.DisconnectAsync", Answer.Done, Answer.Nothing, Answer.Nothing, async (scene, actor) =>
        {
            await ConnectAsync(scene);
            return Any(await scene.Service<ProviderConnections>().DisconnectAsync(actor, Provider) is DisconnectOutcome.Done);
        });
        yield return new("BreakGlassLinks.IssueAsync", Answer.Denied, Answer.Denied, Answer.Denied, async (scene, actor) =>
            Any(await scene.Service<BreakGlassLinks>().IssueAsync(actor, await scene.EmailAsync(), makeAdministrator: true) is BreakGlassOutcome.Issued))
        { Machine = Answer.Done };
    }

    /// <summary>Lets the provider into the owner's account beside a password, past the services; once.</summary>
    public static async Task ConnectAsync(Scene scene)
    {
        await using var db = await scene.App.Contexts.CreateDbContextAsync();
        if (!await db.UserLogins.AnyAsync(l => l.UserId == scene.Owner.AccountId))
        {
            db.UserLogins.Add(new() { LoginProvider = Provider, ProviderKey = Guid.NewGuid().ToString(), ProviderDisplayName = "Gone", UserId = scene.Owner.AccountId!.Value });
            await db.SaveChangesAsync();
            await db.Users.Where(a => a.Id == scene.Owner.AccountId && a.PasswordHash == null).ExecuteUpdateAsync(set => set.SetProperty(a => a.PasswordHash, "a password's hash"));
        }
    }

    private static Answer Any(bool done) => done ? Answer.Done : Answer.Nothing;
}
