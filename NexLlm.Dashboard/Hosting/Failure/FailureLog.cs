using System.Collections.Frozen;

namespace NexLlm.Dashboard.Hosting.Failure;

/// <summary>Detects fatal failures in the log, because the framework only logs when its listener or a background service fails.</summary>
internal sealed class FailureLog(IServiceProvider services) : ILoggerProvider
{
    /// <summary>Maps a category to the start of its message and the meaning of the failure.</summary>
    internal static readonly FrozenDictionary<string, (string Message, string Meaning)> Fatal = new Dictionary<string, (string, string)>
    {
        ["Microsoft.AspNetCore.Server.Kestrel"] = ("The connection listener failed to accept", "The server no longer accepts connections"),
        ["Microsoft.Extensions.Hosting.Internal.Host"] = ("The HostOptions.BackgroundServiceExceptionBehavior", "A background service has failed"),
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>Longer than the host's own shutdown timeout for requests in progress.</summary>
    private static readonly TimeSpan _timeToStop = TimeSpan.FromSeconds(45);

    public ILogger CreateLogger(string categoryName) =>
        Fatal.TryGetValue(categoryName, out var fatal) ? new Listener(services, fatal.Message, fatal.Meaning) : Deaf.Instance;

    public void Dispose()
    {
        // Holds no resources.
    }

    private sealed class Listener(IServiceProvider services, string message, string meaning) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel is LogLevel.Critical;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (logLevel is LogLevel.Critical && formatter(state, exception).StartsWith(message, StringComparison.Ordinal))
            {
                // Resolved late because it depends on logging itself.
                services.GetRequiredService<ProcessFailure>().End(meaning, _timeToStop);
            }
        }
    }

    private sealed class Deaf : ILogger
    {
        public static Deaf Instance { get; } = new();

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => false;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
        }
    }
}
