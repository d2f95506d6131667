using System.Net;

namespace NexLlm.Dashboard.Keys.Policy;

/// <summary>
/// Decides whether a key may make a request. The gateway, the list of keys, the wizard's preview and every explanation ask here.
/// What comes before it: credential, look-up and body; what comes after: the channel.
/// </summary>
public static class KeyEvaluator
{
    public static Verdict Evaluate(
        KeySnapshot key, AccountSnapshot account, GroupSnapshot group, QuotaSnapshot quota, in RequestFacts request, DateTimeOffset now) =>
        EvaluateAccess(key, account, group, request, now) is var access and not Verdict.Allowed ? access : EvaluateQuota(quota, request.Tokens);

    /// <summary>The checks that need nothing of the request but where it comes from, apart so that nobody's body is read in vain.</summary>
    public static Verdict EvaluateCaller(KeySnapshot key, AccountSnapshot account, GroupSnapshot group, IPAddress? address, DateTimeOffset now) =>
        First(AccessChecks.OfCaller, new AccessFacts(key, account, group, new RequestFacts(null, address, 0), now));

    /// <summary>All checks that cost nothing to ask: those of the caller, then those of the model.</summary>
    public static Verdict EvaluateAccess(
        KeySnapshot key, AccountSnapshot account, GroupSnapshot group, in RequestFacts request, DateTimeOffset now) =>
        First(AccessChecks.InOrder, new AccessFacts(key, account, group, request, now));

    /// <summary>The checks that spend, apart so that the ledger can ask them inside its reservation.</summary>
    public static Verdict EvaluateQuota(in QuotaSnapshot quota, long tokens) =>
        First(QuotaChecks.InOrder, new QuotaFacts(quota, tokens));

    /// <summary>Every check in the order in which <see cref="Evaluate"/> asks them; its answer is the first that does not pass.</summary>
    public static IReadOnlyList<CheckResult> Explain(
        KeySnapshot key, AccountSnapshot account, GroupSnapshot group, QuotaSnapshot quota, in RequestFacts request, DateTimeOffset now) =>
        [.. ExplainAccess(key, account, group, request, now), .. ExplainQuota(quota, request.Tokens)];

    /// <summary>Every check of <see cref="EvaluateAccess"/>.</summary>
    public static IReadOnlyList<CheckResult> ExplainAccess(
        KeySnapshot key, AccountSnapshot account, GroupSnapshot group, in RequestFacts request, DateTimeOffset now)
    {
        var facts = new AccessFacts(key, account, group, request, now);
        return [.. AccessChecks.InOrder.Select(check => check.Explain(facts))];
    }

    /// <summary>Every check of <see cref="EvaluateQuota"/>.</summary>
    public static IReadOnlyList<CheckResult> ExplainQuota(in QuotaSnapshot quota, long tokens)
    {
        var facts = new QuotaFacts(quota, tokens);
        return [.. QuotaChecks.InOrder.Select(check => check.Explain(facts))];
    }

    private static Verdict First<T>(ReadOnlySpan<Check<T>> checks, in T facts) => Check<T>.FirstBlocker(checks, facts) ?? Verdict.Allowed;
}
