using Microsoft.Extensions.Options;
using NexLlm.Dashboard.Access;
using NexLlm.Dashboard.Settings;

namespace NexLlm.Dashboard.Accounts.Sessions;

/// <summary>
/// Tracks the open connections of Blazor's hub by session, to close the tabs of a session that ends and to limit the number of tabs. A
/// connection counts as a tab once it has a circuit; until then, it is limited in number and time.
/// </summary>
public sealed class LiveConnections(IOptions<AccountsOptions> options, TimeProvider clock, ILogger<LiveConnections> logger)
{
    /// <summary>How long a tab of an ended session has to redirect to the login page. It can't change anything during that time.</summary>
    internal static readonly TimeSpan Farewell = TimeSpan.FromSeconds(1);

    /// <summary>The time limit for starting a circuit.</summary>
    internal static readonly TimeSpan TimeToBegin = TimeSpan.FromSeconds(30);

    /// <summary>The connections without a circuit allowed per account: a browser that comes back online reconnects all tabs simultaneously.</summary>
    internal const int WaitingPerAccount = 20;

    internal const int WaitingPerAddress = 100;

    private readonly Lock _lock = new();
    private readonly HashSet<Connection> _open = [];
    private readonly ConnectionCounts _tabs = new();
    private readonly ConnectionCounts _waiting = new();

    /// <summary>Raised when a session ends, shortly before its connections are closed.</summary>
    public event Action<Guid>? Ended;

    /// <summary>The sessions with open tabs.</summary>
    public IReadOnlyCollection<Guid> Sessions
    {
        get
        {
            lock (_lock)
            {
                return [.. _open.Select(c => c.SessionId).Distinct()];
            }
        }
    }

    /// <summary>Why the actor can't open another tab now; null if they can.</summary>
    /// <param name="asAdministrator">Whether to use the places reserved for administrators, regardless of the address limit.</param>
    internal Rejection? Refuses(Actor actor, bool asAdministrator = false)
    {
        lock (_lock)
        {
            return RefusesTab(actor.AccountId!.Value, ClientNetwork.Of(actor.Address), asAdministrator);
        }
    }

    /// <summary>Registers a connection until it is disposed. Returns null, with the reason, if there are too many.</summary>
    internal IConnection? Open(Actor actor, Action abort, bool asAdministrator, out Rejection? refusal)
    {
        lock (_lock)
        {
            var connection = new Connection(this, actor, abort);
            refusal = RefusesTab(connection.AccountId, connection.Network, asAdministrator)
                ?? (_waiting.Of(connection.AccountId) >= WaitingPerAccount ? Rejection.AccountFull
                    : !asAdministrator && _waiting.Of(connection.Network) >= WaitingPerAddress ? Rejection.AddressFull
                    : null);
            if (refusal is not null)
            {
                return null;
            }

            _open.Add(connection);
            _waiting.Add(connection.AccountId, connection.Network);
            connection.CloseAfter(TimeToBegin, clock);
            return connection;
        }
    }

    /// <summary>Closes the connections of ended sessions.</summary>
    public void End(params IReadOnlyCollection<Guid> sessions)
    {
        Connection[] theirs;
        lock (_lock)
        {
            theirs = [.. _open.Where(c => sessions.Contains(c.SessionId))];
            foreach (var connection in theirs)
            {
                connection.CloseAfter(Farewell, clock);
            }
        }

        foreach (var session in sessions)
        {
            Ended?.Invoke(session);
        }

        if (theirs.Length > 0)
        {
            logger.LogInformation("Closed {Tabs} open tabs: their session has ended", theirs.Length);
        }
    }

    private Rejection? RefusesTab(long accountId, string network, bool asAdministrator) =>
        _tabs.Of(accountId) >= options.Value.TabsPerAccount ? Rejection.AccountFull
        : _tabs.Count >= (asAdministrator ? options.Value.Tabs : options.Value.TabsForAll) ? Rejection.ServerFull
        : !asAdministrator && _tabs.Of(network) >= options.Value.TabsPerAddress ? Rejection.AddressFull
        : null;

    private Rejection? Begin(Connection connection, bool asAdministrator)
    {
        lock (_lock)
        {
            if (connection.IsTab || !_open.Contains(connection))
            {
                return null;
            }

            if (RefusesTab(connection.AccountId, connection.Network, asAdministrator) is { } refusal)
            {
                return refusal;
            }

            connection.IsTab = true;
            connection.KeepOpen();
            _waiting.Remove(connection.AccountId, connection.Network);
            _tabs.Add(connection.AccountId, connection.Network);
            return null;
        }
    }

    private void GiveBack(Connection connection)
    {
        lock (_lock)
        {
            if (connection.IsTab && _open.Contains(connection))
            {
                connection.IsTab = false;
                connection.CloseAfter(TimeToBegin, clock);
                _tabs.Remove(connection.AccountId, connection.Network);
                _waiting.Add(connection.AccountId, connection.Network);
            }
        }
    }

    private void Forget(Connection connection)
    {
        lock (_lock)
        {
            if (_open.Remove(connection))
            {
                (connection.IsTab ? _tabs : _waiting).Remove(connection.AccountId, connection.Network);
            }

            connection.KeepOpen();
        }
    }

    /// <summary>Why no more tabs can be opened.</summary>
    public enum Rejection
    {
        AccountFull,
        AddressFull,
        ServerFull,
    }

    /// <summary>An open connection that can become a tab.</summary>
    internal interface IConnection : IDisposable
    {
        Actor Actor { get; }

        /// <summary>Counts the connection as a tab before its circuit starts.</summary>
        Rejection? Begin(bool asAdministrator);

        /// <summary>Reverts <see cref="Begin"/> when the circuit didn't start.</summary>
        void GiveBack();
    }

    private sealed class Connection(LiveConnections owner, Actor actor, Action abort) : IConnection
    {
        private ITimer? _closing;
        private bool _isEnding;

        public Actor Actor => actor;

        public long AccountId { get; } = actor.AccountId!.Value;

        public string Network { get; } = ClientNetwork.Of(actor.Address);

        public Guid SessionId => actor.SessionId;

        public bool IsTab { get; set; }

        public Rejection? Begin(bool asAdministrator) => owner.Begin(this, asAdministrator);

        public void GiveBack() => owner.GiveBack(this);

        public void Dispose() => owner.Forget(this);

        /// <summary>Requires the owner's lock, like the members below.</summary>
        public void CloseAfter(TimeSpan time, TimeProvider clock)
        {
            if (_isEnding)
            {
                return;
            }

            _isEnding = time == Farewell;
            _closing?.Dispose();
            _closing = clock.CreateTimer(_ => abort(), null, time, Timeout.InfiniteTimeSpan);
        }

        /// <summary>Has no effect if the session has ended.</summary>
        public void KeepOpen()
        {
            if (!_isEnding || !owner._open.Contains(this))
            {
                _closing?.Dispose();
                _closing = null;
            }
        }
    }
}
