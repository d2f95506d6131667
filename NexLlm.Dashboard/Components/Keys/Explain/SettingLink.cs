using NexLlm.Dashboard.Components.Urls;
using NexLlm.Dashboard.Keys;
using NexLlm.Dashboard.Keys.Policy;

namespace NexLlm.Dashboard.Components.Keys.Explain;

/// <summary>The link to the setting behind a check.</summary>
internal sealed record SettingLink(string Words, string Url)
{
    /// <summary>The links for users who may change the setting; empty if they may not, or if no setting is involved.</summary>
    public static IReadOnlyList<SettingLink> Of(Verdict verdict, KeyDetails key, bool isOwn, bool isAdministrator)
    {
        return verdict switch
        {
            Verdict.KeyDisabled => [new("Enable key", PageUrls.Key(key.Id))],
            Verdict.KeyExpired when isOwn => [Field("Change expiration", KeyOption.Expiration)],
            Verdict.AccountDisabled when isAdministrator => [new("Enable account", PageUrls.AccountOf(key.OwnerId))],
            Verdict.IpNotAuthorized when isOwn => [Field("Change IP Allowlist", KeyOption.IpAllowlist)],
            Verdict.ModelNotFound =>
            [
                .. Only(isOwn, () => Field("Change group", KeyOption.Group)),
                .. Only(isAdministrator, () => new SettingLink("View channels", PageUrls.Channels())),
            ],
            Verdict.ModelNotAllowed when isOwn => [Field("Change Model Restrictions", KeyOption.ModelRestrictions)],
            Verdict.InsufficientQuota when isOwn => [Field("Add tokens to key", KeyOption.RemainingQuota)],
            Verdict.InsufficientAccountQuota when isAdministrator => [new("Add tokens to account", PageUrls.AccountOf(key.OwnerId))],
            Verdict.InsufficientAccountQuota when isOwn => [new("View overall quota", PageUrls.Account)],
            Verdict.NoChannel or Verdict.UpstreamMisconfigured when isAdministrator => [new("View channels", PageUrls.Channels())],
            _ => [],
        };

        SettingLink Field(string words, KeyOption option) => new(words, $"{PageUrls.EditKey(key.Id)}#{option.Id}");

        static IEnumerable<SettingLink> Only(bool may, Func<SettingLink> link) => may ? [link()] : [];
    }

    /// <summary>Who may change it, if the user may not; null if no setting is involved.</summary>
    public static string? WhoMay(Verdict verdict) => verdict switch
    {
        Verdict.KeyExpired or Verdict.IpNotAuthorized or Verdict.ModelNotAllowed or Verdict.InsufficientQuota => "Only the key's owner can change this.",
        Verdict.AccountDisabled or Verdict.NoChannel or Verdict.UpstreamMisconfigured or Verdict.InsufficientAccountQuota => "Only an administrator can change this.",
        Verdict.TooManyRequests or Verdict.TooManyAccountRequests => "This limit is set in the server's configuration.",
        Verdict.WrongEndpoint => "No setting changes this. Use another endpoint or model.",
        Verdict.KeyDisabled or Verdict.ModelNotFound or Verdict.QuotaReserved => null,
        Verdict.InvalidApiKey or Verdict.InvalidRequest or Verdict.RequestTooLarge or Verdict.UnsupportedState or Verdict.ModelRequired
            or Verdict.StorageUnavailable or Verdict.UpstreamError or Verdict.UpstreamRateLimited or Verdict.Allowed => null,
    };
}
