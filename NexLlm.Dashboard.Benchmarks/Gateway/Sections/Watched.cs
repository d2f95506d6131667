using System.Globalization;
using System.Text;
using NexLlm.Dashboard.Benchmarks.Gateway.Clients;
using NexLlm.Dashboard.Benchmarks.Gateway.Servers;
using NexLlm.Dashboard.Benchmarks.Logs;
using NexLlm.Dashboard.Tests.Accounts;

namespace NexLlm.Dashboard.Benchmarks.Gateway.Sections;

/// <summary>Does a gateway at 70 % of what it can carry feel that people search a log of ten million lines, and export from it?</summary>
internal sealed class Watched : ISection
{
    private const int MostConnections = 1_024;
    private const double Share = 0.7;

    public string Name => "watched";

    public async Task RunAsync(Stage stage, Method method, Report report)
    {
        report.Section($"Searched and exported from at 70 % of its load: {UpstreamManner.Slow.Noun()}");
        var logged = await stage.LoggedAsync();
        var load = Chat.ToGateway(MostConnections, UpstreamManner.Slow, logged.Secrets);
        double answers;
        using (var all = new LoadGenerator(logged.Server.EndPoint, load))
        {
            all.Run(method.WarmUp);
            answers = all.Run(method.Window)[0].PerSecond;
        }

        // While it is not at its limit, a connection waits for little but the upstream.
        load = load with { Connections = Math.Clamp((int)(Share * answers * FakeUpstream.Thinking.TotalSeconds), 1, MostConnections) };
        var people = await PeopleAsync(logged.Server);
        var results = Contest.Run(
            method,
            new Entrant("gateway", logged.Server, load),
            new Entrant("gateway, searched and exported from", logged.Server, load, people));
        report.Table(results);
        var looks = results[1].Windows.Sum(window => window.Beside!.Answers);
        report.Goal($"searching and exporting moves p99 by at most 10 %, {load.Connections} connections, {looks} looks", $"{results[1].P99}", results[1].P99.Median <= 1.1);
    }

    /// <summary>Somebody who asks again as soon as the page or file is there, faster than a person can: what is newest, what is rare, and an hour of everybody's requests as CSV.</summary>
    private static async Task<Load> PeopleAsync(Server server)
    {
        using var administrator = new AccountVisitor(new Uri(server.Address));
        using var answer = await administrator.LogInAsync(Servers.Dashboard.AdminEmail, Servers.Dashboard.AdminPassword);
        var cookies = administrator.Cookies.GetCookieHeader(new Uri(server.Address));
        var begin = TimeProvider.System.GetUtcNow().AddDays(-3);
        var hour = string.Create(CultureInfo.InvariantCulture, $"from={begin:yyyy-MM-ddTHH:mm:ssZ}&to={begin.AddHours(1):yyyy-MM-ddTHH:mm:ssZ}");
        string[] paths = ["/logs", $"/logs?range=30d&model={LogDatabase.RareModel}", "/logs?status=failed", $"/logs/export?{hour}", "/logs?range=30d&account=7"];
        return new Load(1, [.. paths.Select(path => Request(path, cookies))], new(200, null));
    }

    private static byte[] Request(string path, string cookies) =>
        Encoding.ASCII.GetBytes($"GET {path} HTTP/1.1\r\nHost: localhost\r\nAccept: text/html\r\nCookie: {cookies}\r\n\r\n");
}
