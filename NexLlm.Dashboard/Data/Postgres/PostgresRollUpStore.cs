using Npgsql;

namespace NexLlm.Dashboard.Data.Postgres;

/// <summary>Adds to the roll-up tables with one statement for each.</summary>
internal sealed class PostgresRollUpStore : IRollUpStore
{
    private const string Sums = UsageSumsArrays.Names;

    private readonly NpgsqlConnection? _connection;

    private readonly ArrayStatement _quarters;
    private readonly List<long> _quarter;
    private readonly List<long> _quarterKey;
    private readonly List<long> _quarterGroup;
    private readonly List<string> _quarterModel;
    private readonly List<long> _quarterAccount;
    private readonly UsageSumsArrays _quarterSums;
    private readonly List<long> _quarterCounted;

    private readonly ArrayStatement _models;
    private readonly List<int> _modelPeriod;
    private readonly List<long> _modelStart;
    private readonly List<long> _modelAccount;
    private readonly List<string> _model;
    private readonly UsageSumsArrays _modelSums;

    private readonly ArrayStatement _keys;
    private readonly List<int> _keyPeriod;
    private readonly List<long> _keyStart;
    private readonly List<long> _keyAccount;
    private readonly List<long> _key;
    private readonly UsageSumsArrays _keySums;

    /// <summary>Writes in the connection's current transaction.</summary>
    public PostgresRollUpStore(NpgsqlConnection connection)
        : this("true") => _connection = connection;

    /// <summary>Collects <see cref="Statements"/> for somebody else to send.</summary>
    /// <param name="condition">The SQL condition under which anything is added.</param>
    public PostgresRollUpStore(string condition)
    {
        _quarters = new ArrayStatement(
            $"""
            INSERT INTO usagequarters (quarter, keyid, groupid, model, accountid, {Sums}, countedrequests)
            SELECT * FROM unnest($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) WHERE {condition}
            ON CONFLICT (quarter, keyid, groupid, model) DO UPDATE SET {UsageSumsArrays.AddExcluded("usagequarters")},
                countedrequests = usagequarters.countedrequests + excluded.countedrequests
            """);
        (_quarter, _quarterKey, _quarterGroup) = (_quarters.Longs(), _quarters.Longs(), _quarters.Longs());
        (_quarterModel, _quarterAccount) = (_quarters.Texts(), _quarters.Longs());
        (_quarterSums, _quarterCounted) = (new UsageSumsArrays(_quarters), _quarters.Longs());

        _models = new ArrayStatement(
            $"""
            INSERT INTO modelusage (period, start, accountid, model, {Sums}) SELECT * FROM unnest($1, $2, $3, $4, $5, $6, $7, $8) WHERE {condition}
            ON CONFLICT (period, start, accountid, model) DO UPDATE SET {UsageSumsArrays.AddExcluded("modelusage")}
            """);
        (_modelPeriod, _modelStart, _modelAccount, _model) = (_models.Ints(), _models.Longs(), _models.Longs(), _models.Texts());
        _modelSums = new UsageSumsArrays(_models);

        _keys = new ArrayStatement(
            $"""
            INSERT INTO keyusage (period, start, accountid, keyid, {Sums}) SELECT * FROM unnest($1, $2, $3, $4, $5, $6, $7, $8) WHERE {condition}
            ON CONFLICT (period, start, accountid, keyid) DO UPDATE SET {UsageSumsArrays.AddExcluded("keyusage")}
            """);
        (_keyPeriod, _keyStart, _keyAccount, _key) = (_keys.Ints(), _keys.Longs(), _keys.Longs(), _keys.Longs());
        _keySums = new UsageSumsArrays(_keys);
    }

    public IEnumerable<ArrayStatement> Statements => [_quarters, _models, _keys];

    public void Add(in QuarterKey key, in UsageSums sums)
    {
        _quarter.Add(key.Quarter);
        _quarterKey.Add(key.KeyId);
        _quarterGroup.Add(key.GroupId);
        _quarterModel.Add(key.Model);
        _quarterAccount.Add(key.AccountId);
        _quarterSums.Add(sums);
        _quarterCounted.Add(sums.CountedRequests);
    }

    public void Add(in ModelUsageKey key, in UsageSums sums)
    {
        _modelPeriod.Add(key.Period);
        _modelStart.Add(key.Start);
        _modelAccount.Add(key.AccountId);
        _model.Add(key.Model);
        _modelSums.Add(sums);
    }

    public void Add(in KeyUsageKey key, in UsageSums sums)
    {
        _keyPeriod.Add(key.Period);
        _keyStart.Add(key.Start);
        _keyAccount.Add(key.AccountId);
        _key.Add(key.KeyId);
        _keySums.Add(sums);
    }

    /// <inheritdoc/>
    /// <remarks>As a part of the ledger's batch it is sent with that.</remarks>
    public void Flush()
    {
        if (_connection is null)
        {
            return;
        }

        using var batch = new NpgsqlBatch(_connection);
        foreach (var statement in Statements.Where(s => !s.IsEmpty))
        {
            batch.BatchCommands.Add(statement.Command);
        }

        if (batch.BatchCommands.Count > 0)
        {
            batch.ExecuteNonQuery();
        }

        foreach (var statement in Statements)
        {
            statement.Clear();
        }
    }

    public void Dispose()
    {
    }
}
