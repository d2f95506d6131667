using System.Runtime.ExceptionServices;

namespace NexLlm.Dashboard.Hosting.Failure;

/// <summary>
/// Checks after a failed allocation whether any memory is available. If only a large array couldn't be allocated, one request fails; if
/// small allocations fail repeatedly, the process ends.
/// </summary>
internal sealed class MemoryWatch(ProcessFailure failure) : IHostedService, IDisposable
{
    private const int Small = 256 * 1_024;
    private const int Tries = 5;

    private static readonly TimeSpan _between = TimeSpan.FromMilliseconds(500);

    /// <summary>Short, because hardly anything succeeds without memory.</summary>
    private static readonly TimeSpan _timeToStop = TimeSpan.FromSeconds(10);

    private readonly AutoResetEvent _refused = new(initialState: false);
    private readonly ManualResetEvent _over = new(initialState: false);
    private int _looks;

    /// <summary>The number of checks that found memory available.</summary>
    internal int FalseAlarms => Volatile.Read(ref _looks);

    public Task StartAsync(CancellationToken cancellationToken)
    {
        AppDomain.CurrentDomain.FirstChanceException += Notice;
        // Started while memory is available.
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
