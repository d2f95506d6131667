namespace NexLlm.Dashboard.Gateway.Json;

/// <summary>
/// Finds where server-sent events end: at a blank line, lines ending by CR, LF or both. An event ends at the CR of its
/// blank line, so that nobody waits for what may not come; a LF that comes later is one without any lines. A comment before
/// an event, and a blank line by itself, keep a stream alive: they end where they end.
/// </summary>
internal struct SseFramer
{
    private int _seen, _line;
    private bool _afterReturn;

    /// <summary>The length of the first event in what was not returned before, with its blank line; 0 while it has not ended.</summary>
    public int Next(ReadOnlySpan<byte> unread)
    {
        while (_seen < unread.Length)
        {
            if (_afterReturn && unread[_seen] == (byte)'\n') _line = ++_seen;
            _afterReturn = false;
            var length = unread[_seen..].IndexOfAny((byte)'\r', (byte)'\n');
            if (length < 0) break;
            var end = _seen + length;
            var isWhole = end == _line || (_line == 0 && unread[0] == (byte)':');
            _seen = _line = end + 1;
            if (unread[end] == (byte)'\r')
            {
                _afterReturn = _seen == unread.Length;
                if (!_afterReturn && unread[_seen] == (byte)'\n') _line = ++_seen;
            }

            if (!isWhole) continue;
            var whole = _seen;
            (_seen, _line, _afterReturn) = (0, 0, false);
            return whole;
        }

        _seen = unread.Length;
        return 0;
    }
}
