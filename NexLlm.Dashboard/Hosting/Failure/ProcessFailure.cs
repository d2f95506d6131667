namespace NexLlm.Dashboard.Hosting.Failure;

/// <summary>
/// Ends the process when it cannot serve any more, with a code other than 0, so that its supervisor starts it again: when
/// nothing accepts connections, when a background service died, or when there is no memory left.
/// </summary>
internal sealed partial class ProcessFailure(IHostApplicationLifetime lifetime, ILogger<ProcessFailure> log) : IDisposable
{
    /// <summary>EX_SOFTWARE of sysexits.h.</summary>
    public const int ExitCode = 70;

    private readonly ManualResetEvent _stopped = new(initialState: false);
    private int _happened;

    public bool Happened => Volatile.Read(ref _happened) != 0;

    /// <summary>Returns at once.</summary>
    /// <param name="because">A sentence without its full stop.</param>
    /// <param name="timeToStop">For requests in progress and what is not yet written down.</param>
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
            // Then without saying goodbye.
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
