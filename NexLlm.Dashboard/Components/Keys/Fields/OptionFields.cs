using NexLlm.Dashboard.Keys;

namespace NexLlm.Dashboard.Components.Keys.Fields;

/// <summary>A form's input for one key option.</summary>
/// <param name="Error">Its error; null if there is none.</param>
/// <param name="Refuse">Shows an error reported by the service.</param>
/// <param name="IsTouched">Whether the value differs from the initial one.</param>
/// <param name="InWords">The entered value, for comparison with the stored one.</param>
public sealed record OptionField(KeyOption Option, Func<string?> Error, Action<string> Refuse, Func<bool> IsTouched, Func<string> InWords)
{
    /// <param name="blank">The meaning of a blank field.</param>
    public static OptionField Of<T>(KeyOption option, TextInput<T> input, string blank = "") => new(
        option, () => input.Error, input.Refuse, () => input.IsTouched, () => input.Text is { Length: > 0 } text ? text : blank);
}

/// <summary>The options of a form, in its order.</summary>
public sealed class OptionFields(IReadOnlyList<OptionField> fields)
{
    public IEnumerable<KeyOption> Options => fields.Select(entered => entered.Option);

    public bool IsTouched => fields.Any(entered => entered.IsTouched());

    /// <summary>The first invalid option; null if there is none.</summary>
    public KeyOption? FirstWrong => fields.FirstOrDefault(entered => entered.Error() is not null)?.Option;

    /// <summary>Shows an error at its option. The form doesn't show errors of the key as a whole.</summary>
    public void Refuse(FieldError error) => fields.FirstOrDefault(entered => entered.Option == error.Option)?.Refuse(error.Message);

    /// <summary>The value entered for an option, or for the one that shares its control.</summary>
    public string InWords(KeyOption option) => fields.First(entered => entered.Option.Id == option.Id).InWords();
}
