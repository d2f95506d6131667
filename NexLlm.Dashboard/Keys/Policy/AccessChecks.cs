using System.Globalization;

namespace NexLlm.Dashboard.Keys.Policy;

internal readonly record struct AccessFacts(
    KeySnapshot Key, AccountSnapshot Account, GroupSnapshot Group, RequestFacts Request, DateTimeOffset Now)
{
    public KeyPolicy Policy => Key.Policy;
}

/// <summary>Who may call what, from where and until when: everything that costs nothing to ask.</summary>
internal static class AccessChecks
{
    public static readonly Check<AccessFacts>[] InOrder =
    [
        new(Verdict.KeyDisabled,
            (in facts) => facts.Key.Enabled,
            (in _, passed) => passed ? "The key is enabled." : "The key is disabled."),
        new(Verdict.KeyExpired,
            (in facts) => !facts.Policy.Expiration.IsOver(facts.Now),
            (in facts, passed) => (facts.Policy.Expiration.At, passed) switch
            {
                (null, _) => "The key never expires.",
                ({ } at, true) => $"The key expires at {Utc(at)}.",
                ({ } at, false) => $"The key expired at {Utc(at)}.",
            }),
        new(Verdict.AccountDisabled,
            (in facts) => facts.Account.Active,
            (in _, passed) => passed ? "The account is active." : "The account is disabled."),
        new(Verdict.IpNotAuthorized,
            (in facts) => facts.Policy.Ips.Contains(facts.Request.Address),
            (in facts, passed) => (facts.Request.Address, passed) switch
            {
                _ when facts.Policy.Ips.IsUnrestricted => "Any IP address is allowed.",
                (null, _) => "The client's IP address is unknown, so it isn't on the IP allowlist.",
                ({ } address, true) => $"{IpRange.Of(address)} is on the IP allowlist.",
                ({ } address, false) => $"{IpRange.Of(address)} isn't on the IP allowlist.",
            }),
        new(Verdict.ModelNotFound,
            // Another group's models say nothing about this key, so a snapshot of the wrong group denies.
            (in facts) => facts.Group.Id == facts.Policy.GroupId
                && facts.Request.Model is { } model && facts.Group.Models.Contains(model),
            (in facts, passed) => passed
                ? $"{facts.Request.Model} is available in group {facts.Group.Name}."
                : $"{facts.Request.Model ?? "A request without a model"} isn't available in the key's group."),
        new(Verdict.ModelNotAllowed,
            (in facts) => facts.Policy.Models.IsUnrestricted
                || (facts.Request.Model is { } model && facts.Policy.Models.Allows(model)),
            (in facts, passed) => facts.Policy.Models.IsUnrestricted
                ? "The key allows all available models."
                : $"The key {(passed ? "allows" : "doesn't allow")} {facts.Request.Model ?? "a request without a model"}."),
    ];

    /// <summary>Those that come before the request's body.</summary>
    public static readonly Check<AccessFacts>[] OfCaller = InOrder[..Array.FindIndex(InOrder, check => check.Blocks is Verdict.ModelNotFound)];

    private static string Utc(DateTimeOffset instant) =>
        instant.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss 'UTC'", CultureInfo.InvariantCulture);
}
