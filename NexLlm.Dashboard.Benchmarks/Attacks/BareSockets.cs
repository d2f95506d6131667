using System.Net;
using System.Net.WebSockets;
using NexLlm.Dashboard.Tests.Accounts;

namespace NexLlm.Dashboard.Benchmarks.Attacks;

/// <summary>A4: 20 accounts that just signed up open 1,000 connections to the pages' hub and never start a page on them.</summary>
internal sealed class BareSockets : IAttack
{
    private const int Accounts = 20;
    private const int SocketsEach = 50;

    private static readonly TimeSpan _time = TimeSpan.FromSeconds(10);

    private string[] _cookies = [];

    public string Name => "bare-sockets";

    public string Description => "A4: 20 fresh accounts, each from an address of its own, open 1,000 bare hub sockets";

    public IReadOnlyList<KeyValuePair<string, string?>> Settings { get; } = [];

    public async Task PrepareAsync(Target target)
    {
        var server = new Uri(target.Server.Address);
        _cookies = new string[Accounts];
        for (var account = 0; account < Accounts; account++)
        {
            using var visitor = new AccountVisitor(server, Loopback.Attacker(account));
            await People.EnsureAsync(visitor.SignUpAsync($"fresh-{account}@example.com"));
            _cookies[account] = visitor.CookieHeader(server);
        }
    }

    public async Task<string> RunAsync(Target target, CancellationToken cancellation)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        over.CancelAfter(_time);
        var accounts = await Task.WhenAll(Enumerable.Range(0, Accounts).Select(async account =>
        {
            using var client = new HttpMessageInvoker(Loopback.HandlerFrom(Loopback.Attacker(account)));
            var sockets = new List<Task<string>>();
            for (var number = 0; number < SocketsEach; number++)
            {
                var connected = new TaskCompletionSource();
                sockets.Add(HoldAsync(target, client, _cookies[account], connected, over.Token));
                await connected.Task;
            }

            return await Task.WhenAll(sockets);
        }));
        return Attackers.Summary(accounts.SelectMany(outcomes => outcomes));
    }

    /// <param name="connected">Set when the server has answered, whatever it answered.</param>
    private static async Task<string> HoldAsync(
        Target target, HttpMessageInvoker client, string cookies, TaskCompletionSource connected, CancellationToken over)
    {
        using var socket = new ClientWebSocket { Options = { CollectHttpResponseDetails = true } };
        socket.Options.SetRequestHeader("Cookie", cookies);
        socket.Options.SetRequestHeader("Origin", target.Server.Address);
        try
        {
            await socket.ConnectAsync(new UriBuilder(target.Server.Address) { Scheme = "ws", Path = "/_blazor" }.Uri, client, over);
            connected.SetResult();
            await socket.ReceiveAsync(new byte[256], over);
            return "closed";
        }
        catch (Exception e) when (e is OperationCanceledException or WebSocketException)
        {
            return socket.HttpStatusCode is HttpStatusCode.SwitchingProtocols ? (over.IsCancellationRequested ? "held to the end" : "closed")
                : socket.HttpStatusCode is 0 ? "no answer"
                : $"{(int)socket.HttpStatusCode}";
        }
        finally
        {
            connected.TrySetResult();
        }
    }
}
