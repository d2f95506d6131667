using System.Text.Json;

namespace NexLlm.Dashboard.Gateway.Dialects;

internal enum Figure : byte
{
    Input,
    Output,
    CacheCreation,
    CacheRead,
}

/// <summary>The numbers of one usage object. One number that cannot be believed makes them all unbelievable.</summary>
internal struct UsageFigures
{
    // What JSON's readers agree on.
    private const long Most = 1L << 53;

    private long? _input, _output, _cacheCreation, _cacheRead;
    private int _seen;

    /// <summary>Whether there was a usage object.</summary>
    public bool IsThere { get; private set; }

    public bool IsBroken { get; private set; }

    /// <summary>Everything that was read, cached or not; null if the object does not say.</summary>
    public readonly long? Input => _input is null && _cacheCreation is null && _cacheRead is null
        ? null
        : (_input ?? 0) + (_cacheCreation ?? 0) + (_cacheRead ?? 0) is var sum and <= Most ? sum : null;

    public readonly long? Output => _output;

    public void Begin()
    {
        IsBroken |= IsThere;
        IsThere = true;
    }

    public void Read(Figure figure, ref Utf8JsonReader value)
    {
        IsBroken |= (_seen & (1 << (int)figure)) != 0;
        _seen |= 1 << (int)figure;
        if (value.TokenType is JsonTokenType.Null) return;
        if (value.TokenType is not JsonTokenType.Number || !value.TryGetInt64(out var number) || number is < 0 or > Most)
        {
            IsBroken = true;
            return;
        }

        switch (figure)
        {
            case Figure.Input: _input = number; break;
            case Figure.Output: _output = number; break;
            case Figure.CacheCreation: _cacheCreation = number; break;
            case Figure.CacheRead: _cacheRead = number; break;
        }
    }

    /// <summary>These figures with those that a later object has in their place.</summary>
    public readonly UsageFigures With(in UsageFigures later) => later.IsBroken ? default : new()
    {
        _input = later._input ?? _input,
        _output = later._output ?? _output,
        _cacheCreation = later._cacheCreation ?? _cacheCreation,
        _cacheRead = later._cacheRead ?? _cacheRead,
    };

    public readonly UsageFigures WithoutOutput() => this with { _output = null };
}
