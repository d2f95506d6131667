using System.Text.Json;
using NexLlm.Dashboard.Gateway.Errors;

namespace NexLlm.Dashboard.Gateway.Dialects;

/// <summary>
/// The conventions of one provider's API family: which APIs belong to it, how its errors look and which headers it has. A new dialect is
/// a folder with its descriptor, listed in <see cref="DialectRegistry"/>.
/// </summary>
internal abstract class Dialect
{
    public abstract IReadOnlyList<ApiDescriptor> Apis { get; }

    /// <summary>Precedes the data of an error that ends a stream.</summary>
    public abstract ReadOnlySpan<byte> ErrorEventPrefix { get; }

    /// <summary>Whether a request to an address shared by all dialects, such as the list of models, comes from a client of this one.</summary>
    public abstract bool Sent(HttpRequest request);

    /// <summary>Whether an upstream's error is written in this dialect, so that it can go to a client as it is.</summary>
    public abstract bool Wrote(JsonElement error);

    /// <summary>The headers that every response of this dialect has, besides those of all dialects.</summary>
    public abstract void WriteHeaders(IHeaderDictionary headers, string requestId);

    public abstract byte[] ErrorBody(Refusal refusal, string requestId);

    /// <summary>The only headers of a client that go upstream.</summary>
    public abstract KeyValuePair<string, string>[] ForwardedHeaders(IHeaderDictionary client);
}
