namespace NexLlm.Dashboard.Benchmarks.Gateway.Servers;

/// <summary>How the fake upstream answers. Each has a path of its own there, and at the gateway a model of its own.</summary>
internal enum UpstreamManner
{
    /// <summary>At once, in one piece.</summary>
    Plain,

    /// <summary>In one piece, after 50 ms.</summary>
    Slow,

    /// <summary>In 50 chunks, each sent by itself, without a pause.</summary>
    Streamed,

    /// <summary>In 50 chunks, all sent at once.</summary>
    Burst,

    /// <summary>In 50 chunks, 20 ms before each.</summary>
    Paced,
}

internal static class UpstreamManners
{
    public static readonly UpstreamManner[] All = Enum.GetValues<UpstreamManner>();

    public static bool IsStreamed(this UpstreamManner manner) => manner is not (UpstreamManner.Plain or UpstreamManner.Slow);

    /// <summary>On the command line, and a part of paths and models.</summary>
    public static string Word(this UpstreamManner manner) => manner switch
    {
        UpstreamManner.Plain => "plain",
        UpstreamManner.Slow => "slow",
        UpstreamManner.Streamed => "streamed",
        UpstreamManner.Burst => "burst",
        UpstreamManner.Paced => "paced",
    };

    /// <summary>In the report.</summary>
    public static string Noun(this UpstreamManner manner) => manner switch
    {
        UpstreamManner.Plain => "answers in one piece",
        UpstreamManner.Slow => "answers in one piece after 50 ms",
        UpstreamManner.Streamed => "streams of 50 chunks, one after another without a pause",
        UpstreamManner.Burst => "streams of 50 chunks that come together",
        UpstreamManner.Paced => "streams of 50 chunks, 20 ms apart",
    };

    public static string Model(this UpstreamManner manner) => $"fake-{manner.Word()}";

    /// <summary>What stands before <c>/chat/completions</c> in the upstream's paths.</summary>
    public static string PathBase(this UpstreamManner manner) => $"/{manner.Word()}/v1";
}
