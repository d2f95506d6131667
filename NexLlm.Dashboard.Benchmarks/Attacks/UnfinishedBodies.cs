using System.Net.Sockets;
using System.Text;

namespace NexLlm.Dashboard.Benchmarks.Attacks;

/// <summary>A2: 32 bodies of 33 MB that never end, again and again, from an account whose quota is 0, while the heap has 512 MB.</summary>
internal sealed class UnfinishedBodies : IAttack
{
    private const int Bodies = 32;
    private const int Announced = 33_000_000;
    private const int Sent = Announced - 1_000;

    private static readonly TimeSpan _time = TimeSpan.FromSeconds(10);

    public string Name => "unfinished-bodies";

    public string Description => "A2: 32 unfinished bodies of 33 MB from an account with quota 0, heap limit 512 MB";

    public bool NeedsOnlyKeys => true;

    public IReadOnlyList<KeyValuePair<string, string?>> Settings { get; } = [new("DOTNET_GCHeapHardLimit", "0x20000000")];

    public Task<string> RunAsync(Target target, CancellationToken cancellation) =>
        Attackers.RunAsync(Bodies, _time, (_, over) => HoldAsync(target, over), cancellation);

    private static async Task<string> HoldAsync(Target target, CancellationToken cancellation)
    {
        using var client = new TcpClient();
        try
        {
            await client.ConnectAsync(target.Server.EndPoint, cancellation);
            var stream = client.GetStream();
            await stream.WriteAsync(Encoding.ASCII.GetBytes(
                $"POST /v1/chat/completions HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {target.Penniless.Reveal()}\r\nContent-Type: application/json\r\nContent-Length: {Announced}\r\n\r\n"), cancellation);
            var answer = ReadAsync(stream, cancellation);
            var piece = new byte[1_000_000];
            piece.AsSpan().Fill((byte)' ');
            for (var sent = 0; sent < Sent && !answer.IsCompleted; sent += piece.Length)
            {
                await stream.WriteAsync(piece.AsMemory(0, Math.Min(piece.Length, Sent - sent)), cancellation);
            }

            return await answer;
        }
        catch (OperationCanceledException)
        {
            return "held to the end";
        }
        catch (Exception e) when (e is IOException or SocketException)
        {
            return "closed";
        }
    }

    private static async Task<string> ReadAsync(NetworkStream stream, CancellationToken cancellation)
    {
        var head = new byte[256];
        var read = await stream.ReadAsync(head, cancellation);
        return read < 12 ? "closed" : Encoding.ASCII.GetString(head, 9, 3);
    }
}
