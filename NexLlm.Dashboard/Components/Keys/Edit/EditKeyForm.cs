using System.Diagnostics.CodeAnalysis;
using NexLlm.Dashboard.Channels;
using NexLlm.Dashboard.Components.Keys.Fields;
using NexLlm.Dashboard.Keys;
using NexLlm.Dashboard.Keys.Policy;

namespace NexLlm.Dashboard.Components.Keys.Edit;

/// <summary>A key as a person edits it. What was not touched is not sent, so saving writes nothing by accident.</summary>
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
    }

    /// <summary>The version that the person saw.</summary>
    public long Version { get; set; }

    public TextInput<string> Name { get; }

    public PolicyForm Policy { get; }

    public QuotaEdit Quota { get; }

    public bool IsTouched =>
        Name.IsTouched || Policy.Expiration.IsTouched || Quota.IsTouched || Policy.Models.IsTouched || Policy.Ips.IsTouched || Policy.Group.Id != _groupId;

    /// <inheritdoc cref="Wizard.NewKeyForm.FirstWrong"/>
    public KeyField? FirstWrong =>
        Name.Error is not null ? KeyField.Name
        : Policy.FirstWrong is KeyField.Expiration ? KeyField.Expiration
        : Quota.Error is not null ? KeyField.RemainingQuota
        : Policy.FirstWrong;

    public void ShowErrors()
    {
        (Name.IsVisited, Quota.Amount.IsVisited) = (true, true);
        Policy.ShowErrors();
    }

    public void Refuse(FieldError error)
    {
        switch (error.Field)
        {
            case KeyField.Name:
                Name.Refuse(error.Message);
                break;
            case KeyField.RemainingQuota:
                Quota.Amount.Refuse(error.Message);
                break;
            default:
                Policy.Refuse(error);
                break;
        }
    }

    public bool TryRead([NotNullWhen(true)] out EditKey? edit)
    {
        edit = null;
        if (FirstWrong is not null || !Quota.TryRead(out var quota) || !Policy.TryRead(tokenLimit: null, out var policy))
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

    /// <summary>The text that stands for a field in this form.</summary>
    public string Typed(KeyField field) => field switch
    {
        KeyField.Key => "",
        KeyField.Name => Name.Text,
        KeyField.Expiration => Policy.Expiration.Text is { Length: > 0 } text ? text : "Never expires",
        KeyField.RemainingQuota => Quota.Meaning() is { Length: > 0 } meaning ? $"{meaning} {Quota.SoFar()}".TrimEnd() : "Not changed",
        KeyField.ModelRestrictions => Policy.Models.Chosen is { Count: > 0 } chosen ? string.Join(", ", chosen) : PolicyWords.Models(ModelRestriction.All),
        KeyField.IpAllowlist => Policy.Ips.Text is { Length: > 0 } ips ? ips : PolicyWords.Ips(IpAllowlist.Any),
        KeyField.Group => Policy.Group.Name,
    };

    // A key stays in its group when the group is switched off; then it is no offer to others any more.
    private static IReadOnlyList<GroupOffer> WithOwn(IReadOnlyList<GroupOffer> groups, KeyDetails key) =>
        groups.Any(g => g.Id == key.Policy.GroupId)
            ? groups
            : [new GroupOffer(key.Policy.GroupId, key.GroupName, "This group is disabled.", key.GroupRatio, []), .. groups];
}
