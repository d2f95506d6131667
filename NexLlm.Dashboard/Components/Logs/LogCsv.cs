using System.Buffers;
using System.Globalization;
using System.Text;
using NexLlm.Dashboard.Logs;

namespace NexLlm.Dashboard.Components.Logs;

/// <summary>
/// Lines of the log as CSV (RFC 4180). Names come from clients: a cell that a spreadsheet would take for a formula begins
/// with an apostrophe.
/// </summary>
internal static class LogCsv
{
    private const string LineEnd = "\r\n";

    private static readonly SearchValues<char> _quoted = SearchValues.Create(",\"\r\n");

    public static string Head { get; } =
        "time,request_id,account,key,key_id,model,group,channel,api,status,code,input_tokens,output_tokens,charged_tokens,source,first_byte_ms,duration_ms,address,requests" + LineEnd;

    public static void Append(StringBuilder csv, LogEntry line)
    {
        Cell(csv, line.At.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture), first: true);
        Cell(csv, line.RequestId);
        Cell(csv, line.Account);
        Cell(csv, line.KeyName);
        Cell(csv, Number(line.KeyId));
        Cell(csv, line.Model);
        Cell(csv, line.Group);
        Cell(csv, line.Channel);
        Cell(csv, line.Api?.ToString());
        Cell(csv, Number(line.Status));
        Cell(csv, line.Code);
        Cell(csv, Number(line.InputTokens));
        Cell(csv, Number(line.OutputTokens));
        Cell(csv, Number(line.ChargedTokens));
        Cell(csv, line.Source.ToString());
        Cell(csv, Number((long?)line.FirstByte?.TotalMilliseconds));
        Cell(csv, Number((long)line.Duration.TotalMilliseconds));
        Cell(csv, line.Address?.ToString());
        Cell(csv, Number(line.Requests));
        csv.Append(LineEnd);
    }

    private static void Cell(StringBuilder csv, string? text, bool first = false)
    {
        if (!first)
        {
            csv.Append(',');
        }

        if (string.IsNullOrEmpty(text))
        {
            return;
        }

        var safe = text[0] is '=' or '+' or '-' or '@' or '\t' or '\r' ? "'" + text : text;
        if (safe.AsSpan().ContainsAny(_quoted))
        {
            csv.Append('"').Append(safe.Replace("\"", "\"\"", StringComparison.Ordinal)).Append('"');
        }
        else
        {
            csv.Append(safe);
        }
    }

    private static string? Number(long? number) => number?.ToString(CultureInfo.InvariantCulture);
}
