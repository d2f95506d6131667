using System.Globalization;
using System.Security.Cryptography;
using Microsoft.Data.Sqlite;
using NexLlm.Dashboard.Channels;
using NexLlm.Dashboard.Keys;

namespace NexLlm.Dashboard.Benchmarks.Gateway.Servers;

/// <summary>
/// Fills a database with keys, past everything that would make it slow. Every key has every kind of restriction, and every
/// account a quota, so that each request passes every check.
/// </summary>
internal static class KeyDatabase
{
    private const int Accounts = 1_000;
    private const long AccountTokens = RestrictedPolicy.TokenLimit * 1_000;

    /// <summary>The program has made the file, and has stopped. Returns the secrets of the keys that will be used: one an account.</summary>
    public static IReadOnlyList<KeySecret> Fill(string file, int keys)
    {
        using var connection = new SqliteConnection($"Data Source={file};Pooling=False");
        connection.Open();
        Execute(connection, "PRAGMA synchronous=OFF; PRAGMA cache_size=-1000000");
        using var transaction = connection.BeginTransaction();
        var accounts = Math.Min(Accounts, keys);
        var first = AddAccounts(connection, accounts);
        var secrets = AddKeys(connection, first, accounts, keys / accounts);
        transaction.Commit();
        Execute(connection, "PRAGMA wal_checkpoint(TRUNCATE)");
        return secrets;
    }

    private static long AddAccounts(SqliteConnection connection, int accounts)
    {
        using var insert = connection.CreateCommand();
        insert.CommandText =
            """
            INSERT INTO Accounts (CreatedAt, TokenLimit, UsedTokens, UserName, NormalizedUserName, Email, NormalizedEmail,
                SecurityStamp, ConcurrencyStamp, EmailConfirmed, PhoneNumberConfirmed, TwoFactorEnabled, LockoutEnabled, AccessFailedCount)
            VALUES (0, $limit, 0, $email, upper($email), $email, upper($email), $email, $email, 0, 0, 0, 0, 0)
            RETURNING Id
            """;
        insert.Parameters.AddWithValue("$limit", AccountTokens);
        var email = insert.Parameters.Add("$email", SqliteType.Text);
        var last = 0L;
        for (var number = 0; number < accounts; number++)
        {
            email.Value = string.Create(CultureInfo.InvariantCulture, $"account-{number}@example.com");
            last = (long)insert.ExecuteScalar()!;
        }

        return last - accounts + 1;
    }

    private static List<KeySecret> AddKeys(SqliteConnection connection, long firstAccount, int accounts, int keysEach)
    {
        using var group = connection.CreateCommand();
        group.CommandText = $"SELECT Id FROM ChannelGroups WHERE Name = '{ChannelGroup.DefaultName}'";
        var groupId = (long)group.ExecuteScalar()!;
        using var insert = connection.CreateCommand();
        insert.CommandText =
            """
            INSERT INTO ApiKeys (OwnerId, Name, NormalizedName, SecretHash, DisplayForm, IsEnabled, ExpiresAt, TokenLimit, AllowedModels,
                AllowedIps, AllowsAnyIp, GroupId, UsedTokens, CreatedAt, CreateRequestId, Version)
            VALUES ($owner, $name, $name, $hash, $display, 1, $expires, $limit, $models, $ips, 0, $group, 0, 0, $request, 1)
            """;
        var policy = RestrictedPolicy.Of(UpstreamManners.All.Select(manner => manner.Model()), groupId, TimeProvider.System.GetUtcNow());
        insert.Parameters.AddWithValue("$expires", policy.Expiration.At!.Value.ToUnixTimeMilliseconds());
        insert.Parameters.AddWithValue("$limit", policy.TokenLimit);
        insert.Parameters.AddWithValue("$models", policy.Models.ToStored());
        insert.Parameters.AddWithValue("$ips", policy.Ips.ToStored());
        insert.Parameters.AddWithValue("$group", policy.GroupId);
        var owner = insert.Parameters.Add("$owner", SqliteType.Integer);
        var name = insert.Parameters.Add("$name", SqliteType.Text);
        var hash = insert.Parameters.Add("$hash", SqliteType.Blob);
        var display = insert.Parameters.Add("$display", SqliteType.Text);
        var request = insert.Parameters.Add("$request", SqliteType.Text);
        var secrets = new List<KeySecret>(accounts);
        for (var number = 0; number < accounts * keysEach; number++)
        {
            var secret = KeySecret.Generate();
            owner.Value = firstAccount + (number / keysEach);
            name.Value = string.Create(CultureInfo.InvariantCulture, $"key-{number}");
            hash.Value = secret.Hash;
            display.Value = secret.DisplayForm;
            request.Value = new Guid(RandomNumberGenerator.GetBytes(16)).ToString().ToUpperInvariant();
            insert.ExecuteNonQuery();
            if (number % keysEach == 0)
            {
                secrets.Add(secret);
            }
        }

        return secrets;
    }

    private static void Execute(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
