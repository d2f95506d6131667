using System.Diagnostics.CodeAnalysis;
using NexLlm.Dashboard.Keys.Policy;

namespace NexLlm.Dashboard.Components.Keys.Fields;

/// <summary>The models that a person chose. Nothing but the person's own hand takes one out again.</summary>
/// <param name="initial">The restriction before anybody chooses.</param>
public sealed class ModelsInput(ModelRestriction initial)
{
    private readonly SortedSet<string> _chosen = new(initial.Models, StringComparer.Ordinal);
    private string? _refusal;

    public IReadOnlyCollection<string> Chosen => _chosen;

    public bool IsTouched => !_chosen.SetEquals(initial.Models);

    public void Set(string model, bool chosen)
    {
        _refusal = null;
        if (chosen)
            _chosen.Add(model);
        else
            _chosen.Remove(model);
    }

    public void Clear()
    {
        _refusal = null;
        _chosen.Clear();
    }

    /// <inheritdoc cref="TextInput{T}.Refuse"/>
    public void Refuse(string error) => _refusal = error;

    public bool TryRead([NotNullWhen(true)] out ModelRestriction? value, [NotNullWhen(false)] out string? error)
    {
        error = null;
        value = initial;
        // Untouched it stays what it was: a blank field can also stand for a stored list that nobody could read.
        var read = !IsTouched || ModelRestriction.TryParse(_chosen, out value, out error);
        error ??= _refusal;
        return read && error is null;
    }
}
