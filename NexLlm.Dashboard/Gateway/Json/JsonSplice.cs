using System.Runtime.CompilerServices;

namespace NexLlm.Dashboard.Gateway.Json;

internal enum SpliceKind : byte
{
    Model,

    /// <summary>The value of a cap, by the name that stands before it.</summary>
    MaxTokens,
    MaxCompletionTokens,
    MaxOutputTokens,
    Store,

    /// <summary>A whole number that is not written as one.</summary>
    Number,

    /// <summary>The value of <c>include_usage</c>, in a stream that does not ask for usage.</summary>
    IncludeUsage,

    /// <summary>The opening brace of <c>stream_options</c> that do not speak of usage.</summary>
    StreamOptions,

    /// <summary>The same, of an object without members.</summary>
    EmptyStreamOptions,

    /// <summary>A <c>stream_options</c> of null.</summary>
    NoStreamOptions,
}

/// <summary>A place in the body that may have to be written differently.</summary>
/// <param name="IsNull">Whether null stands there.</param>
internal readonly record struct JsonSplice(int Start, int End, SpliceKind Kind, bool IsNull);

/// <summary>The splices of a body in the order of their places. No name comes twice, so they fit.</summary>
[InlineArray(Capacity)]
internal struct JsonSplices
{
    /// <summary>model, store, stream_options, n, best_of and the caps.</summary>
    public const int Capacity = 8;

    private JsonSplice _first;
}
