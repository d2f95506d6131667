using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.Extensions.Options;
using NexLlm.Dashboard.Accounts.SignUp;
using NexLlm.Dashboard.Settings;

namespace NexLlm.Dashboard.Accounts.FirstStart;

/// <summary>If there is no administrator, creates the one in the configuration or prints a setup link.</summary>
internal sealed class SetupAtStart(
    FirstAdministrator first, IOptions<SetupOptions> options, IOptions<ServerOptions> site, IServer server, ILogger<SetupAtStart> logger) : IHostedLifecycleService
{
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        if (!options.Value.IsGiven || !await first.IsPendingAsync(cancellationToken))
        {
            return;
        }

        var outcome = await first.SetUpUnattendedAsync(new NewAccount(options.Value.AdminEmail, options.Value.AdminPassword), cancellationToken);
        if (outcome is NewAccountOutcome.Created)
        {
            logger.LogInformation("Created the first administrator from the settings. Setup:AdminPassword can be removed now");
        }
        else
        {
            logger.LogError("Setup:AdminEmail belongs to an account that is not an administrator: remove the setting and use the setup link");
        }
    }

    /// <summary>Bypasses the logger: logs are collected and stored, and this link grants administrator access.</summary>
    public async Task StartedAsync(CancellationToken cancellationToken)
    {
        if (await first.IsPendingAsync(cancellationToken))
        {
            Console.WriteLine($"Create the first administrator: {server.OpenableAddresses()[0]}{site.Value.PathBase}/account/setup?token={first.IssueToken()} (single use, valid {FirstAdministrator.LinkLifetime.TotalMinutes:0} minutes)");
        }
    }

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
