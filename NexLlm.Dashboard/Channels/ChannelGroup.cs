namespace NexLlm.Dashboard.Channels;

/// <summary>A named set of channels and a price ratio; every key routes through exactly one.</summary>
public sealed class ChannelGroup
{
    public const string DefaultName = "default";
    public const int MaxNameLength = 64;

    /// <summary>Ratio 1.0: <see cref="RatioMillionths"/> counts millionths, so that prices are exact integers.</summary>
    public const long RatioOne = 1_000_000;

    public const int MaxRatio = 1_000_000;

    public long Id { get; init; }

    public required string Name { get; set; }

    public string? Description { get; set; }

    /// <summary>What a token costs here, in millionths of a charged token; above 0.</summary>
    public long RatioMillionths { get; set; } = RatioOne;

    /// <summary>No new key may choose a group that is off, and its keys reach no channel.</summary>
    public bool IsEnabled { get; set; } = true;

    /// <summary>Declared in configuration, so not editable in the browser.</summary>
    public bool IsProvisioned { get; set; }

    /// <summary>When it was deleted; null while it is live. What was charged refers to it for ever, so the row stays.</summary>
    public DateTimeOffset? DeletedAt { get; private set; }

    /// <summary>Goes up by one with every edit; an edit of an older version is refused.</summary>
    public long Version { get; set; } = 1;

    public bool IsDefault => Name == DefaultName;

    public List<Channel> Channels { get; init; } = [];

    /// <summary>Takes it out of use and frees its name. Load its channels first.</summary>
    public void Delete(DateTimeOffset now)
    {
        DeletedAt = now;
        IsEnabled = false;
        Channels.ForEach(c => c.Version++);
        Channels.Clear();
        Version++;
    }
}
