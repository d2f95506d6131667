using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using NexLlm.Dashboard.Channels;
using NexLlm.Dashboard.Components.Keys.Fields;
using NexLlm.Dashboard.Keys;
using NexLlm.Dashboard.Keys.Policy;

namespace NexLlm.Dashboard.Components.Keys.Wizard;

/// <summary>The entries of the wizard. It never holds a secret.</summary>
public sealed class NewKeyForm
{
    private KeyPolicy _shown;

    /// <param name="requestId">One per wizard, so that saving twice creates one key.</param>
    /// <param name="initial">The initial settings.</param>
    public NewKeyForm(
        Guid requestId, string name, KeyPolicy initial, IReadOnlyList<GroupOffer> groups, TimeZoneInfo zone, TimeProvider clock)
    {
        RequestId = requestId;
        Name = new(name, KeyName.TryParse);
        Policy = new(initial, groups, zone, clock, isNew: true);
        Quota = new(initial.TokenLimit is { } limit ? limit.ToString("N0", CultureInfo.InvariantCulture) : "", TokenQuota.TryParseTokens);
        IsUnlimited = initial.TokenLimit is null;
        Settings = new(Policy.FieldsWith(OptionField.Of(KeyOption.RemainingQuota, Quota) with { Error = () => IsUnlimited ? null : Quota.Error }));
        _shown = initial with { GroupId = Policy.Group.Id };
    }

    public Guid RequestId { get; private set; }

    public TextInput<string> Name { get; }

    public PolicyForm Policy { get; }

    public TextInput<long> Quota { get; }

    /// <summary>All options except the name, which has its own step.</summary>
    public OptionFields Settings { get; }

    public bool IsUnlimited { get; set; }

    /// <summary>The first invalid setting in the documentation's order; null if there is none.</summary>
    public KeyOption? FirstWrong => Settings.FirstWrong;

    /// <summary>The current policy, or the last valid one while an entry is invalid.</summary>
    public KeyPolicy Shown => TryRead(out var policy) ? _shown = policy : _shown;

    /// <summary><see cref="Shown"/> in words, one line per option.</summary>
    public IReadOnlyList<string> InWords(TimeZoneInfo zone)
    {
        var shown = Shown;
        var group = Policy.Groups.Single(g => g.Id == shown.GroupId);
        return PolicyInWords.Describe(shown, group.Name, group.Ratio, zone);
    }

    public void ShowErrors()
    {
        Quota.IsVisited = true;
        Policy.ShowErrors();
    }

    public void Refuse(FieldError error)
    {
        if (error.Option == KeyOption.Name)
        {
            Name.Refuse(error.Message);
        }
        else
        {
            Settings.Refuse(error);
        }
    }

    public bool TryRead([NotNullWhen(true)] out KeyPolicy? policy)
    {
        policy = null;
        var limit = 0L;
        return (IsUnlimited || Quota.TryRead(out limit)) && Policy.TryRead(IsUnlimited ? null : limit, out policy);
    }

    /// <summary>Whether the key matches this form. A duplicated tab has the same request id but may have other entries.</summary>
    public bool Describes(KeyDetails key) =>
        Name.TryRead(out var name) && name == key.Name && TryRead(out var policy) && policy == key.Policy;

    /// <summary>Makes the form create another key than the one its request created.</summary>
    public void StartNewRequest() => RequestId = Guid.NewGuid();

    public WizardDraft ToDraft(long accountId, long? from, string? model) => new(
        RequestId, accountId, from, model, Name.Text, Policy.Expiration.Text, IsUnlimited, Quota.Text, [.. Policy.Models.Chosen], Policy.Ips.Text, Policy.Group.Id);

    public void Restore(WizardDraft draft)
    {
        RequestId = draft.RequestId;
        Name.Type(draft.Name);
        Policy.Expiration.Type(draft.Expiration);
        IsUnlimited = draft.IsUnlimited;
        Quota.Type(draft.Quota);
        Policy.Models.Clear();
        foreach (var model in draft.Models)
            Policy.Models.Set(model, chosen: true);
        Policy.Ips.Type(draft.Ips);
        if (Policy.Groups.FirstOrDefault(g => g.Id == draft.GroupId) is { } group)
            Policy.Choose(group);
    }
}

/// <summary>The entries as stored by the browser's tab in case the connection is lost. Never a secret.</summary>
public sealed record WizardDraft(
    Guid RequestId, long AccountId, long? From, string? Model, string Name, string Expiration, bool IsUnlimited, string Quota, string[] Models, string Ips, long GroupId);
