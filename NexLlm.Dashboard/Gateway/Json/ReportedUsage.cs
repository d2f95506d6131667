using System.Text.Json;

namespace NexLlm.Dashboard.Gateway.Json;

internal enum UsageField : byte
{
    Input,
    Output,
    Total,
    CacheCreation,
    CacheRead,
}

/// <summary>
/// The figures of one usage object. One implausible figure invalidates all of them. A zero is a placeholder until the end and
/// never replaces a figure.
/// </summary>
internal struct ReportedUsage
{
    // The largest integer that all JSON readers agree on.
    private const long Most = 1L << 53;

    private long _input, _total, _cacheCreation, _cacheRead;
    private long? _output;
    private int _seen;

    public bool IsThere { get; private set; }

    public bool IsBroken { get; private set; }

    /// <summary>All input tokens, cached or not; null if not reported. Every request has a prompt, so 0 counts as not reported.</summary>
    public readonly long? Input => _input + _cacheCreation + _cacheRead is > 0 and <= Most and var sum ? sum : null;

    /// <summary>The output tokens. Some servers count reasoning separately, so that only their total includes it.</summary>
    public readonly long? Output => Input is { } input && _total > input + (_output ?? 0) ? _total - input : _output;

    /// <summary>Input and output together; null if not reported.</summary>
    public readonly long? Total => Math.Max(_total, (Input ?? 0) + (_output ?? 0)) is > 0 and <= Most and var total ? total : null;

    public void Begin()
    {
        IsBroken |= IsThere;
        IsThere = true;
    }

    public void Read(UsageField figure, ref Utf8JsonReader value)
    {
        IsBroken |= (_seen & (1 << (int)figure)) != 0;
        _seen |= 1 << (int)figure;
        if (value.TokenType is JsonTokenType.Null) return;
        if (!TryRead(ref value, out var number))
        {
            IsBroken = true;
            return;
        }

        switch (figure)
        {
            case UsageField.Input: _input = number; break;
            case UsageField.Output: _output = number; break;
            case UsageField.Total: _total = number; break;
            case UsageField.CacheCreation: _cacheCreation = number; break;
            case UsageField.CacheRead: _cacheRead = number; break;
        }
    }

    /// <summary>These figures, replaced by those a later object reports.</summary>
    public readonly ReportedUsage With(in ReportedUsage later) => later.IsBroken ? default : new()
    {
        _input = later._input > 0 ? later._input : _input,
        _output = later._output > 0 ? later._output : _output ?? later._output,
        _total = later._total > 0 ? later._total : _total,
        _cacheCreation = later._cacheCreation > 0 ? later._cacheCreation : _cacheCreation,
        _cacheRead = later._cacheRead > 0 ? later._cacheRead : _cacheRead,
    };

    /// <summary>The sum of these figures and those of another response.</summary>
    public readonly ReportedUsage Plus(in ReportedUsage other) => other.IsBroken ? default : new()
    {
        _input = Math.Min(Most, _input + other._input),
        _output = _output is null ? other._output : Math.Min(Most, _output.Value + (other._output ?? 0)),
        _total = Math.Min(Most, _total + other._total),
    };

    public readonly ReportedUsage WithoutOutput() => this with { _output = null, _total = 0 };

    /// <summary>Reads a whole number; some servers write 100.0, others "100".</summary>
    private static bool TryRead(ref Utf8JsonReader value, out long number)
    {
        number = 0;
        var isFigure = value.TokenType is JsonTokenType.Number
            ? value.TryGetInt64(out number) || JsonNumbers.TryReadWhole(value.ValueSpan, out number)
            : value.TokenType is JsonTokenType.String && JsonNumbers.TryReadWhole(value.ValueSpan, out number);
        return isFigure && number is >= 0 and <= Most;
    }
}
