using System.Runtime.ExceptionServices;

namespace NexLlm.Dashboard.Hosting.Failure;

/// <summary>
/// Looks whether there is memory at all after some of it was refused. That one large array could not be had ends one request;
/// that a small one cannot, again and again, ends the process.
/// </summary>
internal sealed class MemoryWatch(ProcessFailure failure) : IHostedService, IDisposable
{
    private const int Small = 256 * 1_024;
    private const int Tries = 5;

    private static readonly TimeSpan _between = TimeSpan.FromMilliseconds(500);

    /// <summary>Without memory hardly anything succeeds, so that it is not worth waiting for long.</summary>
    private static readonly TimeSpan _timeToStop = TimeSpan.FromSeconds(10);

    private readonly AutoResetEvent _refused = new(initialState: false);
    private readonly ManualResetEvent _over = new(initialState: false);
    private int _looks;

    /// <summary>How often it looked, and found that there is memory.</summary>
    internal int FalseAlarms => Volatile.Read(ref _looks);

    public Task StartAsync(CancellationToken cancellationToken)
    {
        AppDomain.CurrentDomain.FirstChanceException += Notice;
        // Made while there is memory.
        new Thread(Watch) { Name = "Memory watch", IsBackground = true }.Start();
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken)
    {
        AppDomain.CurrentDomain.FirstChanceException -= Notice;
        _over.Set();
        return Task.CompletedTask;
    }

    public void Dispose()
    {
        AppDomain.CurrentDomain.FirstChanceException -= Notice;
        _over.Set();
    }

    private void Notice(object? sender, FirstChanceExceptionEventArgs thrown)
    {
        if (thrown.Exception is OutOfMemoryException)
        {
            _refused.Set();
        }
    }

    private void Watch()
    {
        WaitHandle[] events = [_over, _refused];
        while (WaitHandle.WaitAny(events) != 0)
        {
            if (HasMemory())
            {
                Interlocked.Increment(ref _looks);
            }
            else
            {
                failure.End("The process is out of memory", _timeToStop);
                return;
            }
        }
    }

    private bool HasMemory()
    {
        for (var i = 0; i < Tries; i++)
        {
            try
            {
                GC.KeepAlive(GC.AllocateUninitializedArray<byte>(Small));
                return true;
            }
            catch (OutOfMemoryException)
            {
                if (_over.WaitOne(_between))
                {
                    return true;
                }
            }
        }

        return false;
    }
}
