namespace NexLlm.Dashboard.Channels;

/// <summary>A named set of channels with a price ratio. Every key routes through exactly one group.</summary>
public sealed class ChannelGroup
{
    public const string DefaultName = "default";
    public const int MaxNameLength = 64;

    /// <summary>A ratio of 1.0. <see cref="RatioMillionths"/> counts millionths, so that prices are exact integers.</summary>
    public const long RatioOne = 1_000_000;

    public const int MaxRatio = 1_000_000;

    public long Id { get; init; }

    public required string Name { get; set; }

    public string? Description { get; set; }

    /// <summary>The price of a token, in millionths of a charged token; above 0.</summary>
    public long RatioMillionths { get; set; } = RatioOne;

    /// <summary>A disabled group can't be chosen for new keys, and its existing keys reach no channel.</summary>
    public bool IsEnabled { get; set; } = true;

    /// <summary>Declared in the configuration, so read-only in the browser.</summary>
    public bool IsProvisioned { get; set; }

    /// <summary>When the group was deleted; null while it exists. The row is kept because charges refer to it.</summary>
    public DateTimeOffset? DeletedAt { get; private set; }

    /// <summary>Increases with every edit. An edit based on an older version is rejected.</summary>
    public long Version { get; set; } = 1;

    public bool IsDefault => Name == DefaultName;

    public List<Channel> Channels { get; init; } = [];

    /// <summary>Marks the group as deleted and frees its name. Its channels must be loaded.</summary>
    public void Delete(DateTimeOffset now)
    {
        DeletedAt = now;
        IsEnabled = false;
        Channels.ForEach(c => c.Version++);
        Channels.Clear();
        Version++;
    }
}
