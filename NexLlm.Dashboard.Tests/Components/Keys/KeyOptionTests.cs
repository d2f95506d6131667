using NexLlm.Dashboard.Channels;
using NexLlm.Dashboard.Components.Keys.Edit;
using NexLlm.Dashboard.Components.Keys.Wizard;
using NexLlm.Dashboard.Keys;
using NexLlm.Dashboard.Keys.Policy;
using NexLlm.Dashboard.Tests.TestKit;

namespace NexLlm.Dashboard.Tests.Components.Keys;

/// <summary>No option of a key is forgotten where all of them are shown, entered or recorded.</summary>
public sealed class KeyOptionTests
{
    private static readonly KeySettings _settings = new("app", KeyPolicy.Unrestricted(1), new TokenQuota(null, 0), "default", 1);

    private static readonly Dictionary<string, (KeyOption Option, Func<KeySettings, KeySettings> Change)> _changes = new()
    {
        [nameof(KeyPolicy.Expiration)] = (KeyOption.Expiration, s => s with { Policy = s.Policy with { Expiration = new Expiration(NexLlmApp.Start) } }),
        [nameof(KeyPolicy.TokenLimit)] = (KeyOption.RemainingQuota, s => s with { Policy = s.Policy with { TokenLimit = 5 }, Quota = new TokenQuota(5, 0) }),
        [nameof(KeyPolicy.Models)] = (KeyOption.ModelRestrictions, s => s with { Policy = s.Policy with { Models = ModelRestriction.Only(["a"]) } }),
        [nameof(KeyPolicy.Ips)] = (KeyOption.IpAllowlist, s => s with { Policy = s.Policy with { Ips = Ips("203.0.113.7") } }),
        [nameof(KeyPolicy.GroupId)] = (KeyOption.Group, s => s with { Policy = s.Policy with { GroupId = 2 }, GroupName = "other" }),
    };

    [Fact]
    public void Every_member_of_a_policy_is_shown_and_recorded_by_its_option()
    {
        Assert.Equal(typeof(KeyPolicy).GetProperties().Select(property => property.Name).Order(), _changes.Keys.Order());
        foreach (var (option, change) in _changes.Values)
        {
            var changed = change(_settings);
            Assert.NotEqual(InWords(option, _settings), InWords(option, changed));
            Assert.Equal([option], KeyOption.All.Where(o => o.Audited is { } audited && !Equals(audited.Value(_settings), audited.Value(changed))));
            Assert.Same(option, KeyOption.OfAudit(option.Audited!.Name));
        }
    }

    [Fact]
    public void Every_option_is_in_the_list_and_entered_in_both_forms()
    {
        var written = typeof(KeyOption).GetFields().Where(field => field.FieldType == typeof(KeyOption)).Select(field => (KeyOption)field.GetValue(null)!);
        var key = new KeyDetails(7, 3, "app", "sk-nexllm-AbC…wXyZ", true, _settings.Policy, "default", 1, _settings.Quota, NexLlmApp.Start, null, null, 1);
        GroupOffer[] groups = [new(1, "default", null, 1, ["a"])];
        var ids = KeyOption.All.Select(option => option.Id).Distinct().ToList();

        Assert.Equal(written, KeyOption.All);
        Assert.Equal(ids, new EditKeyForm(key, groups, TimeZoneInfo.Utc, TimeProvider.System).Options.Options.Select(option => option.Id));
        Assert.Equal(
            ids.Except([KeyOption.Name.Id]),
            new NewKeyForm(Guid.Empty, "app", _settings.Policy, groups, TimeZoneInfo.Utc, TimeProvider.System).Settings.Options.Select(option => option.Id));
    }

    private static string InWords(KeyOption option, KeySettings settings) =>
        option.InWords(settings, NexLlmApp.Start, at => at.ToString("O", System.Globalization.CultureInfo.InvariantCulture));

    private static IpAllowlist Ips(string text) =>
        IpAllowlist.TryParse(text, out var ips, out _) ? ips : throw new ArgumentException(text, nameof(text));
}
