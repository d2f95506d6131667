namespace NexLlm.Dashboard.Keys.Policy;

/// <param name="Tokens">The maximum charge of the request; 0 checks whether any request would be allowed.</param>
public readonly record struct QuotaFacts(QuotaSnapshot Quota, long Tokens);

/// <summary>
/// Checks the quotas. Reservations come last: an exhausted quota is reported as such, and only a request that would succeed once
/// others have settled is told to retry. It is unknown when that is, so no check gives a retry time.
/// </summary>
internal static class QuotaChecks
{
    public static readonly Check<QuotaFacts> OfAccount = new(Verdict.InsufficientAccountQuota,
        (in facts) => facts.Quota.Account.FitsWithoutReservations(facts.Tokens),
        (in facts, passed) => Says("account", facts.Quota.Account, facts.Tokens, passed));

    public static readonly Check<QuotaFacts> OfKey = new(Verdict.InsufficientQuota,
        (in facts) => facts.Quota.Key.FitsWithoutReservations(facts.Tokens),
        (in facts, passed) => Says("key", facts.Quota.Key, facts.Tokens, passed));

    public static readonly Check<QuotaFacts> NotReserved = new(Verdict.QuotaReserved,
        (in facts) => facts.Quota.Account.Fits(facts.Tokens) && facts.Quota.Key.Fits(facts.Tokens),
        (in facts, passed) => passed ? "Requests in progress leave enough quota."
            : facts.Quota.Account.FitsWithoutReservations(facts.Tokens) && facts.Quota.Key.FitsWithoutReservations(facts.Tokens)
                ? "The quota this request needs is reserved by requests in progress."
                : "There isn't enough quota, even without requests in progress.");

    private static string Says(string whose, TokenQuota quota, long tokens, bool passed) => (quota.Remaining, passed) switch
    {
        (null, true) => $"The {whose} has no quota limit.",
        (null, false) => "The request is too large.",
        (0, _) when quota.Limit is 0 => $"The {whose} has no quota yet.",
        (0, _) => $"The {whose} has used up its quota.",
        ({ } left, true) => $"The {whose} has {TokenQuota.InWords(left)} left.",
        ({ } left, false) => $"The {whose} has {TokenQuota.InWords(left)} left; this request needs up to {TokenQuota.InWords(tokens)}.",
    };
}
