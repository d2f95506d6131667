namespace NexLlm.Dashboard.Keys.Policy;

/// <summary>
/// Decides whether a key may make a request. The gateway, the list of keys, the wizard's preview and every explanation ask here.
/// What comes before it: credential, look-up and body; what comes after: the channel.
/// </summary>
public static class KeyEvaluator
{
    public static Verdict Evaluate(
        KeySnapshot key, AccountSnapshot account, GroupSnapshot group, QuotaSnapshot quota, in RequestFacts request, DateTimeOffset now) =>
        Check<AccessFacts>.FirstBlocker(AccessChecks.InOrder, new AccessFacts(key, account, group, request, now))
        ?? EvaluateQuota(quota, request.Tokens);

    /// <summary>The checks that spend, apart so that the ledger can ask them inside its reservation.</summary>
    public static Verdict EvaluateQuota(in QuotaSnapshot quota, long tokens) =>
        Check<QuotaFacts>.FirstBlocker(QuotaChecks.InOrder, new QuotaFacts(quota, tokens)) ?? Verdict.Allowed;

    /// <summary>Every check in the order in which <see cref="Evaluate"/> asks them; its answer is the first that does not pass.</summary>
    public static IReadOnlyList<CheckResult> Explain(
        KeySnapshot key, AccountSnapshot account, GroupSnapshot group, QuotaSnapshot quota, in RequestFacts request, DateTimeOffset now)
    {
        var access = new AccessFacts(key, account, group, request, now);
        var spending = new QuotaFacts(quota, request.Tokens);
        return
        [
            .. AccessChecks.InOrder.Select(check => check.Explain(access)),
            .. QuotaChecks.InOrder.Select(check => check.Explain(spending)),
        ];
    }
}
