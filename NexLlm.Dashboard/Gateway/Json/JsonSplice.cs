using System.Runtime.CompilerServices;

namespace NexLlm.Dashboard.Gateway.Json;

internal enum SpliceKind : byte
{
    Model,

    /// <summary>The value of a cap, identified by the preceding name.</summary>
    MaxTokens,
    MaxCompletionTokens,
    MaxOutputTokens,
    Store,

    /// <summary>A whole number not written as one.</summary>
    Number,

    /// <summary>The value of <c>include_usage</c> in a stream that doesn't request usage.</summary>
    IncludeUsage,

    /// <summary>The opening brace of <c>stream_options</c> without usage settings.</summary>
    StreamOptions,

    /// <summary>The opening brace of an empty <c>stream_options</c>.</summary>
    EmptyStreamOptions,

    /// <summary>The null value of <c>stream_options</c>.</summary>
    NoStreamOptions,
}

/// <summary>A range of the body that may have to be replaced.</summary>
/// <param name="IsNull">Whether its value is null.</param>
internal readonly record struct JsonSplice(int Start, int End, SpliceKind Kind, bool IsNull);

/// <summary>The splices of a body, in order. No name occurs twice, so they fit.</summary>
[InlineArray(Capacity)]
internal struct JsonSplices
{
    /// <summary>model, store, stream_options, n, best_of and the caps.</summary>
    public const int Capacity = 8;

    private JsonSplice _first;
}
