using System.Net.Sockets;
using System.Text;

namespace NexLlm.Dashboard.Tests.TestKit;

/// <summary>A request that is sent piece by piece, and need not be finished.</summary>
public sealed class RawRequest : IDisposable
{
    private readonly TcpClient _connection = new() { NoDelay = true };

    /// <summary>Sends the head of a chat, with whatever headers; the body is the caller's.</summary>
    public static async Task<RawRequest> BeginAsync(Caller caller, params string[] headers)
    {
        var request = new RawRequest();
        var address = caller.Http.BaseAddress!;
        await request._connection.ConnectAsync(address.Host, address.Port, TestContext.Current.CancellationToken);
        await request.SendAsync(Encoding.ASCII.GetBytes(
            $"POST /v1/chat/completions HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {caller.Secret}\r\nContent-Type: application/json\r\n{string.Concat(headers.Select(h => h + "\r\n"))}\r\n"));
        return request;
    }

    public async Task SendAsync(ReadOnlyMemory<byte> bytes) =>
        await _connection.GetStream().WriteAsync(bytes, TestContext.Current.CancellationToken);

    public Task SendAsync(string text) => SendAsync(Encoding.UTF8.GetBytes(text));

    /// <summary>The head of the answer, and what came with it.</summary>
    public async Task<string> AnswerAsync()
    {
        var bytes = new byte[8_192];
        var length = 0;
        do
        {
            var read = await _connection.GetStream().ReadAsync(bytes.AsMemory(length), TestContext.Current.CancellationToken);
            if (read == 0)
            {
                break;
            }

            length += read;
        }
        while (!Encoding.UTF8.GetString(bytes, 0, length).Contains("\r\n\r\n{", StringComparison.Ordinal));

        return Encoding.UTF8.GetString(bytes, 0, length);
    }

    public void Dispose() => _connection.Dispose();
}
