namespace NexLlm.Dashboard.Gateway.Media;

/// <summary>Providers tell a file's format by the ending of its name; nothing else of the name matters to them.</summary>
internal static class FormFileName
{
    private const int Longest = 100;
    private const string Nameless = "file";

    /// <summary>The last part of the path, in characters that need no quoting, with its ending.</summary>
    public static string Clean(string name)
    {
        var last = name[(name.LastIndexOfAny(['/', '\\']) + 1)..].Trim();
        var plain = string.Concat(last.Select(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '_' ? c : '_'));
        plain = plain.Length <= Longest ? plain : plain[^Longest..];
        return plain.Trim('.', '_').Length == 0 ? Nameless : plain;
    }
}
