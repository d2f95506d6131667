using System.Net.Sockets;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Microsoft.Extensions.Options;
using Npgsql;

namespace NexLlm.Dashboard.Data.Postgres;

/// <summary>Prepares the database and locks out other servers until disposed.</summary>
internal sealed class PostgresStartup(
    IOptions<PostgresOptions> options, IDbContextFactory<PostgresContext> contexts, SchemaUpgrade schema, IServiceProvider services) : DatabaseStartup(services)
{
    private InstanceSession? _session;

    public override Task PrepareForServerAsync(CancellationToken cancellation = default) => InWordsAsync(async () =>
    {
        _session = await TakeAsync(cancellation) ?? throw new StartRefusedException(
            $"Another NexLLM Dashboard is using {options.Value.Location}. Stop it, or set ConnectionStrings__{DatabaseOptions.ConnectionName} to another database.");
        await PrepareAsync(cancellation);
    });

    public override Task PrepareForCommandAloneAsync(Func<Task>? first = null, CancellationToken cancellation = default) => InWordsAsync(async () =>
    {
        _session = await TakeAsync(cancellation) ?? throw new StartRefusedException(
            $"A server is using {options.Value.Location}. Stop it first, then run this command.");
        await (first?.Invoke() ?? Task.CompletedTask);
        await PrepareAsync(cancellation);
    });

    public override Task PrepareForCommandAsync(CancellationToken cancellation = default) => InWordsAsync(async () =>
    {
        await using var alone = await TakeAsync(cancellation);
        if (alone is not null)
        {
            await PrepareAsync(cancellation);
            return;
        }

        await schema.RequireCurrentAsync(cancellation);
        await RequireAsync(cancellation);
    });

    /// <summary>Completes when the connection that holds the lock has ended.</summary>
    public async Task LostAsync(CancellationToken cancellation)
    {
        try
        {
            await _session!.EndAsync(cancellation);
        }
        catch (Exception e) when (e is NpgsqlException or IOException or InvalidOperationException)
        {
            // However it has ended, the lock has to be taken again.
        }
    }

    /// <summary>Takes the lock again after it was lost.</summary>
    /// <returns>False if another server has taken it in the meantime.</returns>
    /// <exception cref="NpgsqlException">The server can't be reached.</exception>
    public async Task<bool> RegainAsync(CancellationToken cancellation)
    {
        var session = await InstanceSession.OpenAsync(options.Value.ConnectionString, cancellation);
        try
        {
            // The server may not have noticed that the old connection is gone.
            await session.EndOtherAsync(_session!.ProcessId, cancellation);
            if (await session.TryLockAsync(cancellation))
            {
                (_session, session) = (session, _session);
                return true;
            }
        }
        finally
        {
            await session.DisposeAsync();
        }

        return false;
    }

    public override void Dispose() => _session?.Dispose();

    private async Task PrepareAsync(CancellationToken cancellation)
    {
        // EF Core would ask a missing table for the applied migrations, and log the error.
        await using (var db = await contexts.CreateDbContextAsync(cancellation))
        {
            await db.GetService<IHistoryRepository>().CreateIfNotExistsAsync(cancellation);
        }

        await schema.RunAsync(cancellation);
        await RunPreparationsAsync(cancellation);
    }

    private async Task<InstanceSession?> TakeAsync(CancellationToken cancellation)
    {
        var session = await InstanceSession.OpenAsync(options.Value.ConnectionString, cancellation);
        try
        {
            await RequireUsableAsync(session, cancellation);
            if (await session.TryLockAsync(cancellation))
            {
                return session;
            }
        }
        catch
        {
            await session.DisposeAsync();
            throw;
        }

        await session.DisposeAsync();
        return null;
    }

    private static async Task RequireUsableAsync(InstanceSession session, CancellationToken cancellation)
    {
        if (session.Version.Major < PostgresOptions.OldestVersion)
        {
            throw new StartRefusedException($"The server runs PostgreSQL {session.Version}. Upgrade it to {PostgresOptions.OldestVersion} or later.");
        }

        if (await session.EncodingAsync(cancellation) is not "UTF8" and var encoding)
        {
            throw new StartRefusedException($"The database has the encoding {encoding}. Create one with ENCODING 'UTF8'.");
        }
    }

    private async Task InWordsAsync(Func<Task> start)
    {
        try
        {
            await start();
        }
        catch (PostgresException e)
        {
            throw new StartRefusedException(InWords(e), e);
        }
        catch (Exception e) when (e is NpgsqlException or SocketException or TimeoutException)
        {
            throw new StartRefusedException(
                $"Can't reach {options.Value.Location} ({(e.InnerException ?? e).Message.TrimEnd('.')}). Start the server, or correct {DatabaseOptions.ConnectionSetting}.", e);
        }
    }

    private string InWords(PostgresException e) => e.SqlState switch
    {
        PostgresErrorCodes.InvalidPassword or PostgresErrorCodes.InvalidAuthorizationSpecification =>
            $"{options.Value.Location} rejected the user {options.Value.Username} ({e.MessageText}). Correct Username and Password in {DatabaseOptions.ConnectionSetting}.",
        PostgresErrorCodes.InvalidCatalogName =>
            $"{options.Value.Location} doesn't exist. Create it: CREATE DATABASE {options.Value.Database} OWNER {options.Value.Username} ENCODING 'UTF8';",
        PostgresErrorCodes.InsufficientPrivilege =>
            $"The user {options.Value.Username} lacks a privilege in {options.Value.Location} ({e.MessageText}). Make it the owner: ALTER DATABASE {options.Value.Database} OWNER TO {options.Value.Username};",
        PostgresErrorCodes.ReadOnlySqlTransaction =>
            $"{options.Value.Location} is read-only. Use the primary server, not a standby.",
        PostgresErrorCodes.TooManyConnections =>
            $"{options.Value.Location} has no free connection. Raise max_connections, or close other programs.",
        PostgresErrorCodes.CannotConnectNow => $"{options.Value.Location} is starting up or shutting down. Try again in a moment.",
        PostgresErrorCodes.DiskFull => $"The disk of {options.Value.Location} is full. Free up space and try again.",
        _ => $"Can't use {options.Value.Location} ({e.SqlState}: {e.MessageText}).",
    };
}
