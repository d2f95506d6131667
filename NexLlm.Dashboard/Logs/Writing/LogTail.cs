using NexLlm.Dashboard.Data;
using NexLlm.Dashboard.Events;

namespace NexLlm.Dashboard.Logs.Writing;

/// <summary>The lines that were just written, for whoever watches.</summary>
internal sealed class LogTail : Changes<IReadOnlyList<LogRow>>;
