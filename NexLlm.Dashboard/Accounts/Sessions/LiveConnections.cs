using Microsoft.Extensions.Options;
using NexLlm.Dashboard.Audit;

namespace NexLlm.Dashboard.Accounts.Sessions;

/// <summary>
/// The open connections of Blazor's hub, each a tab, by the login they belong to: so that the end of a login closes its
/// tabs, and nobody opens tabs without end.
/// </summary>
public sealed class LiveConnections(IOptions<AccountsOptions> options, TimeProvider clock, ILogger<LiveConnections> logger)
{
    /// <summary>How long a tab has to lead its person to the log-in page by itself. It can change nothing any more.</summary>
    internal static readonly TimeSpan Farewell = TimeSpan.FromSeconds(1);

    private readonly Lock _lock = new();
    private readonly Dictionary<long, List<Connection>> _byAccount = [];
    private int _count;

    /// <summary>A login is over; its connections close a moment later.</summary>
    public event Action<Guid>? Ended;

    /// <summary>The logins that have a tab open.</summary>
    public IReadOnlyCollection<Guid> Sessions
    {
        get
        {
            lock (_lock)
            {
                return [.. _byAccount.Values.SelectMany(c => c).Select(c => c.SessionId).Distinct()];
            }
        }
    }

    /// <summary>Why the account may not open another tab now; null if it may.</summary>
    public Refusal? Refuses(long accountId)
    {
        lock (_lock)
        {
            return _count >= options.Value.Tabs ? Refusal.ServerFull
                : _byAccount.TryGetValue(accountId, out var own) && own.Count >= options.Value.TabsPerAccount ? Refusal.AccountFull
                : null;
        }
    }

    /// <summary>Counts a connection until it is disposed; null, with the reason, if there are too many.</summary>
    internal IDisposable? Open(Actor actor, Action abort, out Refusal? refusal)
    {
        lock (_lock)
        {
            var accountId = actor.AccountId!.Value;
            if ((refusal = Refuses(accountId)) is not null)
            {
                return null;
            }

            var connection = new Connection(this, accountId, actor.SessionId, abort);
            if (!_byAccount.TryGetValue(accountId, out var own))
            {
                _byAccount[accountId] = own = [];
            }

            own.Add(connection);
            _count++;
            return connection;
        }
    }

    /// <summary>Closes what belongs to logins that are over.</summary>
    public void End(params IReadOnlyCollection<Guid> sessions)
    {
        Connection[] theirs;
        lock (_lock)
        {
            theirs = [.. _byAccount.Values.SelectMany(c => c).Where(c => sessions.Contains(c.SessionId))];
        }

        foreach (var connection in theirs)
        {
            connection.CloseAfter(Farewell, clock);
        }

        foreach (var session in sessions)
        {
            Ended?.Invoke(session);
        }

        if (theirs.Length > 0)
        {
            logger.LogInformation("{Tabs} open tabs are closed: their login has ended", theirs.Length);
        }
    }

    private void Forget(Connection connection)
    {
        lock (_lock)
        {
            if (_byAccount.TryGetValue(connection.AccountId, out var own) && own.Remove(connection))
            {
                _count--;
                if (own is [])
                {
                    _byAccount.Remove(connection.AccountId);
                }
            }
        }
    }

    /// <summary>Why no more tabs can be opened.</summary>
    public enum Refusal
    {
        AccountFull,
        ServerFull,
    }

    private sealed class Connection(LiveConnections owner, long accountId, Guid sessionId, Action abort) : IDisposable
    {
        private ITimer? _closing;

        public long AccountId => accountId;

        public Guid SessionId => sessionId;

        public void CloseAfter(TimeSpan farewell, TimeProvider clock)
        {
            var timer = clock.CreateTimer(_ => abort(), null, farewell, Timeout.InfiniteTimeSpan);
            Interlocked.Exchange(ref _closing, timer)?.Dispose();
        }

        public void Dispose()
        {
            owner.Forget(this);
            Interlocked.Exchange(ref _closing, null)?.Dispose();
        }
    }
}
