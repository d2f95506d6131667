using System.Diagnostics;
using System.Globalization;

namespace NexLlm.Dashboard.Data;

/// <summary>
/// Points where a test kills the process to simulate a crash, set with <c>NEXLLM_FAILPOINT=name</c> or <c>name:nth</c>. Debug builds only.
/// </summary>
internal static class Failpoint
{
    private static readonly (string Name, int Nth) _chosen = Chosen(Environment.GetEnvironmentVariable("NEXLLM_FAILPOINT"));
    private static int _hits;

    [Conditional("DEBUG")]
    public static void Hit(string name)
    {
        if (name == _chosen.Name && Interlocked.Increment(ref _hits) == _chosen.Nth)
        {
            using var self = Process.GetCurrentProcess();
            self.Kill();
            self.WaitForExit();
        }
    }

    /// <summary>A failpoint around a commit, for example <c>before_settle_commit</c>.</summary>
    [Conditional("DEBUG")]
    public static void Hit(string moment, string group)
    {
        if (_chosen.Name.Length > 0)
        {
            Hit($"{moment}_{group}_commit");
        }
    }

    private static (string Name, int Nth) Chosen(string? text) => text?.Split(':') switch
    {
        null => ("", 0),
        [var name, var nth] => (name, int.Parse(nth, CultureInfo.InvariantCulture)),
        [var name, ..] => (name, 1),
        [] => ("", 0),
    };
}
