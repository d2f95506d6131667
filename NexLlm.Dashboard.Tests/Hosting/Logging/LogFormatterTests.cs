using System.Text.Json;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Console;
using Microsoft.Extensions.Time.Testing;
using NexLlm.Dashboard.Hosting.Logging;
using NexLlm.Dashboard.Tests.TestKit;

namespace NexLlm.Dashboard.Tests.Hosting.Logging;

public sealed class LogFormatterTests
{
    private const string Secret = "sk-nexllm-abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQ012345";

    private static readonly TimeProvider _clock = new FakeTimeProvider(NexLlmApp.Start);

    public static TheoryData<string> Formatters => [ConsoleFormatterNames.Simple, ConsoleFormatterNames.Json];

    [Theory]
    [MemberData(nameof(Formatters))]
    public void Secrets_and_query_strings_stay_out_wherever_they_stand(string formatter)
    {
        var line = Write(formatter, $"GET /account/setup?token=oneTimeToken by {Secret}", new InvalidOperationException($"{Secret} in /x?code=oneTimeToken"));

        Assert.DoesNotContain("abcdefgh", line, StringComparison.Ordinal);
        Assert.DoesNotContain("oneTimeToken", line, StringComparison.Ordinal);
        Assert.Contains("/account/setup?…", line, StringComparison.Ordinal);
        Assert.Contains("sk-…", line, StringComparison.Ordinal);
    }

    [Fact]
    public void What_a_client_sent_cannot_pass_for_a_line_of_its_own()
    {
        var lines = Write(ConsoleFormatterNames.Simple, "name is x\r\n2040-03-01 fatal forged\u2028too", new InvalidOperationException("y\nforged"))
            .Split('\n', StringSplitOptions.RemoveEmptyEntries);

        Assert.Equal("2040-03-01 12:00:00.000Z warn  A.Category: name is x 2040-03-01 fatal forged too", lines[0]);
        Assert.All(lines[1..], line => Assert.StartsWith("    ", line, StringComparison.Ordinal));
    }

    [Fact]
    public void For_machines_an_entry_is_one_object_on_one_line_with_its_parts()
    {
        var line = Write(ConsoleFormatterNames.Json, "x\ny", null);

        Assert.Equal(line.Length - 1, line.IndexOf('\n', StringComparison.Ordinal));
        using var entry = JsonDocument.Parse(line);
        Assert.Equal("Warning", entry.RootElement.GetProperty("level").GetString());
        Assert.Equal("x\ny", entry.RootElement.GetProperty("message").GetString());
        Assert.Equal("sk-…", entry.RootElement.GetProperty("parts").GetProperty("Key").GetString());
    }

    private static string Write(string name, string message, Exception? exception)
    {
        ConsoleFormatter formatter = name == ConsoleFormatterNames.Json ? new JsonLogFormatter(_clock) : new TextLogFormatter(_clock);
        KeyValuePair<string, object?>[] state = [new("Key", Secret), new("{OriginalFormat}", "…")];
        var entry = new LogEntry<KeyValuePair<string, object?>[]>(LogLevel.Warning, "A.Category", 1, state, exception, (_, _) => message);
        using var writer = new StringWriter();
        formatter.Write(in entry, null, writer);
        return writer.ToString();
    }
}
