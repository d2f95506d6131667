using System.Diagnostics.CodeAnalysis;

namespace NexLlm.Dashboard.Components.Keys.Fields;

/// <summary>Parses the text of a field; the error gives the problem and the fix.</summary>
public delegate bool FieldReader<T>(string text, [MaybeNullWhen(false)] out T value, [NotNullWhen(false)] out string? error);

/// <summary>A text field: the text as typed, and its value by the rules of <c>Keys/Policy</c>.</summary>
/// <param name="initial">The initial text.</param>
public sealed class TextInput<T>(string initial, FieldReader<T> read)
{
    private string? _typed;
    private string? _refusal;

    public string Text => _typed ?? initial;

    /// <summary>Whether the text differs from the initial one; an undone edit doesn't count.</summary>
    public bool IsTouched => Text != initial;

    /// <summary>Whether the field was left or the user tried to continue, after which its error is shown.</summary>
    public bool IsVisited { get; set; }

    public string? Error => read(Text, out _, out var error) ? _refusal : error;

    public string? ShownError => IsVisited ? Error : null;

    public void Type(string? text)
    {
        _typed = text ?? "";
        _refusal = null;
    }

    /// <summary>Shows an error reported by the service, until the text changes.</summary>
    public void Refuse(string error)
    {
        _refusal = error;
        IsVisited = true;
    }

    public bool TryRead([MaybeNullWhen(false)] out T value) => read(Text, out value, out _);
}
