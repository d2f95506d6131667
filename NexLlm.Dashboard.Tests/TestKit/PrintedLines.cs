using System.Collections.Concurrent;
using System.Text;

namespace NexLlm.Dashboard.Tests.TestKit;

/// <summary>Reads along with what applications print on the console, past their logs.</summary>
public sealed class PrintedLines : TextWriter
{
    private static readonly Lazy<PrintedLines> _listener = new(() =>
    {
        var listener = new PrintedLines(Console.Out);
        Console.SetOut(listener);
        return listener;
    });

    private readonly ConcurrentQueue<string> _lines = new();
    private readonly TextWriter _console;

    private PrintedLines(TextWriter console) => _console = console;

    public override Encoding Encoding => _console.Encoding;

    /// <summary>Listens from the first call on: call it before the application starts.</summary>
    public static IReadOnlyCollection<string> Listen() => _listener.Value._lines;

    public override void Write(char value) => _console.Write(value);

    public override void Write(string? value) => _console.Write(value);

    public override void WriteLine(string? value)
    {
        _lines.Enqueue(value ?? "");
        _console.WriteLine(value);
    }
}
