using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace NexLlm.Dashboard.Benchmarks.Gateway.Clients;

/// <summary>One client's connection: sends a request, reads its answer, never two at a time.</summary>
internal sealed class Connection : IDisposable
{
    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private readonly Load _load;
    private readonly byte[] _buffer = new byte[16 * 1024];
    private ResponseReader _reader;
    private int _buffered;
    private int _next;
    private long _sentAt;

    /// <param name="first">The request of the load that it starts with, so that connections do not march in step.</param>
    public Connection(IPEndPoint server, Load load, int first)
    {
        _load = load;
        _next = first % load.Requests.Count;
        _socket.Connect(server);
        _socket.Blocking = false;
    }

    public int Descriptor => (int)_socket.Handle;

    /// <summary>The answer that was just read is the expected one.</summary>
    public bool IsExpected => _reader.Status == _load.Expected.Status && (_load.Expected.BodyLength is not { } length || length == _reader.BodyLength);

    /// <summary>Ticks from sending the request until now.</summary>
    public long Elapsed => Stopwatch.GetTimestamp() - _sentAt;

    /// <summary>Bytes of body that the answer has brought so far.</summary>
    public long BodyLength => _reader.BodyLength;

    public void Send()
    {
        var request = _load.Requests[_next];
        _next = (_next + 1) % _load.Requests.Count;
        _reader = default;
        _sentAt = Stopwatch.GetTimestamp();
        if (_socket.Send(request) != request.Length)
        {
            throw new InvalidOperationException("A request did not fit into the socket's buffer.");
        }
    }

    /// <summary>Reads what is there; true when the answer is complete.</summary>
    public bool Receive()
    {
        var received = _socket.Receive(_buffer.AsSpan(_buffered), SocketFlags.None, out var error);
        if (error is SocketError.WouldBlock)
        {
            return false;
        }

        if (received == 0)
        {
            throw new InvalidOperationException($"The server closed a connection ({error}).");
        }

        var arrived = _buffer.AsSpan(0, _buffered + received);
        var read = _reader.Read(arrived);
        arrived[read..].CopyTo(_buffer);
        _buffered = arrived.Length - read;
        return _reader.IsComplete;
    }

    public void Dispose() => _socket.Dispose();
}
