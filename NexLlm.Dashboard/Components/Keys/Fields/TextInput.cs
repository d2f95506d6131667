using System.Diagnostics.CodeAnalysis;

namespace NexLlm.Dashboard.Components.Keys.Fields;

/// <summary>Reads what stands in a field; the error says what is wrong and how to put it right.</summary>
public delegate bool FieldReader<T>(string text, [MaybeNullWhen(false)] out T value, [NotNullWhen(false)] out string? error);

/// <summary>A text field: what a person typed, kept as typed, and what it means by the rules of <c>Keys/Policy</c>.</summary>
/// <param name="initial">What stands in the field before anybody types.</param>
public sealed class TextInput<T>(string initial, FieldReader<T> read)
{
    private string? _typed;
    private string? _refusal;

    public string Text => _typed ?? initial;

    /// <summary>Whether it says something else than at the beginning; typed and taken back counts as not touched.</summary>
    public bool IsTouched => Text != initial;

    /// <summary>The field was left once, or the person wanted to go on: from then on its error shows.</summary>
    public bool IsVisited { get; set; }

    public string? Error => read(Text, out _, out var error) ? _refusal : error;

    public string? ShownError => IsVisited ? Error : null;

    public void Type(string? text)
    {
        _typed = text ?? "";
        _refusal = null;
    }

    /// <summary>What the service found wrong with it, until it is changed.</summary>
    public void Refuse(string error)
    {
        _refusal = error;
        IsVisited = true;
    }

    public bool TryRead([MaybeNullWhen(false)] out T value) => read(Text, out value, out _);
}
