using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Console;

namespace NexLlm.Dashboard.Hosting.Logging;

/// <summary>Writes one JSON object per line for machines, including the message's named arguments.</summary>
internal sealed class JsonLogFormatter(TimeProvider clock) : ConsoleFormatter(ConsoleFormatterNames.Json)
{
    private static readonly JsonSerializerOptions _json = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public override void Write<TState>(in LogEntry<TState> logEntry, IExternalScopeProvider? scopeProvider, TextWriter textWriter)
    {
        if (ConsoleLogging.IsToldOtherwise(logEntry))
        {
            return;
        }

        var entry = new Dictionary<string, object?>
        {
            ["time"] = clock.GetUtcNow().UtcDateTime,
            ["level"] = logEntry.LogLevel.ToString(),
            ["category"] = logEntry.Category,
            ["message"] = LogRedaction.Clean(logEntry.Formatter(logEntry.State, logEntry.Exception)),
        };
        if (logEntry.Exception is { } exception)
        {
            entry["exception"] = LogRedaction.Clean(exception.ToString());
        }

        var parts = new Dictionary<string, string?>();
        scopeProvider?.ForEachScope(Add, parts);
        Add(logEntry.State, parts);
        if (parts.Count > 0)
        {
            entry["parts"] = parts;
        }

        textWriter.WriteLine(JsonSerializer.Serialize(entry, _json));
    }

    private static void Add(object? state, Dictionary<string, string?> parts)
    {
        if (state is IEnumerable<KeyValuePair<string, object?>> named)
        {
            foreach (var (name, value) in named)
            {
                if (name != "{OriginalFormat}")
                {
                    parts[name] = value is null ? null : LogRedaction.Clean(value.ToString()!);
                }
            }
        }
    }
}
