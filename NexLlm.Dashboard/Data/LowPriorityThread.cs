using System.Runtime.InteropServices;

namespace NexLlm.Dashboard.Data;

/// <summary>
/// Runs work that is not urgent on a thread of low priority, so that it takes no time from requests.
/// </summary>
internal static class LowPriorityThread
{
    /// <summary>On Linux's scale, where 0 is usual and 19 gets next to nothing: a search has to end on a busy machine too.</summary>
    private const int Niceness = 10;

    /// <summary>For work that blocks, such as reading much of a file.</summary>
    public static Task<T> RunAsync<T>(Func<T> work)
    {
        var done = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        new Thread(() =>
        {
            LowerPriority();
            try
            {
                done.SetResult(work());
            }
            catch (Exception error)
            {
                done.SetException(error);
            }
        })
        { Name = "Low-priority work", IsBackground = true }.Start();
        return done.Task;
    }

    /// <summary>The calling thread, for as long as it lives: so never one of the pool's.</summary>
    public static void LowerPriority()
    {
        Thread.CurrentThread.Priority = ThreadPriority.BelowNormal;
        if (OperatingSystem.IsLinux())
        {
            // .NET has no priorities there; the system has one for each thread. If it cannot be set, the work only competes more.
            _ = setpriority(which: 0, who: 0, Niceness);
        }
    }

#pragma warning disable SYSLIB1054, IDE1006 // Generated marshalling would need unsafe code for three numbers; the name is the system's.
    [DllImport("libc")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int setpriority(int which, int who, int priority);
#pragma warning restore SYSLIB1054, IDE1006
}
