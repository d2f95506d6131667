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
/// Who asks for an operation: the mandatory first argument of every service. It is a claim, not a proof: the service
/// looks the account and the login session up before it acts.
/// </summary>
/// <param name="AccountId">The account; null for the command line and for configuration.</param>
/// <param name="SessionId">The login session; <see cref="Guid.Empty"/> where <paramref name="AccountId"/> is null.</param>
/// <param name="Address">The client's address, null if unknown.</param>
public sealed record Actor(long? AccountId, Guid SessionId, IPAddress? Address)
{
    /// <summary>Whoever can run commands on the machine, who can read the database anyway.</summary>
    public static Actor Machine { get; } = new(null, Guid.Empty, null) { IsMachine = true };

    /// <summary>True only of <see cref="Machine"/>: a visitor whose address is unknown is not the machine.</summary>
    public bool IsMachine { get; private init; }

    public ActorKind Kind => IsMachine ? ActorKind.Machine : AccountId is null ? ActorKind.Visitor : ActorKind.Session;

    /// <summary>A visitor who is not logged in, as on the sign-up page.</summary>
    public static Actor Visitor(IPAddress? address) => new(null, Guid.Empty, address);
}
