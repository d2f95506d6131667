using System.ComponentModel;
using System.Runtime.InteropServices;

namespace NexLlm.Dashboard.Benchmarks.Gateway.Clients;

/// <summary>
/// Linux's epoll: tells which of many sockets have something to read. One thread that asks it costs the machine a fraction
/// of what asynchronous sockets do, and what the load costs is taken from what it measures.
/// </summary>
internal sealed class Readiness : IDisposable
{
    private const int Add = 1;
    private const int CanRead = 1;
    private const int Interrupted = 4;
    private const int MostAtOnce = 256;

    // struct epoll_event is packed on x86-64 alone.
    private static readonly int _size = RuntimeInformation.ProcessArchitecture is Architecture.X64 ? 12 : 16;
    private static readonly int _indexAt = _size - 8;

    private readonly int _epoll = Checked(epoll_create1(0));
    private readonly byte[] _events = new byte[MostAtOnce * _size];

    /// <param name="descriptor">The socket.</param>
    /// <param name="index">What <see cref="Wait"/> calls it.</param>
    public void Watch(int descriptor, int index)
    {
        var entry = new byte[_size];
        MemoryMarshal.Write(entry, CanRead);
        MemoryMarshal.Write(entry.AsSpan(_indexAt), index);
        Checked(epoll_ctl(_epoll, Add, descriptor, entry));
    }

    /// <summary>Returns how many are ready; <see cref="Ready"/> names them. Zero after the time-out.</summary>
    public int Wait(TimeSpan timeout)
    {
        int ready;
        do
        {
            ready = epoll_wait(_epoll, _events, MostAtOnce, (int)timeout.TotalMilliseconds);
        }
        while (ready < 0 && Marshal.GetLastPInvokeError() == Interrupted);
        return Checked(ready);
    }

    public int Ready(int position) => MemoryMarshal.Read<int>(_events.AsSpan((position * _size) + _indexAt));

    public void Dispose() => _ = close(_epoll);

    private static int Checked(int result) => result < 0 ? throw new Win32Exception(Marshal.GetLastPInvokeError()) : result;

#pragma warning disable SYSLIB1054 // Source-generated marshalling would want unsafe code for what is only integers and bytes.
    [DllImport("libc", SetLastError = true)]
    private static extern int epoll_create1(int flags);

    [DllImport("libc", SetLastError = true)]
    private static extern int epoll_ctl(int epoll, int operation, int descriptor, byte[] entry);

    [DllImport("libc", SetLastError = true)]
    private static extern int epoll_wait(int epoll, byte[] events, int most, int milliseconds);

    [DllImport("libc", SetLastError = true)]
    private static extern int close(int descriptor);
#pragma warning restore SYSLIB1054
}
