using System.Diagnostics;
using System.Net;

namespace NexLlm.Dashboard.Benchmarks.Gateway.Clients;

/// <summary>One thread that keeps the connections of one or more loads on one server busy. They stay open between windows.</summary>
internal sealed class LoadGenerator : IDisposable
{
    // More than any answer here takes: whoever waits longer, waits for an answer that will not come.
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(60);

    private readonly Readiness _readiness = new();
    private readonly List<(Connection Connection, int Load)> _connections = [];
    private readonly int _loads;

    public LoadGenerator(IPEndPoint server, params IReadOnlyList<Load> loads)
    {
        _loads = loads.Count;
        foreach (var (index, load) in loads.Index())
        {
            for (var number = 0; number < load.Connections; number++)
            {
                var connection = new Connection(server, load, first: number * load.Requests.Count / load.Connections);
                _readiness.Watch(connection.Descriptor, _connections.Count);
                _connections.Add((connection, index));
            }
        }
    }

    /// <summary>Sends for the length of the window, then waits for the answers that are under way. One tally a load.</summary>
    public Tally[] Run(TimeSpan window)
    {
        var tallies = Enumerable.Range(0, _loads).Select(_ => new Tally(window)).ToArray();
        foreach (var (connection, _) in _connections)
        {
            connection.Send();
        }

        var start = Stopwatch.GetTimestamp();
        var underWay = _connections.Count;
        while (underWay > 0)
        {
            var ready = _readiness.Wait(_patience);
            if (ready == 0)
            {
                throw new TimeoutException($"{underWay} answers did not come within {_patience.TotalSeconds} seconds.");
            }

            for (var position = 0; position < ready; position++)
            {
                var (connection, load) = _connections[_readiness.Ready(position)];
                if (connection.Receive())
                {
                    var inTime = Stopwatch.GetElapsedTime(start) < window;
                    tallies[load].Add(connection.Elapsed, connection.IsExpected, inTime);
                    if (inTime)
                    {
                        connection.Send();
                    }
                    else
                    {
                        underWay--;
                    }
                }
            }
        }

        return tallies;
    }

    public void Dispose()
    {
        foreach (var (connection, _) in _connections)
        {
            connection.Dispose();
        }

        _readiness.Dispose();
    }
}
