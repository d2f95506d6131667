namespace NexLlm.Dashboard.Gateway.Media;

/// <summary>One field of a form, with what goes upstream about it.</summary>
/// <param name="Name">In letters, digits and <c>_ - . [ ]</c> only.</param>
/// <param name="FileName">Cleaned; null for a plain field.</param>
/// <param name="ContentType">Of a file: a plain <c>type/subtype</c>; null for a plain field.</param>
/// <param name="Value">Where the value is in the body.</param>
internal readonly record struct FormField(string Name, string? FileName, string? ContentType, Range Value)
{
    public bool IsFile => FileName is not null;

    /// <summary>A list, of which there may be several: <c>image[]</c>.</summary>
    public bool IsListItem => Name.EndsWith("[]", StringComparison.Ordinal);

    /// <summary>The name without its brackets.</summary>
    public ReadOnlySpan<char> BaseName => Name.AsSpan()[..(Name.IndexOf('[', StringComparison.Ordinal) is >= 0 and var at ? at : Name.Length)];
}
