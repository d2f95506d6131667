using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using NexLlm.Dashboard.Channels;
using NexLlm.Dashboard.Channels.Administration;
using NexLlm.Dashboard.Components.Channels;
using NexLlm.Dashboard.Components.Keys.Fields;

namespace NexLlm.Dashboard.Components.Groups;

/// <summary>A group as edited in the form.</summary>
public sealed class GroupForm : ISettingsForm
{
    private readonly string _initial;

    /// <param name="stored">Null for a new group.</param>
    /// <param name="channels">The channels to choose from.</param>
    public GroupForm(GroupDetails? stored, IReadOnlyList<ChannelDetails> channels)
    {
        Channels = channels;
        IsDefault = stored?.IsDefault is true;
        Name = new(stored?.Name ?? "", ReadName);
        Description = new(stored?.Description ?? "", ReadDescription);
        Ratio = new((stored?.Ratio ?? 1).ToString("0.0#####", CultureInfo.InvariantCulture), ChannelRules.TryReadRatio);
        ChannelIds = [.. (stored?.Channels ?? []).Select(c => c.Id)];
        _initial = State();
    }

    public IReadOnlyList<ChannelDetails> Channels { get; }

    /// <summary>The default group, which can't be renamed.</summary>
    public bool IsDefault { get; }

    public TextInput<string> Name { get; }

    public TextInput<string> Description { get; }

    /// <summary>In millionths.</summary>
    public TextInput<long> Ratio { get; }

    public IReadOnlyCollection<long> ChannelIds { get; set; }

    public string? ChannelsError { get; set; }

    /// <summary>The models the group would serve with the selected channels.</summary>
    public IReadOnlyList<string> Models =>
        [.. Channels.Where(c => c.IsEnabled && ChannelIds.Contains(c.Id)).SelectMany(c => c.Models).Select(m => m.Name).Distinct().Order(StringComparer.Ordinal)];

    public bool IsTouched => State() != _initial;

    /// <summary>The id of the first invalid control; null if there is none.</summary>
    public string? FirstWrong =>
        Name.Error is not null ? "name" : Description.Error is not null ? "description" : Ratio.Error is not null ? "ratio" : ChannelsError is not null ? "channels" : null;

    /// <summary>Whether a configured channel belongs to <c>default</c> is set in the configuration.</summary>
    public bool IsFixed(ChannelDetails channel) => IsDefault && channel.Origin is Provenance.Configuration;

    public void ShowErrors() => (Name.IsVisited, Description.IsVisited, Ratio.IsVisited) = (true, true, true);

    public void Refuse(SettingError error)
    {
        switch (error.Setting)
        {
            case Setting.Name:
                Name.Refuse(error.Message);
                break;
            case Setting.Description:
                Description.Refuse(error.Message);
                break;
            case Setting.Ratio:
                Ratio.Refuse(error.Message);
                break;
            default:
                ChannelsError = error.Message;
                break;
        }
    }

    public bool TryRead([NotNullWhen(true)] out GroupSettings? settings)
    {
        settings = FirstWrong is null && Name.TryRead(out var name) && Description.TryRead(out var description) && Ratio.TryRead(out var ratio)
            ? new GroupSettings(name, description, ratio, [.. ChannelIds])
            : null;
        return settings is not null;
    }

    private static bool ReadName(string text, out string value, [NotNullWhen(false)] out string? error) =>
        ChannelRules.TryReadText(text, ChannelGroup.MaxNameLength, out value, out error);

    private static bool ReadDescription(string text, out string value, [NotNullWhen(false)] out string? error)
    {
        (value, error) = ("", null);
        return string.IsNullOrWhiteSpace(text) || ChannelRules.TryReadText(text, ChannelRules.MaxDescription, out value, out error);
    }

    private string State() =>
        string.Join('\n', [Name.Text, Description.Text, Ratio.Text, .. ChannelIds.Order().Select(id => id.ToString(CultureInfo.InvariantCulture))]);
}
