using NexLlm.Dashboard.Events;
using NexLlm.Dashboard.Audit;
using NexLlm.Dashboard.Data;

namespace NexLlm.Dashboard.Logs.Writing;

/// <summary>The lines that were just written, for whoever watches.</summary>
internal sealed class LogTail : Changes<IReadOnlyList<LogRow>>;
