namespace NexLlm.Dashboard.Components.Urls;

/// <summary>Detects a secret in a search box, because secrets must reach neither a URL nor a log.</summary>
internal static class PastedSecret
{
    private const string AnyProvider = "sk-";
    private const string Ours = "sk-nexllm-";

    /// <summary>Also true if it is surrounded by other pasted text, such as <c>Bearer sk-nexllm-…</c>.</summary>
    public static bool IsIn(string text) =>
        text.AsSpan().TrimStart().StartsWith(AnyProvider, StringComparison.OrdinalIgnoreCase)
        || text.Contains(Ours, StringComparison.OrdinalIgnoreCase);

    /// <summary>The secret or key prefix without the surrounding text.</summary>
    public static string In(string text)
    {
        var start = text.IndexOf(Ours, StringComparison.OrdinalIgnoreCase);
        return start < 0 ? text.Trim() : text[start..].Split([' ', '\t', '"', '\'', ',', ';'], 2)[0];
    }
}
