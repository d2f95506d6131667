using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;

namespace NexLlm.Dashboard.Tests.Documentation;

/// <summary>The Markdown files of the repository, and what they contain.</summary>
internal static partial class Docs
{
    public static string Root { get; } = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(ThisFile())!, "..", ".."));

    /// <summary>Relative to the root.</summary>
    public static IReadOnlyList<string> Files { get; } =
    [
        .. Directory.EnumerateFiles(Root, "*.md").Concat(Directory.EnumerateFiles(Path.Combine(Root, "docs"), "*.md", SearchOption.AllDirectories))
            .Select(path => Path.GetRelativePath(Root, path)).Order(StringComparer.Ordinal),
    ];

    public static string Read(string file) => File.ReadAllText(Path.Combine(Root, file));

    /// <summary>The cells of all table rows, header rows included.</summary>
    public static IReadOnlyList<string[]> Rows(string file) =>
        [.. Read(file).Split('\n').Where(line => line.StartsWith('|')).Select(line => line.Trim().Trim('|').Split('|', StringSplitOptions.TrimEntries))];

    /// <summary>The targets of links and pictures, without those in code.</summary>
    public static IEnumerable<string> Targets(string file) =>
        Target().Matches(Code().Replace(Read(file), "")).Select(match => match.Groups["target"].Value);

    /// <summary>The anchors of all headings, as GitHub makes them.</summary>
    public static IReadOnlySet<string> Anchors(string file) =>
        Heading().Matches(Fence().Replace(Read(file), "")).Select(match => AnchorOf(match.Groups["text"].Value)).ToHashSet(StringComparer.Ordinal);

    private static string AnchorOf(string heading) =>
        string.Concat(heading.ToLowerInvariant().Select(c => c is ' ' ? '-' : c).Where(c => char.IsLetterOrDigit(c) || c is '-' or '_'));

    private static string ThisFile([CallerFilePath] string path = "") => path;

    [GeneratedRegex(""""\]\((?<target>[^)\s]+)\)|(?:src|srcset|href)="(?<target>[^"]+)(?:")"""")]
    private static partial Regex Target();

    [GeneratedRegex("^#{1,6} (?<text>.+)$", RegexOptions.Multiline)]
    private static partial Regex Heading();

    [GeneratedRegex("^```.*?^```", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Fence();

    [GeneratedRegex("^```.*?^```|`[^`\n]*`", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Code();
}
