using System.Net;

namespace NexLlm.Dashboard.Access;

/// <summary>How an actor proves who it is. Access control has a case for each, so a new kind doesn't compile until it is decided what it may do.</summary>
public enum ActorKind
{
    /// <summary>Not logged in.</summary>
    Visitor,

    /// <summary>A person with a session.</summary>
    Session,

    /// <summary>The command line or the configuration.</summary>
    Machine,
}

/// <summary>
/// The originator of an operation, passed as the first argument of every service. It is
/// a claim, not a proof: services look up the account and the session before they act.
/// </summary>
/// <param name="AccountId">The account; null for the command line and the configuration.</param>
/// <param name="SessionId">The session; <see cref="Guid.Empty"/> if <paramref name="AccountId"/> is null.</param>
/// <param name="Address">The client's IP address; null if unknown.</param>
public sealed record Actor(long? AccountId, Guid SessionId, IPAddress? Address)
{
    /// <summary>Anyone who can run commands on the server, and who can therefore read the database anyway.</summary>
    public static Actor Machine { get; } = new(null, Guid.Empty, null) { IsMachine = true };

    /// <summary>True only for <see cref="Machine"/>. A visitor with an unknown address is not the machine.</summary>
    public bool IsMachine { get; private init; }

    public ActorKind Kind => IsMachine ? ActorKind.Machine : AccountId is null ? ActorKind.Visitor : ActorKind.Session;

    /// <summary>A visitor who isn't logged in, for example on the sign-up page.</summary>
    public static Actor Visitor(IPAddress? address) => new(null, Guid.Empty, address);
}
