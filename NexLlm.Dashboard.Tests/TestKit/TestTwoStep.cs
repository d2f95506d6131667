using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using NexLlm.Dashboard.Access;
using NexLlm.Dashboard.Accounts.TwoStep;
using OtpNet;

namespace NexLlm.Dashboard.Tests.TestKit;

/// <summary>An authenticator app that has somebody's key, and the recovery codes on paper.</summary>
public sealed record Authenticator(NexLlmApp App, string Key, IReadOnlyList<string> RecoveryCodes)
{
    /// <summary>What it shows now, by the test's clock.</summary>
    public string Code => CodeOf(Key, App.Clock.GetUtcNow());

    /// <summary>What it shows next, which nobody has used.</summary>
    public string NextCode()
    {
        App.Clock.Advance(TimeSpan.FromSeconds(30));
        return Code;
    }

    /// <summary>By RFC 6238, from the key as a page shows it.</summary>
    public static string CodeOf(string key, DateTimeOffset at) =>
        new Totp(Base32Encoding.ToBytes(key.Replace(" ", "", StringComparison.Ordinal))).ComputeTotp(at.UtcDateTime);
}

public static class TestTwoStep
{
    extension(NexLlmApp app)
    {
        public TwoStepService TwoStep => app.Services.GetRequiredService<TwoStepService>();

        /// <summary>Turns two-step verification on, as the person does.</summary>
        public async Task<Authenticator> TurnOnTwoStepAsync(Actor actor)
        {
            await app.AuthenticateAnewAsync(actor);
            var offer = await app.TwoStep.OfferAsync(actor);
            var outcome = await app.TwoStep.TurnOnAsync(actor, offer.Ticket, Authenticator.CodeOf(offer.Key, app.Clock.GetUtcNow()));
            return outcome is TurnOnOutcome.Done(var codes)
                ? new Authenticator(app, offer.Key, codes)
                : throw new InvalidOperationException($"Not turned on: {outcome}");
        }

        /// <summary>Makes it so that the person proved just now who they are, past the confirmation.</summary>
        public async Task AuthenticateAnewAsync(Actor actor)
        {
            await using var db = await app.Contexts.CreateDbContextAsync();
            (await db.Set<LoginSession>().SingleAsync(s => s.Id == actor.SessionId)).AuthenticatedAt = app.Clock.GetUtcNow();
            await db.SaveChangesAsync();
        }
    }
}
