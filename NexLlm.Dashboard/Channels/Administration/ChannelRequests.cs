namespace NexLlm.Dashboard.Channels.Administration;

/// <summary>What a channel shall be; the provider key stands beside it.</summary>
/// <param name="Name">As typed; trimmed and checked by the service, as everything here is.</param>
/// <param name="BaseUrl">Up to and including <c>/v1</c>.</param>
/// <param name="GroupIds">The groups whose requests it may get.</param>
/// <param name="Apis">The APIs that it speaks; null for those of its type.</param>
public sealed record ChannelSettings(
    string Name,
    ChannelType Type,
    string BaseUrl,
    IReadOnlyList<ModelSettings> Models,
    IReadOnlyList<long> GroupIds,
    int Priority = 0,
    int Weight = 1,
    IReadOnlyList<ApiSettings>? Apis = null);

/// <summary>What happens to a provider key. It goes in and never comes out again.</summary>
public abstract record ProviderKeyChange
{
    private ProviderKeyChange()
    {
    }

    /// <summary>What is stored stays. Only for the addresses that it was entered for: it must not be sent elsewhere.</summary>
    public sealed record Keep : ProviderKeyChange;

    /// <summary>The upstream needs none.</summary>
    public sealed record Remove : ProviderKeyChange;

    public sealed record Set(string ProviderKey) : ProviderKeyChange
    {
        /// <summary>Keeps it out of logs.</summary>
        public override string ToString() => nameof(Set);
    }
}

/// <summary>What a group shall be.</summary>
/// <param name="Description">What it is for; null or blank if there is nothing to say.</param>
/// <param name="RatioMillionths">The price ratio in millionths.</param>
/// <param name="ChannelIds">Its members.</param>
public sealed record GroupSettings(string Name, string? Description, long RatioMillionths, IReadOnlyList<long> ChannelIds);

/// <summary>What came of saving a channel or a group.</summary>
/// <typeparam name="T">How it is shown.</typeparam>
public abstract record SaveOutcome<T>
{
    private SaveOutcome()
    {
    }

    public sealed record Saved(T Now) : SaveOutcome<T>;

    /// <summary>Somebody saved another version meanwhile; nothing was written.</summary>
    public sealed record Conflict(T Current) : SaveOutcome<T>;

    public sealed record Refused(IReadOnlyList<SettingError> Errors) : SaveOutcome<T>;

    /// <summary>It was deleted, or it is not one that people edit.</summary>
    public sealed record NotFound : SaveOutcome<T>;
}

/// <summary>What is wrong with one setting, in words for the person who entered it.</summary>
public sealed record SettingError(Setting Setting, string Message);

/// <summary>The settings of a channel or a group.</summary>
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
