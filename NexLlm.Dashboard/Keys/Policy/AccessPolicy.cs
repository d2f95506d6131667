namespace NexLlm.Dashboard.Keys.Policy;

/// <summary>The facts of all checks, for evaluating a whole request.</summary>
public readonly record struct PolicyFacts(
    CallerFacts Caller, ConcurrencyFacts Concurrency, ModelFacts Model, QuotaFacts Quota, ChannelFacts Channel);

/// <summary>
/// The single ordered list of checks, in stages that run as soon as their facts are known. The gateway runs the stages in turn;
/// the access check and the wizard's preview run all of them together. The credential is validated before the list; the body is
/// read between the concurrency and the model checks.
/// </summary>
public static class AccessPolicy
{
    private static readonly Check<CallerFacts>[] _caller =
        [CallerChecks.KeyEnabled, CallerChecks.NotExpired, CallerChecks.AccountActive, CallerChecks.AddressAllowed];

    private static readonly Check<ConcurrencyFacts>[] _concurrency =
        [ConcurrencyChecks.OfKey, ConcurrencyChecks.OfAccount];

    private static readonly Check<ModelFacts>[] _model =
        [ModelChecks.Found, ModelChecks.Allowed, ModelChecks.EndpointServed];

    private static readonly Check<QuotaFacts>[] _quota =
        [QuotaChecks.OfAccount, QuotaChecks.OfKey, QuotaChecks.NotReserved];

    private static readonly Check<ChannelFacts>[] _channel =
        [ChannelChecks.Reachable, ChannelChecks.CredentialAccepted];

    /// <summary>The verdicts of the checks, in order.</summary>
    public static IReadOnlyList<Verdict> Verdicts { get; } =
    [
        .. _caller.Select(check => check.Blocks), .. _concurrency.Select(check => check.Blocks), .. _model.Select(check => check.Blocks),
        .. _quota.Select(check => check.Blocks), .. _channel.Select(check => check.Blocks),
    ];

    /// <summary>Runs before the request's body is read, so that no body is read in vain.</summary>
    public static Decision Evaluate(in CallerFacts facts) => First(_caller, facts);

    public static Decision Evaluate(in ConcurrencyFacts facts) => First(_concurrency, facts);

    /// <summary>Repeats the caller checks, because the key may have changed while the body arrived.</summary>
    public static Decision Evaluate(in CallerFacts caller, in ModelFacts model) =>
        First(_caller, caller) is { IsAllowed: false } blocked ? blocked : First(_model, model);

    /// <summary>Used by the ledger inside its reservation.</summary>
    public static Decision Evaluate(in QuotaFacts facts) => First(_quota, facts);

    /// <summary>Every check with its outcome in words; the first failed one determines the gateway's response.</summary>
    public static IReadOnlyList<CheckResult> Explain(in PolicyFacts facts) =>
    [
        .. All(_caller, facts.Caller), .. All(_concurrency, facts.Concurrency), .. All(_model, facts.Model),
        .. All(_quota, facts.Quota), .. All(_channel, facts.Channel),
    ];

    /// <summary>Allocates nothing.</summary>
    private static Decision First<T>(ReadOnlySpan<Check<T>> checks, in T facts)
    {
        foreach (var check in checks)
        {
            if (!check.Passes(facts))
            {
                return new Decision(check.Blocks, check.Wait?.Invoke(facts));
            }
        }

        return Decision.Allowed;
    }

    private static CheckResult[] All<T>(Check<T>[] checks, in T facts)
    {
        var results = new CheckResult[checks.Length];
        for (var i = 0; i < checks.Length; i++)
        {
            results[i] = checks[i].Explain(facts);
        }

        return results;
    }
}
