using System.Diagnostics.CodeAnalysis;
using System.Text;
using System.Text.Json;

namespace NexLlm.Dashboard.Gateway.Json;

/// <summary>The result of scanning a valid body, for admission and <see cref="BodyRewriter"/>.</summary>
public struct ScannedRequest
{
    private JsonSplices _splices;
    private int _spliceCount;

    /// <summary>Whether the client requested a stream.</summary>
    public bool Stream { get; internal set; }

    /// <summary>Whether the client requested usage at the end of its stream.</summary>
    public bool IncludeUsage { get; internal set; }

    /// <summary>The client's cap on the tokens of each response; null if it sent none, the smaller if it sent two.</summary>
    public long? Cap { get; internal set; }

    /// <summary>
    /// The number of responses of up to <see cref="Cap"/> tokens: the number of prompts times the larger of <c>n</c> and
    /// <c>best_of</c>. 0 if nothing is generated.
    /// </summary>
    public long Answers { get; internal set; }

    /// <summary>The number of prompts, each of which may fill the model's context window. More than 1 only for completions and embeddings.</summary>
    public long Prompts { get; internal set; }

    /// <summary>The length of the body without inline images, an upper bound of its text tokens.</summary>
    public int PromptBytes { get; internal set; }

    /// <summary>The number of images, inline and by URL.</summary>
    public int Images { get; internal set; }

    /// <summary>Whether the request has parts without a token bound: audio, files or documents.</summary>
    public bool HasUnknownPart { get; internal set; }

    /// <summary>The number of tools the provider may run while it answers, such as web search. What they read is charged as input.</summary>
    public int ProviderTools { get; internal set; }

    /// <summary>The range of the value of <c>model</c> in the body, without its quotes.</summary>
    internal Range Model { get; set; }

    internal bool ModelIsEscaped { get; set; }

    [UnscopedRef]
    internal readonly ReadOnlySpan<JsonSplice> Splices => ((ReadOnlySpan<JsonSplice>)_splices)[.._spliceCount];

    /// <summary>Writes the decoded model name and returns its length.</summary>
    /// <param name="body">The scanned body.</param>
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
