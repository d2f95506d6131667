using System.Globalization;
using System.Text;
using NexLlm.Dashboard.Benchmarks.Gateway.Servers;
using NexLlm.Dashboard.Keys;

namespace NexLlm.Dashboard.Benchmarks.Gateway.Clients;

/// <summary>Chat requests in the shape that OpenAI's clients give them, ready to be sent.</summary>
internal static class Chat
{
    private const int BodyLength = 1_536;

    /// <summary>What the gateway's clients send: the model says how the upstream answers.</summary>
    public static Load ToGateway(int connections, UpstreamManner manner, IReadOnlyList<KeySecret> secrets) => new(
        connections, [.. secrets.Select(secret => Request("/v1", manner, secret))],
        new(200, manner.IsStreamed() ? FakeUpstream.StreamLengthWithoutUsage : FakeUpstream.PlainAnswer.Length));

    /// <summary>The same to the bare proxy, which does not choose a channel: the path says how the upstream answers.</summary>
    public static Load ToBareProxy(int connections, UpstreamManner manner) => new(
        connections, [Request(manner.PathBase(), manner, KeySecret.Generate())],
        new(200, manner.IsStreamed() ? FakeUpstream.StreamedAnswer.Length : FakeUpstream.PlainAnswer.Length));

    /// <summary>Keys that look right to the last character of their checksum, and are nobody's.</summary>
    public static Load WithUnknownKeys(int connections) => new(
        connections, [.. Enumerable.Range(0, 1_000).Select(_ => Request("/v1", UpstreamManner.Plain, KeySecret.Generate()))], new(401, null));

    /// <summary>1.5 KB of JSON.</summary>
    public static string Body(UpstreamManner manner)
    {
        var start = $$"""
            {"model":"{{manner.Model()}}","messages":[{"role":"system","content":"You are a helpful assistant."},{"role":"user","content":"
            """;
        var end = $$"""
            "}],"temperature":0.7,"max_completion_tokens":256{{(manner.IsStreamed() ? ""","stream":true""" : "")}}}
            """;
        const string Question = "Tell me, please, in plain words what the following sentence means. ";
        var text = string.Concat(Enumerable.Repeat(Question, (BodyLength / Question.Length) + 1));
        return start + text[..(BodyLength - start.Length - end.Length)] + end;
    }

    private static byte[] Request(string pathBase, UpstreamManner manner, KeySecret secret) => Encoding.ASCII.GetBytes(string.Create(
        CultureInfo.InvariantCulture,
        $"""
        POST {pathBase}/chat/completions HTTP/1.1
        Host: gateway.example
        Accept: application/json
        Content-Type: application/json
        User-Agent: OpenAI/Python 1.99.0
        Authorization: Bearer {secret.Reveal()}
        Content-Length: {BodyLength}


        """).ReplaceLineEndings("\r\n") + Body(manner));
}
