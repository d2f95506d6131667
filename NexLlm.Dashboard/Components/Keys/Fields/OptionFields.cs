using NexLlm.Dashboard.Keys;

namespace NexLlm.Dashboard.Components.Keys.Fields;

/// <summary>How a form enters one option of a key.</summary>
/// <param name="Error">What is wrong with it; null if nothing is.</param>
/// <param name="Refuse">Shows what the service found wrong with it.</param>
/// <param name="IsTouched">Whether it says something else than at the beginning.</param>
/// <param name="InWords">What was entered, for a comparison with the stored value.</param>
public sealed record OptionField(KeyOption Option, Func<string?> Error, Action<string> Refuse, Func<bool> IsTouched, Func<string> InWords)
{
    /// <param name="blank">What a blank field means.</param>
    public static OptionField Of<T>(KeyOption option, TextInput<T> input, string blank = "") => new(
        option, () => input.Error, input.Refuse, () => input.IsTouched, () => input.Text is { Length: > 0 } text ? text : blank);
}

/// <summary>The options that a form enters, in its order.</summary>
public sealed class OptionFields(IReadOnlyList<OptionField> fields)
{
    public IEnumerable<KeyOption> Options => fields.Select(entered => entered.Option);

    public bool IsTouched => fields.Any(entered => entered.IsTouched());

    /// <summary>The first option that is wrong; null if none is.</summary>
    public KeyOption? FirstWrong => fields.FirstOrDefault(entered => entered.Error() is not null)?.Option;

    /// <summary>An error of the key as a whole is not the form's to show.</summary>
    public void Refuse(FieldError error) => fields.FirstOrDefault(entered => entered.Option == error.Option)?.Refuse(error.Message);

    /// <summary>What was entered for an option, or for the one that is entered by the same control.</summary>
    public string InWords(KeyOption option) => fields.First(entered => entered.Option.Id == option.Id).InWords();
}
