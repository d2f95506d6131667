using System.Diagnostics.CodeAnalysis;
using System.Text;
using System.Text.Json;

namespace NexLlm.Dashboard.Gateway.Json;

/// <summary>What a scan found in a body that is right, for admission and for <see cref="BodyRewriter"/>.</summary>
public struct ScannedRequest
{
    private JsonSplices _splices;
    private int _spliceCount;

    /// <summary>Whether the client asked for a stream.</summary>
    public bool Stream { get; internal set; }

    /// <summary>Whether the client itself asked for usage at the end of its stream.</summary>
    public bool IncludeUsage { get; internal set; }

    /// <summary>The most tokens that the client wants in each answer; null when it does not say. Where it says so twice, the smaller.</summary>
    public long? Cap { get; internal set; }

    /// <summary>How many answers of at most <see cref="Cap"/> tokens may be made: the number of prompts times the larger of <c>n</c> and <c>best_of</c>. 0 where nothing is generated.</summary>
    public long Answers { get; internal set; }

    /// <summary>How many prompts there are: each may fill the model's context window by itself. More than 1 only for completions and embeddings.</summary>
    public long Prompts { get; internal set; }

    /// <summary>The length of the body without inline images: at least as many as the tokens of its text.</summary>
    public int PromptBytes { get; internal set; }

    /// <summary>Images, inline and by address.</summary>
    public int Images { get; internal set; }

    /// <summary>Whether there is something whose tokens nothing here bounds: audio, files, documents.</summary>
    public bool HasUnknownPart { get; internal set; }

    /// <summary>Tools that the provider may run while it answers, as a web search: what they read is charged as input.</summary>
    public int ProviderTools { get; internal set; }

    /// <summary>Where the value of <c>model</c> stands in the body, without its quotes.</summary>
    internal Range Model { get; set; }

    internal bool ModelIsEscaped { get; set; }

    [UnscopedRef]
    internal readonly ReadOnlySpan<JsonSplice> Splices => ((ReadOnlySpan<JsonSplice>)_splices)[.._spliceCount];

    /// <summary>Writes the model's name as the client means it and returns its length.</summary>
    /// <param name="body">The body that was scanned.</param>
    /// <param name="to">At least <see cref="RequestScanner.LongestModel"/> characters.</param>
    public readonly int CopyModel(ReadOnlySpan<byte> body, Span<char> to)
    {
        var name = body[Model];
        if (!ModelIsEscaped) return Encoding.UTF8.GetChars(name, to);
        var json = new Utf8JsonReader(body[(Model.Start.Value - 1)..(Model.End.Value + 1)]);
        json.Read();
        return json.CopyString(to);
    }

    internal readonly bool Has(SpliceKind kind)
    {
        foreach (var splice in Splices)
        {
            if (splice.Kind == kind) return true;
        }

        return false;
    }

    internal bool TryAdd(JsonSplice splice)
    {
        if (_spliceCount == JsonSplices.Capacity) return false;
        _splices[_spliceCount++] = splice;
        return true;
    }
}
