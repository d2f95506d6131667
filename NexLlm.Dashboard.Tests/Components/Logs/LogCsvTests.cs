using System.Buffers;
using System.Net;
using System.Text;
using CsCheck;
using NexLlm.Dashboard.Channels.Routing;
using NexLlm.Dashboard.Components.Logs;
using NexLlm.Dashboard.Logs;
using NexLlm.Dashboard.Tests.TestKit;
using NexLlm.Dashboard.Usage;

namespace NexLlm.Dashboard.Tests.Components.Logs;

public sealed class LogCsvTests
{
    private static readonly LogEntry _line = new(
        5, NexLlmApp.Start, "req_1", "ada@example.com", 7, "production-app", "default", "main", "small", UpstreamApi.Messages, 200, null,
        1_234, 56, 645, UsageSource.Counted, TimeSpan.FromMilliseconds(120), TimeSpan.FromMilliseconds(1_500), IPAddress.IPv6Loopback, 1);

    [Fact]
    public void A_line_has_a_cell_for_each_column_and_numbers_without_decoration() => Assert.Equal(
        "2040-03-01T12:00:00.000Z,req_1,ada@example.com,production-app,7,small,default,main,Messages,200,,1234,56,645,Counted,120,1500,::1,1\r\n",
        Csv(_line));

    [Theory]
    [InlineData("=1+1", "'=1+1")]
    [InlineData("+1", "'+1")]
    [InlineData("-1", "'-1")]
    [InlineData("@SUM(A1)", "'@SUM(A1)")]
    [InlineData("\t=1", "'\t=1")]
    [InlineData("\r=1", "\"'\r=1\"")]
    [InlineData("=\"a\",1", "\"'=\"\"a\"\",1\"")]
    [InlineData("a=b", "a=b")]
    public void No_cell_is_a_formula(string model, string cell) =>
        Assert.Equal(cell, Csv(_line with { Model = model }).Split("production-app,7,")[1].Split(",default,")[0]);

    [Fact]
    public void Whatever_names_hold_the_cells_can_be_told_apart() => Gen.String.Select(Gen.String).Sample((key, model) =>
    {
        var cells = Cells(Csv(_line with { KeyName = key, Model = model }));

        Assert.Equal(Cells(Encoding.UTF8.GetString(LogCsv.Head)).Count, cells.Count);
        Assert.Equal(Sent(key), Unguarded(cells[3], key));
        Assert.Equal(Sent(model), Unguarded(cells[5], model));
    });

    private static string Csv(LogEntry line)
    {
        var csv = new ArrayBufferWriter<byte>();
        LogCsv.Append(csv, line);
        return Encoding.UTF8.GetString(csv.WrittenSpan);
    }

    /// <summary>Half of a character has no place in UTF-8.</summary>
    private static string Sent(string text) => Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text));

    private static string Unguarded(string cell, string text) => text is ['=' or '+' or '-' or '@' or '\t' or '\r', ..] ? cell[1..] : cell;

    /// <summary>Reads a record as RFC 4180 says.</summary>
    private static List<string> Cells(string record)
    {
        var cells = new List<string> { "" };
        var quoted = false;
        for (var i = 0; i < record.Length - 2; i++)
        {
            if (record[i] == '"')
            {
                var isEscaped = quoted && record[i + 1] == '"';
                quoted = isEscaped || !quoted;
                i += isEscaped ? 1 : 0;
                cells[^1] += isEscaped ? "\"" : "";
            }
            else if (record[i] == ',' && !quoted)
            {
                cells.Add("");
            }
            else
            {
                cells[^1] += record[i];
            }
        }

        return cells;
    }
}
