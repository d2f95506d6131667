using NexLlm.Dashboard.Data;
using NexLlm.Dashboard.Events;

namespace NexLlm.Dashboard.Logs.Writing;

/// <summary>The lines that were just written, for open pages that follow the log.</summary>
internal sealed class LogTail : Changes<IReadOnlyList<LogRow>>;
