using System.Globalization;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Console;

namespace NexLlm.Dashboard.Hosting.Logging;

/// <summary>Writes one line per entry for people, followed by an indented exception if there is one.</summary>
internal sealed class TextLogFormatter(TimeProvider clock) : ConsoleFormatter(ConsoleFormatterNames.Simple)
{
    public override void Write<TState>(in LogEntry<TState> logEntry, IExternalScopeProvider? scopeProvider, TextWriter textWriter)
    {
        if (ConsoleLogging.IsToldOtherwise(logEntry))
        {
            return;
        }

        var now = clock.GetUtcNow().ToString("yyyy-MM-dd HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
        var message = LogRedaction.OneLine(LogRedaction.Clean(logEntry.Formatter(logEntry.State, logEntry.Exception)));
        textWriter.WriteLine($"{now} {Word(logEntry.LogLevel)} {logEntry.Category}: {message}");
        if (logEntry.Exception is { } exception)
        {
            foreach (var line in LogRedaction.Clean(exception.ToString()).Split('\n'))
            {
                textWriter.WriteLine($"    {LogRedaction.OneLine(line)}");
            }
        }
    }

    private static string Word(LogLevel level) => level switch
    {
        LogLevel.Trace => "trace",
        LogLevel.Debug => "debug",
        LogLevel.Information => "info ",
        LogLevel.Warning => "warn ",
        LogLevel.Error => "error",
        LogLevel.Critical => "fatal",
        LogLevel.None => "     ",
    };
}
