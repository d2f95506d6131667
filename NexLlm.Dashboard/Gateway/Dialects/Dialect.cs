using System.Text.Json;
using NexLlm.Dashboard.Gateway.Errors;

namespace NexLlm.Dashboard.Gateway.Dialects;

/// <summary>
/// The conventions of one provider's API family: its APIs, error format and headers. To add a dialect, create a folder with its
/// descriptor and list it in <see cref="DialectRegistry"/>.
/// </summary>
internal abstract class Dialect
{
    public abstract IReadOnlyList<ApiDescriptor> Apis { get; }

    /// <summary>The bytes before the data of an error event that ends a stream.</summary>
    public abstract ReadOnlySpan<byte> ErrorEventPrefix { get; }

    /// <summary>Whether a request to an endpoint shared by all dialects, such as the model list, comes from a client of this dialect.</summary>
    public abstract bool Sent(HttpRequest request);

    /// <summary>Whether a provider's error uses this dialect's format, so that it can be passed on unchanged.</summary>
    public abstract bool Wrote(JsonElement error);

    /// <summary>Writes the headers specific to this dialect's responses.</summary>
    public abstract void WriteHeaders(IHeaderDictionary headers, string requestId);

    public abstract byte[] ErrorBody(Rejection refusal, string requestId);

    /// <summary>The only client headers that are forwarded.</summary>
    public abstract KeyValuePair<string, string>[] ForwardedHeaders(IHeaderDictionary client);
}
