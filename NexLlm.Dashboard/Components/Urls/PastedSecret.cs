namespace NexLlm.Dashboard.Components.Urls;

/// <summary>Tells a secret in a search box from a name: a secret must reach neither an address nor a log.</summary>
internal static class PastedSecret
{
    private const string AnyProvider = "sk-";
    private const string Ours = "sk-nexllm-";

    /// <summary>True also in the middle of what people paste with it, such as <c>Bearer sk-nexllm-…</c>.</summary>
    public static bool IsIn(string text) =>
        text.AsSpan().TrimStart().StartsWith(AnyProvider, StringComparison.OrdinalIgnoreCase)
        || text.Contains(Ours, StringComparison.OrdinalIgnoreCase);

    /// <summary>The secret or display form alone, without what stands around it.</summary>
    public static string In(string text)
    {
        var start = text.IndexOf(Ours, StringComparison.OrdinalIgnoreCase);
        return start < 0 ? text.Trim() : text[start..].Split([' ', '\t', '"', '\'', ',', ';'], 2)[0];
    }
}
