using System.Globalization;
using NexLlm.Dashboard.Components.Keys.Fields;
using NexLlm.Dashboard.Keys;
using NexLlm.Dashboard.Keys.Policy;

namespace NexLlm.Dashboard.Components.Keys.Edit;

/// <summary>How an edit changes an existing limit.</summary>
public enum LimitChange
{
    Keep,
    Add,
    SetTotal,
}

/// <summary>
/// Edits the quota of a key in use. Usage may increase at any time, so the form always sends a change, never the displayed
/// remainder.
/// </summary>
public sealed class QuotaEdit(TokenQuota quota)
{
    public TokenQuota Quota { get; private set; } = quota;

    public bool IsUnlimited { get; set; } = quota.Limit is null;

    /// <summary>For a key that remains limited.</summary>
    public LimitChange Change { get; set; }

    /// <summary>The tokens to add, the new total, or the remainder after turning off Unlimited Quota.</summary>
    public TextInput<long> Amount { get; } = new("", TokenQuota.TryParseTokens);

    public bool WasUnlimited => Quota.Limit is null;

    public bool NeedsAmount => !IsUnlimited && (WasUnlimited || Change is not LimitChange.Keep);

    public string? Error => NeedsAmount ? Amount.Error : null;

    public string? ShownError => NeedsAmount ? Amount.ShownError : null;

    public bool IsTouched => NeedsAmount || IsUnlimited != WasUnlimited;

    /// <summary>Updates the usage after the page was opened.</summary>
    public void Use(long used) => Quota = Quota with { Used = used };

    /// <param name="change">Null if the limit is unchanged.</param>
    public bool TryRead(out QuotaChange? change)
    {
        change = null;
        var tokens = 0L;
        if (NeedsAmount && !Amount.TryRead(out tokens))
            return false;
        change = (WasUnlimited, IsUnlimited, Change) switch
        {
            (false, true, _) => new QuotaChange.Unlimited(),
            (true, false, _) => new QuotaChange.SetRemaining(tokens),
            (false, false, LimitChange.Add) => new QuotaChange.Add(tokens),
            (false, false, LimitChange.SetTotal) => new QuotaChange.SetLimit(tokens),
            _ => null,
        };
        return true;
    }

    /// <summary>The result of the change in words that don't vary with usage; blank if there is nothing to say.</summary>
    public string Meaning() => TryRead(out var change) ? change switch
    {
        null => "",
        QuotaChange.Unlimited => PolicyInWords.NoKeyLimit,
        QuotaChange.SetRemaining(var tokens) => $"{TokenQuota.Counted(tokens)} left from when you save",
        QuotaChange.Add(var tokens) when Quota.Limit is { } limit => $"New limit: {TokenQuota.Counted(limit + tokens)}",
        QuotaChange.SetLimit(var tokens) when tokens <= Quota.Used => $"New limit: {TokenQuota.Counted(tokens)}. The key stops immediately.",
        QuotaChange.SetLimit(var tokens) => $"New limit: {TokenQuota.Counted(tokens)}",
        _ => "",
    } : "";

    /// <summary>The part of the sentence that varies with usage and so is not announced.</summary>
    public string SoFar() => TryRead(out var change) && change is QuotaChange.SetLimit(var tokens)
        ? tokens <= Quota.Used ? string.Create(CultureInfo.InvariantCulture, $"({Quota.Used:N0} already used)") : string.Create(CultureInfo.InvariantCulture, $"({tokens - Quota.Used:N0} left)")
        : "";
}
