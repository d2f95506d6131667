using System.Globalization;
using Microsoft.AspNetCore.Components;
using NexLlm.Dashboard.Accounts.Profile;
using NexLlm.Dashboard.Keys.Policy;

namespace NexLlm.Dashboard.Components.Keys.Fields;

public sealed partial class QuotaField
{
    private static readonly IReadOnlyList<(string Name, long Tokens)> _presets =
        [.. ((long[])[100_000, 1_000_000, 10_000_000, 100_000_000]).Select(tokens => (TokenQuota.Short(tokens), tokens))];

    [Parameter, EditorRequired]
    public required TextInput<long> Input { get; set; }

    [Parameter, EditorRequired]
    public bool IsUnlimited { get; set; }

    [Parameter, EditorRequired]
    public EventCallback<bool> IsUnlimitedChanged { get; set; }

    [Parameter, EditorRequired]
    public required AccountOverview Account { get; set; }

    /// <summary>Zero, which is not a preset, if none is selected.</summary>
    private long Preset => !IsUnlimited && Input.TryRead(out var tokens) ? tokens : 0;

    private string Meaning() => (IsUnlimited, Input.TryRead(out var tokens)) switch
    {
        (false, true) when AccountWords.Left(Account) is { } left && tokens > left =>
            $"{TokenQuota.InWords(tokens)}. Your account has only {TokenQuota.InWords(left)} left.",
        (false, true) => $"{TokenQuota.InWords(tokens)}.",
        _ => "Maximum number of tokens this key can consume, e.g. 250000, 1,000,000 or 1.5M.",
    };

    private Task LimitAsync() => IsUnlimited ? IsUnlimitedChanged.InvokeAsync(false) : Task.CompletedTask;

    private async Task PresetAsync(long tokens)
    {
        Input.Type(tokens.ToString("N0", CultureInfo.InvariantCulture));
        await LimitAsync();
        await Changed.InvokeAsync();
    }

    private async Task SwitchAsync(bool unlimited)
    {
        await IsUnlimitedChanged.InvokeAsync(unlimited);
        await Changed.InvokeAsync();
    }
}
