using System.Globalization;
using Microsoft.AspNetCore.Components;
using NexLlm.Dashboard.Accounts;
using NexLlm.Dashboard.Keys.Policy;

namespace NexLlm.Dashboard.Components.Keys.Fields;

public sealed partial class QuotaField
{
    private static readonly long[] _presets = [100_000, 1_000_000, 10_000_000, 100_000_000];

    [Parameter, EditorRequired]
    public TextInput<long> Input { get; set; } = default!;

    [Parameter, EditorRequired]
    public bool IsUnlimited { get; set; }

    [Parameter, EditorRequired]
    public EventCallback<bool> IsUnlimitedChanged { get; set; }

    [Parameter, EditorRequired]
    public AccountOverview Account { get; set; } = default!;

    private string? ShownError => IsUnlimited ? null : Input.ShownError;

    private string Meaning() => (IsUnlimited, Input.TryRead(out var tokens)) switch
    {
        (true, _) => PolicyWords.NoKeyLimit,
        (false, true) when AccountWords.Left(Account) is { } left && tokens > left =>
            $"{TokenQuota.InWords(tokens)}. Your account has only {TokenQuota.InWords(left)} left.",
        (false, true) => $"{TokenQuota.InWords(tokens)}.",
        (false, false) => "",
    };

    private async Task TypeAsync(string? text)
    {
        Input.Type(text);
        if (IsUnlimited)
            await IsUnlimitedChanged.InvokeAsync(false);
        await Changed.InvokeAsync();
    }

    private Task PresetAsync(long tokens) => TypeAsync(tokens.ToString("N0", CultureInfo.InvariantCulture));

    private async Task SwitchAsync(bool unlimited)
    {
        await IsUnlimitedChanged.InvokeAsync(unlimited);
        await Changed.InvokeAsync();
    }

    private Task LeaveAsync()
    {
        Input.IsVisited |= Input.IsTouched;
        return Changed.InvokeAsync();
    }
}
