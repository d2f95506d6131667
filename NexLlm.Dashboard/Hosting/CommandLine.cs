using System.CommandLine;
using Microsoft.Extensions.Options;
using NexLlm.Dashboard.Data;
using NexLlm.Dashboard.Hosting.Failure;

namespace NexLlm.Dashboard.Hosting;

/// <summary>
/// Runs the server, or the command named by the arguments. Features add commands by
/// registering a <see cref="Command"/>, whose action finds the database ready.
/// </summary>
public static class CommandLine
{
    /// <summary>How long a command can run after Ctrl+C or SIGTERM before it is terminated.</summary>
    private static readonly TimeSpan _timeToTidyUp = TimeSpan.FromSeconds(10);

    /// <summary>Options alone (<c>--urls …</c>) are server settings; a first argument without dashes is a command.</summary>
    internal static bool IsCommand(string[] args) =>
        args is ["-h" or "-?" or "--help" or "--version", ..]
        || (args is [var first, ..] && first is not ['-' or '/', ..] && !first.Contains('='));

    /// <returns>The exit code.</returns>
    public static async Task<int> RunAsync(this WebApplication app, string[] args)
    {
        await using (app)
        {
            return IsCommand(args) ? await CommandAsync(app, args) : await ServeAsync(app);
        }
    }

    private static async Task<int> ServeAsync(WebApplication app)
    {
        app.Services.GetRequiredService<IStartupValidator>().Validate();
        await app.Services.GetRequiredService<DatabaseStartup>().PrepareForServerAsync();
        ReadyMessage.WriteWhenStarted(app);
        try
        {
            await app.StartAsync();
        }
        catch
        {
            // Background services are already running. Without an orderly stop, they would log their own cancellation as a failure.
            await app.StopAsync();
            throw;
        }

        await app.WaitForShutdownAsync();
        return app.Services.GetRequiredService<ProcessFailure>().Happened ? ProcessFailure.ExitCode : 0;
    }

    private static async Task<int> CommandAsync(WebApplication app, string[] args)
    {
        var root = new RootCommand("Self-hosted LLM gateway and API key dashboard. Runs the server if no command is given.");
        foreach (var command in app.Services.GetServices<Command>())
        {
            root.Subcommands.Add(command);
        }

        var parsed = root.Parse(args is ["help", .. var rest] ? [.. rest, "--help"] : args);
        if (parsed.Errors is [] && parsed.Action == parsed.CommandResult.Command.Action)
        {
            app.Services.GetRequiredService<IStartupValidator>().Validate();
            var startup = app.Services.GetRequiredService<DatabaseStartup>();
            await (parsed.CommandResult.Command switch
            {
                IPreparesItself => Task.CompletedTask,
                IRunsAlone => startup.PrepareForCommandAloneAsync(),
                _ => startup.PrepareForCommandAsync(),
            });
        }

        try
        {
            return await parsed.InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = _timeToTidyUp });
        }
        catch (OperationCanceledException e) when (e.CancellationToken.IsCancellationRequested)
        {
            await Console.Error.WriteLineAsync("Interrupted.");
            return 1;
        }
    }
}
