namespace NexLlm.Dashboard.Hosting.Failure;

/// <summary>
/// Ends the process with a nonzero exit code when it can no longer serve requests, so that its supervisor restarts it: when nothing accepts
/// connections, a background service failed, or memory is exhausted.
/// </summary>
internal sealed partial class ProcessFailure(IHostApplicationLifetime lifetime, ILogger<ProcessFailure> log) : IDisposable
{
    /// <summary>EX_SOFTWARE from sysexits.h.</summary>
    public const int ExitCode = 70;

    private readonly ManualResetEvent _stopped = new(initialState: false);
    private int _happened;

    public bool Happened => Volatile.Read(ref _happened) != 0;

    /// <summary>Returns immediately; the process ends in the background.</summary>
    /// <param name="because">A sentence without its final period.</param>
    /// <param name="timeToStop">The time for requests in progress and unwritten data.</param>
    public void End(string because, TimeSpan timeToStop)
    {
        if (Interlocked.Exchange(ref _happened, 1) == 0)
        {
            new Thread(() => Stop(because, timeToStop)) { Name = "Process failure", IsBackground = true }.Start();
        }
    }

    public void Dispose()
    {
        _stopped.Set();
        _stopped.Dispose();
    }

    private void Stop(string because, TimeSpan timeToStop)
    {
        try
        {
            Ending(because);
            lifetime.StopApplication();
            if (_stopped.WaitOne(timeToStop))
            {
                return;
            }
        }
        catch (OutOfMemoryException)
        {
            // Terminate without logging.
        }
        catch (ObjectDisposedException)
        {
            return;
        }

        Environment.FailFast(because);
    }

    [LoggerMessage(LogLevel.Critical, "{Reason}. Exiting so that the process can be restarted")]
    private partial void Ending(string reason);
}
