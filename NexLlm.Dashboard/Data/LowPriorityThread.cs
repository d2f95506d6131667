using System.Runtime.InteropServices;

namespace NexLlm.Dashboard.Data;

/// <summary>Runs non-urgent work on a low-priority thread, so that it doesn't slow down requests.</summary>
internal static class LowPriorityThread
{
    /// <summary>On Linux's scale from 0 (default) to 19 (almost no CPU time). Moderate, so that a search also finishes on a busy machine.</summary>
    private const int Niceness = 10;

    /// <summary>For blocking work, such as reading a large part of a file.</summary>
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

    /// <summary>Lowers the calling thread's priority permanently. Never call this on a pool thread.</summary>
    public static void LowerPriority()
    {
        Thread.CurrentThread.Priority = ThreadPriority.BelowNormal;
        if (OperatingSystem.IsLinux())
        {
            // .NET ignores thread priorities on Linux, but the kernel supports a nice value per thread. A failure is harmless.
            _ = setpriority(which: 0, who: 0, Niceness);
        }
    }

#pragma warning disable SYSLIB1054, IDE1006 // Generated marshalling would require unsafe code for three integers; the name is the system's.
    [DllImport("libc")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int setpriority(int which, int who, int priority);
#pragma warning restore SYSLIB1054, IDE1006
}
