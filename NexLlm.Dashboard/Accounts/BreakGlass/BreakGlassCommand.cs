using System.CommandLine;
using Microsoft.Extensions.Options;
using NexLlm.Dashboard.Access;
using NexLlm.Dashboard.Settings;

namespace NexLlm.Dashboard.Accounts.BreakGlass;

/// <summary>
/// <c>break-glass --account EMAIL</c>: creates a one-time link that logs in as an
/// administrator, for an operator who can't log in any other way. Runs beside the server.
/// </summary>
internal sealed class BreakGlassCommand : Command
{
    private readonly Option<string> _email = new("--account") { Description = "Email of an administrator.", Required = true };
    private readonly Option<bool> _make = new("--make-administrator") { Description = "Create the account if needed, and make it an administrator." };
    private readonly Option<string?> _url = new("--url") { Description = "Where browsers find the dashboard. Default: the address it listens on." };
    private readonly BreakGlassLinks _links;
    private readonly IConfiguration _configuration;
    private readonly IOptions<ServerOptions> _server;

    public BreakGlassCommand(BreakGlassLinks links, IConfiguration configuration, IOptions<ServerOptions> server)
        : base("break-glass", "Print a one-time link that logs in as an administrator, whatever the log-in settings are.")
    {
        (_links, _configuration, _server) = (links, configuration, server);
        Options.Add(_email);
        Options.Add(_make);
        Options.Add(_url);
        SetAction(RunAsync);
    }

    private async Task<int> RunAsync(ParseResult arguments, CancellationToken cancellation)
    {
        var email = arguments.GetRequiredValue(_email);
        if ((arguments.GetValue(_url) ?? _configuration.FirstOpenableAddress()) is var site
            && (!Uri.TryCreate(site, UriKind.Absolute, out var address) || address.Scheme is not ("http" or "https")))
        {
            await Console.Error.WriteLineAsync("--url must be the dashboard's address, such as https://llm.example.com.");
            return 1;
        }

        switch (await _links.IssueAsync(Actor.Machine, email, arguments.GetValue(_make), cancellation))
        {
            case BreakGlassOutcome.Issued(var issued, var token, _, var isNew, var isPromoted):
                if (isPromoted)
                {
                    await Console.Out.WriteLineAsync(isNew ? $"{issued}: administrator account created" : $"{issued}: is an administrator now");
                }

                await Console.Out.WriteLineAsync(
                    $"Log in as {issued}: {site.TrimEnd('/')}{_server.Value.PathBase}/account/break-glass?token={token} (single use, valid {BreakGlassLinks.Lifetime.TotalMinutes:0} minutes)");
                return 0;
            case BreakGlassOutcome.InvalidEmail(var error):
                await Console.Error.WriteLineAsync($"--account: {error}");
                return 1;
            case BreakGlassOutcome.NotAdministrator(var member):
                await Console.Error.WriteLineAsync($"{member} is not an administrator. Name one, or add --make-administrator.");
                return 1;
            case BreakGlassOutcome.Disabled(var disabled):
                await Console.Error.WriteLineAsync($"{disabled} is disabled. Name another account, or a new one with --make-administrator.");
                return 1;
            default:
                await Console.Error.WriteLineAsync($"Account not found: {email}. Add --make-administrator to create it.");
                return 1;
        }
    }
}
