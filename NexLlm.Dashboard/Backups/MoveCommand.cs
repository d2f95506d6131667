using System.CommandLine;
using Microsoft.EntityFrameworkCore;
using NexLlm.Dashboard.Audit;
using NexLlm.Dashboard.Data;
using NexLlm.Dashboard.Data.Transfer;
using NexLlm.Dashboard.Hosting.Protection;
using NexLlm.Dashboard.Usage;

namespace NexLlm.Dashboard.Backups;

/// <summary><c>migrate-to-postgres</c> and <c>migrate-to-sqlite</c>: copies the database to another engine, and checks the copy.</summary>
internal sealed class MoveCommand : Command, IRunsAlone
{
    private readonly Argument<string> _connection = new("CONNECTION");
    private readonly ITransferTarget _target;
    private readonly IDatabaseEngine _engine;
    private readonly IDbContextFactory<NexLlmDbContext> _contexts;
    private readonly AuditChain _chain;
    private readonly MasterKey _masterKey;

    public MoveCommand(ITransferTarget target, IDatabaseEngine engine, IDbContextFactory<NexLlmDbContext> contexts, AuditChain chain, MasterKey masterKey)
        : base($"migrate-to-{target.Engine}", $"Copy the database to {target.Title}. Stop the server first.")
    {
        (_target, _engine, _contexts, _chain, _masterKey) = (target, engine, contexts, chain, masterKey);
        _connection.Description = $"Connection string of the new database, such as \"{target.Example}\".";
        Arguments.Add(_connection);
        SetAction(RunAsync);
    }

    private async Task<int> RunAsync(ParseResult arguments, CancellationToken cancellation)
    {
        if (_target.Engine == _engine.Name)
        {
            await Console.Error.WriteLineAsync($"The database is already there: {_engine.Location}.");
            return 1;
        }

        await using var target = await _target.OpenAsync(arguments.GetRequiredValue(_connection), cancellation);
        await using (var source = await _contexts.CreateDbContextAsync(cancellation))
        {
            await new DatabaseTransfer(source, target, Console.WriteLine).RunAsync(cancellation);
        }

        if (!await IsSoundAsync(new Contexts<NexLlmDbContext>(target.CreateContext), cancellation))
        {
            await Console.Error.WriteLineAsync($"FAILED: the copy in {target.Location} is not sound. Keep using {_engine.Location}, and delete the copy.");
            return 1;
        }

        await Console.Out.WriteLineAsync(
            $"""
            Copied to {target.Location}. The request log isn't copied; the next start recreates its entries from the charges.
            {_engine.Retire()}
            Before you start the server, set ConnectionStrings__{DatabaseOptions.ConnectionName} to the new database. {_masterKey.Continuation}
            """);
        return 0;
    }

    private async Task<bool> IsSoundAsync(IDbContextFactory<NexLlmDbContext> copy, CancellationToken cancellation)
    {
        var drift = await new LedgerVerification(copy).FindDriftAsync(cancellation);
        foreach (var sentence in drift)
        {
            await Console.Error.WriteLineAsync(sentence);
        }

        var audit = await new AuditVerification(copy, _chain).CheckAsync(cancellation: cancellation);
        await (audit.Misfit is null ? Console.Out : Console.Error).WriteLineAsync(audit.Sentence);
        return drift is [] && audit.Misfit is null;
    }
}
