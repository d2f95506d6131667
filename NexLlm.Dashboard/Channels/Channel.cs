namespace NexLlm.Dashboard.Channels;

/// <summary>A connection to one provider: base URL, provider key, supported APIs and models.</summary>
public sealed class Channel
{
    public const int MaxNameLength = 64;

    public long Id { get; init; }

    public required string Name { get; set; }

    public ChannelType Type { get; set; }

    /// <summary>The base URL up to and including <c>/v1</c>; null for the built-in channel.</summary>
    public string? BaseUrl { get; set; }

    /// <summary>The provider key, encrypted with Data Protection; null if the provider needs none.</summary>
    public string? ProtectedApiKey { get; set; }

    public bool IsEnabled { get; set; }

    /// <summary>Declared in the configuration, so read-only in the browser.</summary>
    public bool IsProvisioned { get; set; }

    /// <summary>Channels with a higher priority are tried first.</summary>
    public int Priority { get; set; }

    /// <summary>The relative share of requests among channels of equal priority; at least 1.</summary>
    public int Weight { get; set; } = 1;

    /// <summary>When the channel was deleted; null while it exists. The row is kept because logs refer to it.</summary>
    public DateTimeOffset? DeletedAt { get; private set; }

    /// <summary>Increases with every edit. An edit based on an older version is rejected.</summary>
    public long Version { get; set; } = 1;

    public List<ChannelApi> Apis { get; init; } = [];

    public List<ChannelModel> Models { get; init; } = [];

    public List<ChannelGroup> Groups { get; init; } = [];

    /// <summary>All base URLs that receive the provider key. Requires <see cref="Apis"/> to be loaded.</summary>
    public IEnumerable<string> BaseUrls() => Apis.Select(a => a.BaseUrl).Prepend(BaseUrl).OfType<string>().Distinct(StringComparer.Ordinal);

    /// <summary>Replaces the APIs, which must be loaded.</summary>
    public void Speak(IReadOnlyList<ApiSettings> apis)
    {
        Apis.RemoveAll(a => !apis.Any(s => s.Api == a.Api));
        foreach (var settings in apis)
        {
            var api = Apis.Find(a => a.Api == settings.Api);
            if (api is null)
            {
                api = new ChannelApi { Api = settings.Api };
                Apis.Add(api);
            }

            api.BaseUrl = settings.BaseUrl;
        }
    }

    /// <summary>Replaces the models, which must be loaded.</summary>
    public void Serve(IReadOnlyList<ModelSettings> models)
    {
        Models.RemoveAll(m => !models.Any(s => s.Name == m.Name));
        foreach (var settings in models)
        {
            var model = Models.Find(m => m.Name == settings.Name);
            if (model is null)
            {
                model = new ChannelModel { Name = settings.Name };
                Models.Add(model);
            }

            model.UpstreamName = settings.UpstreamName;
            model.ContextTokens = settings.ContextTokens;
            model.MaxOutputTokens = settings.MaxOutputTokens;
            model.Price = settings.Price;
        }
    }

    /// <summary>Marks the channel as deleted, frees its name and erases its provider key. Its groups must be loaded.</summary>
    public void Delete(DateTimeOffset now)
    {
        DeletedAt = now;
        IsEnabled = false;
        ProtectedApiKey = null;
        Groups.ForEach(g => g.Version++);
        Groups.Clear();
        Version++;
    }
}

/// <summary>The protocol of a channel. Stored by name.</summary>
public enum ChannelType
{
    /// <summary>Built in: echoes the last user message and needs no provider.</summary>
    Echo,
    OpenAI,
    Anthropic,
}

/// <summary>A model served by a channel.</summary>
public sealed class ChannelModel
{
    public long ChannelId { get; init; }

    /// <summary>The model ID used by clients; exact and case-sensitive.</summary>
    public required string Name { get; init; }

    /// <summary>The model ID sent to the provider; null if it is the same.</summary>
    public string? UpstreamName { get; set; }

    /// <summary>The context window in tokens; null if unknown.</summary>
    public int? ContextTokens { get; set; }

    /// <summary>The maximum number of output tokens; null if unknown.</summary>
    public int? MaxOutputTokens { get; set; }

    /// <summary>What a request is charged if the response reports no tokens; null if no price is set.</summary>
    public ModelPrice? Price { get; set; }
}
