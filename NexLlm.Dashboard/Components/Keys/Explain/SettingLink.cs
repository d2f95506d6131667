using NexLlm.Dashboard.Components.Keys.Fields;
using NexLlm.Dashboard.Components.Shared;
using NexLlm.Dashboard.Keys;
using NexLlm.Dashboard.Keys.Policy;

namespace NexLlm.Dashboard.Components.Keys.Explain;

/// <summary>Where the setting stands that a check looked at.</summary>
internal sealed record SettingLink(string Words, string Url)
{
    /// <summary>Null where nothing that the key's owner can set decides.</summary>
    public static SettingLink? Of(Verdict verdict, long keyId)
    {
        return verdict switch
        {
            Verdict.KeyDisabled => new("Enable the key", PageUrls.Key(keyId)),
            Verdict.KeyExpired => Field("Change the expiration", KeyField.Expiration),
            Verdict.IpNotAuthorized => Field("Change the IP allowlist", KeyField.IpAllowlist),
            Verdict.ModelNotFound => Field("Choose another group", KeyField.Group),
            Verdict.ModelNotAllowed => Field("Change the model restrictions", KeyField.ModelRestrictions),
            Verdict.InsufficientQuota => Field("Add tokens to the key", KeyField.RemainingQuota),
            Verdict.InsufficientAccountQuota => new("See your overall quota", PageUrls.Account),
            _ => null,
        };

        SettingLink Field(string words, KeyField field) => new(words, $"{PageUrls.EditKey(keyId)}#{Ids.Of(field)}");
    }
}
