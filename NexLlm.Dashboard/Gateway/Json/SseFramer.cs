namespace NexLlm.Dashboard.Gateway.Json;

/// <summary>
/// Finds the end of server-sent events: a blank line, with lines ending in CR, LF or both. An event ends at the CR of its blank
/// line, so nothing waits for a LF that may never arrive; a later LF is an event without lines. A comment before an event or a
/// lone blank line, which keep a stream alive, end immediately.
/// </summary>
internal struct SseFramer
{
    private int _seen, _line;
    private bool _afterReturn;

    /// <summary>The length of the first event in the unread bytes, including its blank line; 0 if it is incomplete.</summary>
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
