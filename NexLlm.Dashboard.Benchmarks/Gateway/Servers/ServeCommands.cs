using System.CommandLine;

namespace NexLlm.Dashboard.Benchmarks.Gateway.Servers;

/// <summary>How the benchmark starts its upstream in a process of its own.</summary>
internal sealed class ServeUpstreamCommand : Command
{
    public const string Word = "serve-upstream";

    public ServeUpstreamCommand()
        : base(Word)
    {
        Hidden = true;
        SetAction((_, _) => FakeUpstream.ServeAsync());
    }
}

/// <summary>How the benchmark starts what it compares an attacked server with.</summary>
internal sealed class ServeBareTargetCommand : Command
{
    public const string Word = "serve-bare-target";

    public ServeBareTargetCommand()
        : base(Word)
    {
        Hidden = true;
        SetAction((_, _) => Attacks.BareTarget.ServeAsync());
    }
}

/// <summary>How the benchmark starts a bare proxy in a process of its own.</summary>
internal sealed class ServeBareProxyCommand : Command
{
    public const string Word = "serve-bare-proxy";

    private readonly Argument<string> _upstream = new("UPSTREAM");

    public ServeBareProxyCommand()
        : base(Word)
    {
        Hidden = true;
        Arguments.Add(_upstream);
        SetAction((arguments, _) => BareProxy.ServeAsync(arguments.GetRequiredValue(_upstream)));
    }
}
