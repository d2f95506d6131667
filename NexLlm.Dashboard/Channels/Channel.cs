namespace NexLlm.Dashboard.Channels;

/// <summary>One upstream: where it is, how to log in there, the APIs it speaks and the models it serves.</summary>
public sealed class Channel
{
    public const int MaxNameLength = 64;

    public long Id { get; init; }

    public required string Name { get; set; }

    public ChannelType Type { get; set; }

    /// <summary>The upstream's address up to and including <c>/v1</c>; null for the built-in channel.</summary>
    public string? BaseUrl { get; set; }

    /// <summary>The provider key, encrypted with Data Protection; null if the upstream needs none.</summary>
    public string? ProtectedApiKey { get; set; }

    public bool IsEnabled { get; set; }

    /// <summary>Declared in configuration, so not editable in the browser.</summary>
    public bool IsProvisioned { get; set; }

    /// <summary>Higher is tried first.</summary>
    public int Priority { get; set; }

    /// <summary>Share among channels of equal priority; at least 1.</summary>
    public int Weight { get; set; } = 1;

    /// <summary>When it was deleted; null while it is live. Logs refer to it for ever, so the row stays.</summary>
    public DateTimeOffset? DeletedAt { get; private set; }

    /// <summary>Goes up by one with every edit; an edit of an older version is refused.</summary>
    public long Version { get; set; } = 1;

    public List<ChannelApi> Apis { get; init; } = [];

    public List<ChannelModel> Models { get; init; } = [];

    public List<ChannelGroup> Groups { get; init; } = [];

    /// <summary>Every base URL that its provider key is sent to. Load its APIs first.</summary>
    public IEnumerable<string> BaseUrls() => Apis.Select(a => a.BaseUrl).Prepend(BaseUrl).OfType<string>().Distinct(StringComparer.Ordinal);

    /// <summary>Makes the APIs these. Load them first.</summary>
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

    /// <summary>Makes the models these. Load them first.</summary>
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

    /// <summary>Takes it out of use, frees its name and erases its provider key. Load its groups first.</summary>
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

/// <summary>How a channel is spoken to. Stored by name.</summary>
public enum ChannelType
{
    /// <summary>Built in: answers with the last user text, needs no provider.</summary>
    Echo,
    OpenAI,
    Anthropic,
}

/// <summary>A model that a channel serves.</summary>
public sealed class ChannelModel
{
    public long ChannelId { get; init; }

    /// <summary>The id that programs send: exact and case-sensitive.</summary>
    public required string Name { get; init; }

    /// <summary>The id sent upstream; null if it is the same.</summary>
    public string? UpstreamName { get; set; }

    /// <summary>The context window in tokens; null if unknown.</summary>
    public int? ContextTokens { get; set; }

    /// <summary>The most output tokens the model makes; null if unknown.</summary>
    public int? MaxOutputTokens { get; set; }

    /// <summary>What is charged when an answer reports no tokens; null if nobody said.</summary>
    public ModelPrice? Price { get; set; }
}
