using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using NexLlm.Dashboard.Channels;
using NexLlm.Dashboard.Channels.Administration;
using NexLlm.Dashboard.Channels.Presets;
using NexLlm.Dashboard.Components.Keys.Fields;

namespace NexLlm.Dashboard.Components.Channels;

/// <summary>A channel as edited in the form. Fields keep the text as typed; <see cref="ChannelRules"/> parses it.</summary>
public sealed class ChannelForm : ISettingsForm
{
    private readonly ChannelDetails? _stored;
    private readonly string _initial;
    private ChannelType _type;

    /// <param name="stored">Null for a new channel.</param>
    /// <param name="groups">The groups to choose from.</param>
    public ChannelForm(ChannelDetails? stored, IReadOnlyList<GroupDetails> groups)
    {
        _stored = stored;
        Groups = groups;
        _type = stored?.Type ?? ChannelType.OpenAI;
        Apis = new(stored?.Apis ?? ApiSettings.DefaultsOf(_type));
        Name = new(stored?.Name ?? "", ReadName);
        BaseUrl = new(stored?.BaseUrl ?? "", ChannelRules.TryReadBaseUrl);
        ProviderKey = new("", ReadProviderKey);
        Priority = new(Text(stored?.Priority ?? 0), static (string text, out int value, [NotNullWhen(false)] out string? error) =>
            ChannelRules.TryReadNumber(text, -ChannelRules.MaxPriority, ChannelRules.MaxPriority, out value, out error));
        Weight = new(Text(stored?.Weight ?? 1), static (string text, out int value, [NotNullWhen(false)] out string? error) =>
            ChannelRules.TryReadNumber(text, 1, ChannelRules.MaxWeight, out value, out error));
        Models = new(stored?.Models ?? []);
        GroupIds = stored is null ? [.. groups.Where(g => g.IsDefault).Select(g => g.Id)] : [.. stored.Groups.Select(g => g.Id)];
        _initial = State();
    }

    public IReadOnlyList<GroupDetails> Groups { get; }

    /// <summary>The preset the form was started with; null for none.</summary>
    public ProviderPreset? Preset { get; private set; }

    public ChannelType Type
    {
        get => _type;
        set
        {
            Apis.Follow(_type, value);
            _type = value;
        }
    }

    public TextInput<string> Name { get; }

    public TextInput<string> BaseUrl { get; }

    /// <summary>Blank keeps the stored key, if any. The typed key goes to the service and is never returned.</summary>
    public TextInput<string> ProviderKey { get; }

    /// <summary>Whether to remove the stored key.</summary>
    public bool RemovesKey { get; set; }

    /// <summary>Whether the user wants to replace the stored key.</summary>
    public bool ReplacesKey { get; set; }

    /// <summary>Whether the key field is shown.</summary>
    public bool AsksForKey => !RemovesKey && (!HasStoredKey || ReplacesKey || ProviderKey.ShownError is not null);

    public TextInput<int> Priority { get; }

    public TextInput<int> Weight { get; }

    public ApiList Apis { get; private set; }

    public ModelList Models { get; private set; }

    public IReadOnlyCollection<long> GroupIds { get; set; }

    public string? GroupsError { get; set; }

    /// <summary>The provider according to the current entries.</summary>
    public (ChannelType Type, string Url) Provider => (Type, BaseUrl.TryRead(out var url) ? url : BaseUrl.Text);

    public bool HasStoredKey => _stored?.HasProviderKey is true;

    public bool IsTouched => State() != _initial;

    /// <summary>The id of the first invalid control; null if there is none.</summary>
    public string? FirstWrong =>
        Name.Error is not null ? "name"
        : BaseUrl.Error is not null ? "base-url"
        : ProviderKey.Error is not null ? "provider-key"
        : Apis.FirstWrong is { } api ? api
        : Models.FirstWrong is { } model ? model
        : GroupsError is not null ? "groups"
        : Priority.Error is not null ? "priority"
        : Weight.Error is not null ? "weight"
        : null;

    /// <summary>Fills in the known settings of a provider. A name and models entered by the user are kept.</summary>
    public void Begin(ProviderPreset preset)
    {
        if (Name.Text.Length == 0 || Name.Text == Preset?.Name)
        {
            // "Other" is not a name.
            Name.Type(preset.BaseUrl is null ? "" : preset.Name);
        }

        if (Models.Rows.Select(r => r.Name).SequenceEqual(Preset?.Models ?? []))
        {
            Models = new([.. preset.Models.Select(model => new ModelSettings(model))]);
        }

        BaseUrl.Type(preset.BaseUrl);
        (_type, Apis, Preset) = (preset.Type, new(preset.Apis), preset);
    }

    public void ShowErrors()
    {
        (Name.IsVisited, BaseUrl.IsVisited, ProviderKey.IsVisited, Priority.IsVisited, Weight.IsVisited) = (true, true, true, true, true);
        Apis.ShowErrors();
        Models.ShowErrors();
    }

    public void Refuse(SettingError error)
    {
        switch (error.Setting)
        {
            case Setting.Name:
                Name.Refuse(error.Message);
                break;
            case Setting.BaseUrl:
                BaseUrl.Refuse(error.Message);
                break;
            case Setting.Apis:
                Apis.Rejection = error.Message;
                break;
            case Setting.ProviderKey:
                ProviderKey.Refuse(error.Message);
                break;
            case Setting.Priority:
                Priority.Refuse(error.Message);
                break;
            case Setting.Weight:
                Weight.Refuse(error.Message);
                break;
            case Setting.Groups:
                GroupsError = error.Message;
                break;
            default:
                Models.Rejection = error.Message;
                break;
        }
    }

    public ProviderKeyChange ReadKey() =>
        RemovesKey ? new ProviderKeyChange.Remove()
        : ProviderKey.TryRead(out var typed) && typed.Length > 0 ? new ProviderKeyChange.Set(typed)
        : new ProviderKeyChange.Keep();

    public bool TryRead([NotNullWhen(true)] out ChannelSettings? settings)
    {
        settings = null;
        if (FirstWrong is not null || !Name.TryRead(out var name) || !BaseUrl.TryRead(out var url) || !Priority.TryRead(out var priority)
            || !Weight.TryRead(out var weight) || Apis.Read() is not { } apis || Models.Read() is not { } models)
        {
            return false;
        }

        settings = new ChannelSettings(name, Type, url, models, [.. GroupIds], priority, weight, apis);
        return true;
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static bool ReadName(string text, out string value, [NotNullWhen(false)] out string? error) =>
        ChannelRules.TryReadText(text, Channel.MaxNameLength, out value, out error);

    private static bool ReadProviderKey(string text, out string value, [NotNullWhen(false)] out string? error)
    {
        (value, error) = ("", null);
        return string.IsNullOrWhiteSpace(text) || ChannelRules.TryReadProviderKey(text, out value, out error);
    }

    private string State() => string.Join('\n',
        [Type.ToString(), Name.Text, BaseUrl.Text, ProviderKey.Text, RemovesKey.ToString(), Priority.Text, Weight.Text, Apis.State(), Models.State(), .. GroupIds.Order().Select(id => id.ToString(CultureInfo.InvariantCulture))]);
}
