using System.Diagnostics.CodeAnalysis;
using NexLlm.Dashboard.Channels;
using NexLlm.Dashboard.Components.Keys.Fields;
using NexLlm.Dashboard.Keys;
using NexLlm.Dashboard.Keys.Policy;

namespace NexLlm.Dashboard.Components.Keys.Edit;

/// <summary>A key as edited in the form. Unedited fields are not sent, so saving writes nothing by accident.</summary>
public sealed class EditKeyForm
{
    private readonly long _id;
    private readonly string _name;
    private readonly long _groupId;

    public EditKeyForm(KeyDetails key, IReadOnlyList<GroupOffer> groups, TimeZoneInfo zone, TimeProvider clock)
    {
        (_id, _name, _groupId, Version) = (key.Id, key.Name, key.Policy.GroupId, key.Version);
        Name = new(key.Name, KeyName.TryParse);
        Policy = new(key.Policy, WithOwn(groups, key), zone, clock, isNew: false);
        Quota = new(key.Quota);
        Options = new(
        [
            OptionField.Of(KeyOption.Name, Name),
            .. Policy.FieldsWith(new(KeyOption.RemainingQuota, () => Quota.Error, Quota.Amount.Refuse, () => Quota.IsTouched, QuotaInWords)),
        ]);
    }

    /// <summary>The version loaded by the user.</summary>
    public long Version { get; set; }

    public TextInput<string> Name { get; }

    public PolicyForm Policy { get; }

    public QuotaEdit Quota { get; }

    public OptionFields Options { get; }

    public void ShowErrors()
    {
        (Name.IsVisited, Quota.Amount.IsVisited) = (true, true);
        Policy.ShowErrors();
    }

    public bool TryRead([NotNullWhen(true)] out EditKey? edit)
    {
        edit = null;
        if (Options.FirstWrong is not null || !Quota.TryRead(out var quota) || !Policy.TryRead(tokenLimit: null, out var policy))
            return false;
        edit = new EditKey(
            _id,
            Version,
            Name.Text == _name ? null : Name.Text,
            Policy.Expiration.IsTouched ? policy.Expiration : null,
            quota,
            Policy.Models.IsTouched ? policy.Models : null,
            Policy.Ips.IsTouched ? policy.Ips : null,
            policy.GroupId == _groupId ? null : policy.GroupId);
        return true;
    }

    private string QuotaInWords() => Quota.Meaning() is { Length: > 0 } meaning ? $"{meaning} {Quota.SoFar()}".TrimEnd() : "Not changed";

    // A key keeps a disabled group, which is not offered to other keys.
    private static IReadOnlyList<GroupOffer> WithOwn(IReadOnlyList<GroupOffer> groups, KeyDetails key) =>
        groups.Any(g => g.Id == key.Policy.GroupId)
            ? groups
            : [new GroupOffer(key.Policy.GroupId, key.GroupName, "This group is disabled.", key.GroupRatio, []), .. groups];
}
