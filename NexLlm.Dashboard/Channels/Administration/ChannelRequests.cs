namespace NexLlm.Dashboard.Channels.Administration;

/// <summary>The requested settings of a channel, without its provider key.</summary>
/// <param name="Name">As entered. The service trims and validates all settings.</param>
/// <param name="BaseUrl">Up to and including <c>/v1</c>.</param>
/// <param name="GroupIds">The groups that use the channel.</param>
/// <param name="Apis">The supported APIs; null for the type's defaults.</param>
public sealed record ChannelSettings(
    string Name,
    ChannelType Type,
    string BaseUrl,
    IReadOnlyList<ModelSettings> Models,
    IReadOnlyList<long> GroupIds,
    int Priority = 0,
    int Weight = 1,
    IReadOnlyList<ApiSettings>? Apis = null);

/// <summary>A change to a provider key. Keys are write-only and can't be read back.</summary>
public abstract record ProviderKeyChange
{
    private ProviderKeyChange()
    {
    }

    /// <summary>Keeps the stored key. Allowed only for the base URLs it was entered for, because it must not be sent elsewhere.</summary>
    public sealed record Keep : ProviderKeyChange;

    /// <summary>The provider needs no key.</summary>
    public sealed record Remove : ProviderKeyChange;

    public sealed record Set(string ProviderKey) : ProviderKeyChange
    {
        /// <summary>Keeps the key out of logs.</summary>
        public override string ToString() => nameof(Set);
    }
}

/// <summary>The requested settings of a group.</summary>
/// <param name="Description">The description; null or blank for none.</param>
/// <param name="RatioMillionths">The price ratio in millionths.</param>
/// <param name="ChannelIds">The member channels.</param>
public sealed record GroupSettings(string Name, string? Description, long RatioMillionths, IReadOnlyList<long> ChannelIds);

/// <summary>The result of saving a channel or a group.</summary>
/// <typeparam name="T">The view type of the channel or group.</typeparam>
public abstract record SaveOutcome<T>
{
    private SaveOutcome()
    {
    }

    public sealed record Saved(T Now) : SaveOutcome<T>;

    /// <summary>Another edit was saved in the meantime; nothing was written.</summary>
    public sealed record Conflict(T Current) : SaveOutcome<T>;

    public sealed record Refused(IReadOnlyList<SettingError> Errors) : SaveOutcome<T>;

    /// <summary>The channel or group was deleted, or can't be edited.</summary>
    public sealed record NotFound : SaveOutcome<T>;
}

/// <summary>An error in one setting, worded for the person who entered it.</summary>
public sealed record SettingError(Setting Setting, string Message);

public enum Setting
{
    Name,
    Type,
    BaseUrl,
    Apis,
    ProviderKey,
    Models,
    Groups,
    Priority,
    Weight,
    Description,
    Ratio,
    Channels,
}
