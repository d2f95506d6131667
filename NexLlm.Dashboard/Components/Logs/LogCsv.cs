using System.Buffers;
using System.Globalization;
using System.Text;
using NexLlm.Dashboard.Logs;

namespace NexLlm.Dashboard.Components.Logs;

/// <summary>
/// Log lines as CSV (RFC 4180), in UTF-8 with a byte order mark, because some spreadsheets otherwise assume another encoding.
/// Names come from clients: a cell a spreadsheet would treat as a formula is prefixed with an apostrophe, and so is a cell that
/// starts with an apostrophe. Removing a cell's first apostrophe restores the original.
/// </summary>
internal static class LogCsv
{
    private const int LongestNumber = 64;

    private static readonly SearchValues<char> _quoted = SearchValues.Create(",;\"\t\r\n");

    // Spreadsheets and databases reject a file with a NUL character or end the cell there.
    private static readonly SearchValues<char> _dropped =
        SearchValues.Create([.. Enumerable.Range(0, 0xA0).Select(c => (char)c).Where(c => char.IsControl(c) && c is not ('\t' or '\r' or '\n'))]);

    // Some locales treat the full-width forms as equivalent.
    private static readonly SearchValues<char> _guarded = SearchValues.Create("=+-@\t\r\n'\uFF1D\uFF0B\uFF0D\uFF20");

    /// <summary>The byte order mark and the header row. Times are in UTC.</summary>
    public static ReadOnlySpan<byte> Head =>
        "\uFEFFtime,request_id,account,key,key_id,model,group,channel,api,status,code,input_tokens,output_tokens,charged_tokens,source,first_byte_ms,duration_ms,address,requests,needed_tokens\r\n"u8;

    public static void Append(IBufferWriter<byte> csv, LogEntry line)
    {
        Number(csv, line.At.UtcDateTime, "yyyy-MM-dd'T'HH:mm:ss.fff'Z'");
        Next(csv, line.RequestId);
        Next(csv, line.Account);
        Next(csv, line.KeyName);
        Next(csv, line.KeyId);
        Next(csv, line.Model);
        Next(csv, line.Group);
        Next(csv, line.Channel);
        Next(csv, line.Api?.ToString());
        Next(csv, line.Status);
        Next(csv, line.Code);
        Next(csv, line.InputTokens);
        Next(csv, line.OutputTokens);
        Next(csv, line.ChargedTokens);
        Next(csv, LogStatus.IsCounted(line) ? line.Source.ToString() : null);
        Next(csv, (long?)line.FirstByte?.TotalMilliseconds);
        Next(csv, (long)line.Duration.TotalMilliseconds);
        csv.Write(","u8);
        if (line.Address is { } address)
        {
            Number(csv, address);
        }

        Next(csv, line.Requests);
        Next(csv, line.NeededTokens);
        csv.Write("\r\n"u8);
    }

    private static void Next(IBufferWriter<byte> csv, string? text)
    {
        csv.Write(","u8);
        if (string.IsNullOrEmpty(text))
        {
            return;
        }

        if (text.AsSpan().ContainsAny(_dropped))
        {
            text = string.Concat(text.Where(c => !_dropped.Contains(c)));
        }

        var safe = text.Length > 0 && _guarded.Contains(text[0]) ? "'" + text : text;
        Encoding.UTF8.GetBytes(safe.AsSpan().ContainsAny(_quoted) ? $"\"{safe.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : safe, csv);
    }

    private static void Next(IBufferWriter<byte> csv, long? number)
    {
        csv.Write(","u8);
        if (number is { } known)
        {
            Number(csv, known);
        }
    }

    private static void Number<T>(IBufferWriter<byte> csv, T value, ReadOnlySpan<char> format = default)
        where T : IUtf8SpanFormattable
    {
        value.TryFormat(csv.GetSpan(LongestNumber), out var length, format, CultureInfo.InvariantCulture);
        csv.Advance(length);
    }
}
