using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Console;
using Microsoft.Extensions.Options;

namespace NexLlm.Dashboard.Hosting.Logging;

/// <summary>
/// Console logging under the framework's formatter names, <c>simple</c> for people and <c>json</c> for machines
/// (<c>Logging:Console:FormatterName</c>). Both apply <see cref="LogRedaction"/>.
/// </summary>
internal static class ConsoleLogging
{
    // "Hosting failed to start": Program prints the reason itself, or a stack trace for unexpected failures.
    private static readonly (string Category, int Id) _startFailed = ("Microsoft.Extensions.Hosting.Internal.Host", 11);

    public static void AddCleanConsole(this ILoggingBuilder logging)
    {
        logging.Services.RemoveAll<ConsoleFormatter>();
        logging.Services.AddSingleton<ConsoleFormatter, TextLogFormatter>();
        logging.Services.AddSingleton<ConsoleFormatter, JsonLogFormatter>();
        logging.Services.AddSingleton<IPostConfigureOptions<LoggerFilterOptions>, QuietCategories>();
    }

    public static bool IsToldOtherwise<TState>(in LogEntry<TState> entry) => (entry.Category, entry.EventId.Id) == _startFailed;
}
