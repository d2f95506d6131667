using Microsoft.Data.Sqlite;
using NexLlm.Dashboard.Benchmarks.Gateway.Clients;
using NexLlm.Dashboard.Benchmarks.Gateway.Servers;

namespace NexLlm.Dashboard.Benchmarks.Gateway.Sections;

/// <summary>Streams as providers send them: does every chunk arrive, what does waiting cost, and is all of it charged?</summary>
internal sealed class PacedStreams : ISection
{
    private const int Streams = 256;

    private static readonly TimeSpan _untilAbort = TimeSpan.FromMilliseconds(300);
    private static readonly TimeSpan _untilSettled = TimeSpan.FromSeconds(35);

    public string Name => UpstreamManner.Paced.Word();

    public async Task RunAsync(Stage stage, Method method, Report report)
    {
        report.Section($"256 {UpstreamManner.Paced.Noun()}");
        var full = await stage.FullAsync();
        var load = Chat.ToGateway(Streams, UpstreamManner.Paced, full.Secrets);
        var results = Contest.Run(
            method,
            new Entrant("bare YARP", await stage.BareProxyAsync(), Chat.ToBareProxy(Streams, UpstreamManner.Paced)),
            new Entrant("gateway, FULL", full.Server, load));
        report.Table(results);
        report.Goal("256 paced streams: no chunk is lost", $"{results[1].Wrong} of {results[1].Answers:N0} streams were not whole", results[1].Wrong == 0);
        report.Goal("256 paced streams: at most 1.05 of bare YARP's CPU", $"{results[1].Cpu}", results[1].Cpu.Median <= 1.05);

        var (before, _) = Charges(full.DatabaseFile);
        using (var whole = new LoadGenerator(full.Server.EndPoint, load))
        {
            whole.Run(TimeSpan.Zero);
        }

        await AbortAsync(full.Server, load);
        var expected = before + (2 * Streams);
        var (charged, right) = await SettledAsync(full.DatabaseFile, expected);
        report.Goal(
            $"each of {Streams} whole and {Streams} aborted streams is charged, and every stream of this section with the upstream's figures",
            $"{charged - before} charges of {2 * Streams}; {right:N0} of {charged:N0} with its figures",
            charged == expected && right == charged);
    }

    /// <summary>Clients that go away in the middle of their answers, without having read them.</summary>
    private static async Task AbortAsync(Server server, Load load)
    {
        var connections = Enumerable.Range(0, Streams).Select(number => new Connection(server.EndPoint, load, number)).ToList();
        connections.ForEach(connection => connection.Send());
        await Task.Delay(_untilAbort);
        connections.ForEach(connection => connection.Dispose());
    }

    /// <summary>Aborted streams are read to their end, and then charged.</summary>
    private static async Task<(long All, long Right)> SettledAsync(string file, long expected)
    {
        var patience = Task.Delay(_untilSettled);
        var charges = Charges(file);
        while (charges != (expected, expected) && !patience.IsCompleted)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(250));
            charges = Charges(file);
        }

        return charges;
    }

    private static (long All, long Right) Charges(string file)
    {
        using var connection = new SqliteConnection($"Data Source={file};Mode=ReadOnly;Pooling=False");
        connection.Open();
        using var select = connection.CreateCommand();
        select.CommandText =
            """
            SELECT count(*), count(*) FILTER (WHERE State = 1 AND InputTokens = $input AND OutputTokens = $output)
            FROM Charges WHERE Model = $model
            """;
        select.Parameters.AddWithValue("$input", FakeUpstream.InputTokens);
        select.Parameters.AddWithValue("$output", FakeUpstream.OutputTokens);
        select.Parameters.AddWithValue("$model", UpstreamManner.Paced.Model());
        using var row = select.ExecuteReader();
        row.Read();
        return (row.GetInt64(0), row.GetInt64(1));
    }
}
