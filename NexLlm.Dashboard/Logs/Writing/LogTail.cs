using NexLlm.Dashboard.Data;
using NexLlm.Dashboard.Events;

namespace NexLlm.Dashboard.Logs.Writing;

/// <summary>Newly written lines, for open pages that follow the log.</summary>
internal sealed class LogTail : Changes<IReadOnlyList<LogRow>>;
