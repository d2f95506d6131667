using System.Diagnostics.CodeAnalysis;
using NexLlm.Dashboard.Keys.Policy;

namespace NexLlm.Dashboard.Components.Keys.Fields;

/// <summary>The selected models. Only the user removes one.</summary>
/// <param name="initial">The restriction before any selection.</param>
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
        // Unedited, it keeps its value: a blank field can also represent an unreadable stored list.
        var read = !IsTouched || ModelRestriction.TryParse(_chosen, out value, out error);
        error ??= _refusal;
        return read && error is null;
    }
}
