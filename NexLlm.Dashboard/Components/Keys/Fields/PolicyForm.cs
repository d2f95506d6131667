using System.Diagnostics.CodeAnalysis;
using NexLlm.Dashboard.Channels;
using NexLlm.Dashboard.Keys;
using NexLlm.Dashboard.Keys.Policy;
using KeyExpiration = NexLlm.Dashboard.Keys.Policy.Expiration;

namespace NexLlm.Dashboard.Components.Keys.Fields;

/// <summary>
/// The key settings shared by the wizard and the edit page. Fields keep the text as typed, <c>Keys/Policy</c> parses it, and an
/// unedited field keeps its exact value.
/// </summary>
public sealed class PolicyForm
{
    private readonly KeyPolicy _initial;
    private readonly TimeZoneInfo _zone;
    private readonly TimeProvider _clock;
    private readonly bool _isNew;

    /// <param name="isNew">Whether it creates a new key, for which every date must be in the future and every model served.</param>
    public PolicyForm(KeyPolicy initial, IReadOnlyList<GroupOffer> groups, TimeZoneInfo zone, TimeProvider clock, bool isNew)
    {
        (_initial, Groups, _zone, _clock, _isNew) = (initial, groups, zone, clock, isNew);
        Group = groups.FirstOrDefault(g => g.Id == initial.GroupId) ?? groups[0];
        Expiration = new(initial.Expiration.ToField(zone), ReadExpiration);
        Models = new(initial.Models);
        Ips = new(initial.Ips.ToField(), ReadIps);
    }

    public IReadOnlyList<GroupOffer> Groups { get; }

    public TextInput<KeyExpiration> Expiration { get; }

    public ModelsInput Models { get; }

    public TextInput<IpAllowlist> Ips { get; }

    public GroupOffer Group { get; private set; }

    public string? GroupRefusal { get; private set; }

    /// <summary>Selected models that no enabled channel of the selected group serves.</summary>
    public IReadOnlyList<string> NotServed => [.. Models.Chosen.Except(Group.Models, StringComparer.Ordinal)];

    public string? ModelsError
    {
        get
        {
            if (!Models.TryRead(out _, out var error))
                return error;
            // An edit may keep a model that is no longer served, but not add it.
            var wrong = _isNew ? NotServed : [.. NotServed.Except(_initial.Models.Models, StringComparer.Ordinal)];
            return wrong is [] ? null : FieldError.NotServed(Group.Name, wrong).Message;
        }
    }

    public void Choose(GroupOffer group)
    {
        Group = group;
        GroupRefusal = null;
    }

    /// <summary>The options in the documentation's order, with the quota, which is entered differently once a key is in use.</summary>
    public IReadOnlyList<OptionField> FieldsWith(OptionField quota) =>
    [
        OptionField.Of(KeyOption.Expiration, Expiration, blank: "Never expires"),
        quota,
        new(KeyOption.ModelRestrictions, () => ModelsError, Models.Refuse, () => Models.IsTouched,
            () => Models.Chosen is { Count: > 0 } chosen ? string.Join(", ", chosen) : PolicyInWords.InFull(ModelRestriction.All)),
        OptionField.Of(KeyOption.IpAllowlist, Ips, blank: PolicyInWords.InFull(IpAllowlist.Any)),
        new(KeyOption.Group, () => GroupRefusal, error => GroupRefusal = error, () => Group.Id != _initial.GroupId, () => Group.Name),
    ];

    public void ShowErrors() => (Expiration.IsVisited, Ips.IsVisited) = (true, true);

    public bool TryRead(long? tokenLimit, [NotNullWhen(true)] out KeyPolicy? policy)
    {
        policy = Expiration.TryRead(out var expiration) & Models.TryRead(out var models, out _) & Ips.TryRead(out var ips)
            ? new KeyPolicy(expiration, tokenLimit, models!, ips!, Group.Id)
            : null;
        return policy is not null;
    }

    private bool ReadExpiration(string text, out KeyExpiration value, [NotNullWhen(false)] out string? error)
    {
        var now = _clock.GetUtcNow();
        value = _initial.Expiration;
        error = null;
        var isUntouched = text == _initial.Expiration.ToField(_zone);
        return (isUntouched && !(_isNew && value.IsOver(now)))
            || KeyExpiration.TryParse(text, _zone, now, out value, out error);
    }

    private bool ReadIps(string text, [MaybeNullWhen(false)] out IpAllowlist value, [NotNullWhen(false)] out string? error)
    {
        error = null;
        value = _initial.Ips;
        if (text == _initial.Ips.ToField())
            return true;
        var read = IpAllowlist.TryParse(text, out value, out var errors);
        error = read ? null : string.Join('\n', errors);
        return read;
    }
}
