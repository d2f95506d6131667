using System.Net;
using System.Net.Sockets;

namespace NexLlm.Dashboard.Benchmarks.Attacks;

/// <summary>Addresses of this machine that clients can come from, so that a limit per address does not take all of them for one.</summary>
internal static class Loopback
{
    public static IPAddress Administrator { get; } = new([127, 0, 0, 2]);

    public static IPAddress Member { get; } = new([127, 0, 0, 3]);

    public static IPAddress Attacker(int number) => new([127, 1, (byte)(number / 250), (byte)((number % 250) + 1)]);

    /// <summary>Connects from this address. Keeps no cookies and follows no redirects.</summary>
    public static SocketsHttpHandler HandlerFrom(IPAddress from) => new()
    {
        UseProxy = false,
        UseCookies = false,
        AllowAutoRedirect = false,
        ConnectCallback = (context, _) =>
        {
            var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            try
            {
                socket.Bind(new IPEndPoint(from, 0));
                socket.Connect(new IPEndPoint(IPAddress.Loopback, context.DnsEndPoint.Port));
                return new(new NetworkStream(socket, ownsSocket: true));
            }
            catch
            {
                socket.Dispose();
                throw;
            }
        },
    };
}
