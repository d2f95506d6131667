using System.Net;
using Microsoft.EntityFrameworkCore;
using NexLlm.Dashboard.Access;
using NexLlm.Dashboard.Channels;
using NexLlm.Dashboard.Channels.Routing;
using NexLlm.Dashboard.Data;
using NexLlm.Dashboard.Keys;
using NexLlm.Dashboard.Keys.Policy;

namespace NexLlm.Dashboard.Usage;

/// <summary>A hypothetical request, to check whether it would be allowed.</summary>
/// <param name="Model">The model ID as a client would send it.</param>
/// <param name="Address">The client's IP address; null if unknown.</param>
/// <param name="Tokens">The maximum tokens of prompt and output, before the group's ratio.</param>
/// <param name="At">The time of the request; quotas and switches are always current.</param>
/// <param name="Api">The endpoint.</param>
public sealed record ImaginedRequest(
    string Model, IPAddress? Address, long Tokens, DateTimeOffset At, UpstreamApi Api = UpstreamApi.ChatCompletions);

/// <summary>Why a request would be allowed or rejected.</summary>
/// <param name="Checks">All checks, in the gateway's order.</param>
/// <param name="Blocker">The first failed check; null if the request would be allowed.</param>
/// <param name="Error">The gateway's error; null if the request would be allowed.</param>
/// <param name="ChargedTokens">The tokens that would be reserved, at the group's ratio.</param>
/// <param name="ToAdministrator">Whether the actor may change administrators' settings.</param>
public sealed record Explanation(
    IReadOnlyList<CheckResult> Checks, CheckResult? Blocker, GatewayError? Error, long ChargedTokens, bool ToAdministrator);

/// <summary>
/// Runs every policy check on a hypothetical request, using the same key, account and channels as the gateway. Nothing is
/// reserved or sent.
/// </summary>
public sealed class RequestExplainer(
    IDbContextFactory<NexLlmDbContext> contexts, KeyDirectory keys, GroupSnapshots groups, ChannelDirectory channels, UsageLedger ledger,
    ConcurrencySettings limits, TimeProvider clock)
{
    /// <returns>Null if the actor can see no live key with this id.</returns>
    /// <exception cref="AccessDeniedException">The actor's session has ended.</exception>
    public async Task<Explanation?> ExplainAsync(Actor actor, long keyId, ImaginedRequest request, CancellationToken cancellation = default)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellation);
        var acting = await db.RequireAsync(actor, clock.GetUtcNow(), cancellation);
        if (await FindAsync(db, acting, keyId, cancellation) is not { } key)
        {
            return null;
        }

        var caller = key.Calling(request.Address, request.At);
        var policy = caller.Key.Policy;
        var group = channels.Current.Group(policy.GroupId);
        var isFree = request.Api is UpstreamApi.CountTokens;
        var charged = isFree ? 0 : Price.Of(request.Tokens, 0, group?.RatioMillionths ?? ChannelGroup.RatioOne);
        var routes = group?.Find(request.Model);
        var quota = isFree ? ledger.QuotaOf(key).WithoutReservations : ledger.QuotaOf(key);
        var checks = AccessPolicy.Explain(new PolicyFacts(
            caller,
            limits.Facts(key.Running, key.Account.Running),
            new ModelFacts(policy, groups.Of(policy.GroupId), request.Model, routes?.Serves(request.Api)),
            new QuotaFacts(quota, charged),
            ChannelFactsOf(routes, request.Api)));
        var blocker = checks.FirstOrDefault(check => !check.Passed);
        var asked = new RejectedRequest(request.Model, request.Address, isFree ? 1 : charged, quota, routes?.Endpoints);
        var error = blocker is null ? null : VerdictErrors.For(new Decision(blocker.Verdict, blocker.RetryAfter), asked);
        return new Explanation(checks, blocker, error, charged, acting.IsAdministrator);
    }

    /// <summary>The same object that decides about the key's requests.</summary>
    private async Task<LiveKey?> FindAsync(NexLlmDbContext db, ActingAccount acting, long keyId, CancellationToken cancellation)
    {
        var hash = await db.Set<ApiKey>()
            .Where(k => k.Id == keyId && k.DeletedAt == null && (k.OwnerId == acting.Id || acting.IsAdministrator))
            .Select(k => k.SecretHash).SingleOrDefaultAsync(cancellation);
        return hash is null ? null : await keys.FindAsync(KeyHash.Of(hash), cancellation);
    }

    /// <summary>Predicts the facts the gateway learns only by trying, since enforcement doesn't check the channels' health.</summary>
    private ChannelFacts ChannelFactsOf(ModelRoutes? routes, UpstreamApi api)
    {
        var health = routes?.Health(api);
        var isReachable = health?.IsUsable() is true;
        // If no channel counts tokens, the gateway does.
        return !isReachable && routes is not null && api is UpstreamApi.CountTokens
            ? new ChannelFacts(IsReachable: true, IsCredentialRejected: false, "Tokens are counted without a channel.")
            : new ChannelFacts(isReachable, health is ChannelStatus.KeyRejected, ModelHealth.InWords(health), routes?.BackIn(api, clock.GetUtcNow()));
    }
}
