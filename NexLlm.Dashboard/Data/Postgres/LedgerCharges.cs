namespace NexLlm.Dashboard.Data.Postgres;

/// <summary>The charges of a batch.</summary>
internal sealed class LedgerCharges
{
    private readonly ArrayStatement _rows;
    private readonly List<long> _id;
    private readonly List<string> _requestId;
    private readonly List<long> _keyId;
    private readonly List<long> _accountId;
    private readonly List<long> _groupId;
    private readonly List<string> _model;
    private readonly List<int> _state;
    private readonly List<int> _source;
    private readonly List<long> _ratio;
    private readonly List<long> _reserved;
    private readonly List<long> _input;
    private readonly List<long> _output;
    private readonly List<long> _charged;
    private readonly List<bool> _isClamped;
    private readonly List<long?> _settlement;
    private readonly List<long> _startedAt;
    private readonly List<long?> _settledAt;

    private readonly ArrayStatement _checkpoints;
    private readonly List<long> _checkpointId;
    private readonly List<long> _checkpointOutput;

    public LedgerCharges()
    {
        // Inserts, settles and repeats: whatever is already there, a settled row stays as it is.
        _rows = new ArrayStatement(
            """
            INSERT INTO charges (id, requestid, keyid, accountid, groupid, model, state, source, ratiomillionths, reservedtokens,
                inputtokens, outputtokens, chargedtokens, isclamped, settlement, startedat, settledat)
            SELECT * FROM unnest($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)
            ON CONFLICT (id) DO UPDATE SET state = excluded.state, source = excluded.source, reservedtokens = excluded.reservedtokens,
                inputtokens = excluded.inputtokens, outputtokens = excluded.outputtokens, chargedtokens = excluded.chargedtokens,
                isclamped = excluded.isclamped, settlement = excluded.settlement, settledat = excluded.settledat
            WHERE charges.state = 0
            """);
        (_id, _requestId, _keyId, _accountId) = (_rows.Longs(), _rows.Texts(), _rows.Longs(), _rows.Longs());
        (_groupId, _model, _state, _source) = (_rows.Longs(), _rows.Texts(), _rows.Ints(), _rows.Ints());
        (_ratio, _reserved, _input, _output) = (_rows.Longs(), _rows.Longs(), _rows.Longs(), _rows.Longs());
        (_charged, _isClamped, _settlement) = (_rows.Longs(), _rows.Booleans(), _rows.OptionalLongs());
        (_startedAt, _settledAt) = (_rows.Longs(), _rows.OptionalLongs());

        _checkpoints = new ArrayStatement(
            """
            UPDATE charges AS c SET outputtokens = greatest(c.outputtokens, r.output) FROM unnest($1, $2) AS r(id, output)
            WHERE c.id = r.id AND c.state = 0
            """);
        (_checkpointId, _checkpointOutput) = (_checkpoints.Longs(), _checkpoints.Longs());
    }

    public IEnumerable<ArrayStatement> Statements => [_rows, _checkpoints];

    public void Write(in ChargeRow row)
    {
        _id.Add(row.Id);
        _requestId.Add(row.RequestId);
        _keyId.Add(row.KeyId);
        _accountId.Add(row.AccountId);
        _groupId.Add(row.GroupId);
        _model.Add(row.Model);
        _state.Add(row.State);
        _source.Add(row.Source);
        _ratio.Add(row.RatioMillionths);
        _reserved.Add(row.ReservedTokens);
        _input.Add(row.InputTokens);
        _output.Add(row.OutputTokens);
        _charged.Add(row.ChargedTokens);
        _isClamped.Add(row.IsClamped);
        _settlement.Add(row.Settlement);
        _startedAt.Add(row.StartedAt);
        _settledAt.Add(row.SettledAt);
    }

    public void Checkpoint(long id, long outputTokens)
    {
        _checkpointId.Add(id);
        _checkpointOutput.Add(outputTokens);
    }
}
