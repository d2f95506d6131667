using System.Buffers;
using System.Net;
using System.Text;
using CsCheck;
using NexLlm.Dashboard.Channels;
using NexLlm.Dashboard.Components.Logs;
using NexLlm.Dashboard.Logs;
using NexLlm.Dashboard.Tests.TestKit;
using NexLlm.Dashboard.Usage;

namespace NexLlm.Dashboard.Tests.Components.Logs;

public sealed class LogCsvTests
{
    private static readonly LogEntry _line = new(
        5, NexLlmApp.Start, "req_1", "ada@example.com", 7, "production-app", false, "default", "main", "small", UpstreamApi.Messages, 200, null,
        1_234, 56, 645, UsageSource.Counted, TimeSpan.FromMilliseconds(120), TimeSpan.FromMilliseconds(1_500), IPAddress.IPv6Loopback, 1, null);

    [Fact]
    public void A_line_has_a_cell_for_each_column_and_numbers_without_decoration() => Assert.Equal(
        "2040-03-01T12:00:00.000Z,req_1,ada@example.com,production-app,7,small,default,main,Messages,200,,1234,56,645,Counted,120,1500,::1,1,\r\n",
        Csv(_line));

    [Theory]
    [InlineData("=1+1", "'=1+1")]
    [InlineData("+1", "'+1")]
    [InlineData("-1", "'-1")]
    [InlineData("@SUM(A1)", "'@SUM(A1)")]
    [InlineData("\t=1", "\"'\t=1\"")]
    [InlineData("\r=1", "\"'\r=1\"")]
    [InlineData("=\"a\",1", "\"'=\"\"a\"\",1\"")]
    [InlineData("\n=1", "\"'\n=1\"")]
    [InlineData("\uFF1D1+1", "'\uFF1D1+1")]
    [InlineData("\uFF0B1", "'\uFF0B1")]
    [InlineData("\uFF0D1", "'\uFF0D1")]
    [InlineData("\uFF20SUM", "'\uFF20SUM")]
    [InlineData("'=1", "''=1")]
    [InlineData("a;=1", "\"a;=1\"")]
    [InlineData("a=b", "a=b")]
    [InlineData("\0=1", "'=1")]
    public void No_cell_is_a_formula(string model, string cell) =>
        Assert.Equal(cell, Csv(_line with { Model = model }).Split("production-app,7,")[1].Split(",default,")[0]);

    [Fact]
    public void A_control_character_in_a_name_does_not_reach_the_file() =>
        Assert.Contains(",7,gpt4,default,", Csv(_line with { Model = "g\0p\u001Bt\u00854" }), StringComparison.Ordinal);

    [Fact]
    public void Whatever_names_hold_the_cells_can_be_told_apart() => Gen.String.Select(Gen.String).Sample((key, model) =>
    {
        var cells = Cells(Csv(_line with { KeyName = key, Model = model }));

        Assert.Equal(Cells(Encoding.UTF8.GetString(LogCsv.Head)).Count, cells.Count);
        Assert.Equal(Sent(key), Unguarded(cells[3]));
        Assert.Equal(Sent(model), Unguarded(cells[5]));
    });

    [Fact]
    public void The_file_says_that_it_is_UTF_8() => Assert.Equal("\uFEFFt", Encoding.UTF8.GetString(LogCsv.Head[..4]));

    [Fact]
    public void Of_a_refused_request_nothing_was_counted_and_what_it_needed_is_told() => Assert.EndsWith(
        ",403,model_not_allowed,0,0,0,,120,1500,::1,1,4096\r\n",
        Csv(_line with { Status = 403, Code = "model_not_allowed", InputTokens = 0, OutputTokens = 0, ChargedTokens = 0, NeededTokens = 4_096 }),
        StringComparison.Ordinal);

    private static string Csv(LogEntry line)
    {
        var csv = new ArrayBufferWriter<byte>();
        LogCsv.Append(csv, line);
        return Encoding.UTF8.GetString(csv.WrittenSpan);
    }

    /// <summary>Half of a character has no place in UTF-8, and a control character none in a cell.</summary>
    private static string Sent(string text) =>
        Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(string.Concat(text.Where(c => !char.IsControl(c) || c is '\t' or '\r' or '\n'))));

    /// <summary>As whoever reads the file again does, who does not know what was written.</summary>
    private static string Unguarded(string cell) => cell.StartsWith('\'') ? cell[1..] : cell;

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
