using System.Diagnostics;
using System.Globalization;

namespace NexLlm.Dashboard.Data;

/// <summary>
/// Places at which a test kills the process, as a crash would, by <c>NEXLLM_FAILPOINT=name</c> or <c>name:nth</c>. Only in
/// debug builds.
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

    /// <summary>Around a commit: <c>before_settle_commit</c>.</summary>
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
