using MudBlazor;
using NexLlm.Dashboard.Accounts;
using NexLlm.Dashboard.Components.Shared;
using NexLlm.Dashboard.Keys;

namespace NexLlm.Dashboard.Components.Keys;

/// <summary>Says that keys were deleted, offers the undo, and says what came of it. One a circuit.</summary>
public sealed class KeyRecovery(KeyPolicyService keys, Person person, ISnackbar snackbar)
{
    private const int VisibleMilliseconds = 12_000;

    /// <param name="deleted">The keys that a delete was asked for.</param>
    /// <param name="count">How many of them it found.</param>
    public async Task OfferAsync(IReadOnlyList<KeyDetails> deleted, int count)
    {
        if (count == 0)
        {
            Say(deleted is [var only] ? $"{only.Name} was deleted already." : "These keys were deleted already.");
            return;
        }

        var said = deleted is [var key] ? $"Deleted {key.Name}. It no longer works." : FormattableString.Invariant($"Deleted {count:N0} keys. They no longer work.");
        // Only its owner can bring a key back.
        var actor = await person.ActorAsync();
        var own = deleted.Where(k => k.OwnerId == actor.AccountId).ToList();
        snackbar.Add(said, Severity.Normal, options =>
        {
            options.VisibleStateDuration = VisibleMilliseconds;
            if (own is not [])
            {
                options.Action = "Undo";
                options.OnClick = _ => RestoreAsync(own);
            }
        });
    }

    public async Task RestoreAsync(IReadOnlyList<KeyDetails> deleted)
    {
        try
        {
            var outcome = await keys.RestoreAsync(await person.ActorAsync(), [.. deleted.Select(k => k.Id)]);
            foreach (var said in InWords(deleted, outcome))
            {
                Say(said);
            }
        }
        catch (AccessDeniedException denied)
        {
            Say(denied.Message);
        }
    }

    internal static IEnumerable<string> InWords(IReadOnlyList<KeyDetails> deleted, RestoreOutcome outcome)
    {
        var before = deleted.ToDictionary(k => k.Id, k => k.Name);
        var renamed = outcome.Restored.Where(k => k.Name != before[k.Id]).ToList();
        if (outcome.Restored is [var only] && renamed is [])
        {
            yield return $"{only.Name} works again, with the same secret.";
        }
        else if (outcome.Restored.Count > renamed.Count)
        {
            yield return FormattableString.Invariant($"{outcome.Restored.Count - renamed.Count:N0} keys work again, with the same secrets.");
        }

        foreach (var key in renamed)
        {
            yield return $"{before[key.Id]} works again as “{key.Name}”: another key has its name now.";
        }

        if (outcome.TooLate > 0)
        {
            yield return deleted is [var late]
                ? $"{late.Name} cannot be restored any more: the time for that is over."
                : FormattableString.Invariant($"{outcome.TooLate:N0} keys cannot be restored any more: the time for that is over.");
        }

        if (outcome.OverLimit > 0)
        {
            yield return FormattableString.Invariant($"{outcome.OverLimit:N0} not restored: your account has as many keys as it may have. Delete one that you no longer need.");
        }
    }

    private void Say(string words) => snackbar.Add(words, Severity.Normal, options => options.VisibleStateDuration = VisibleMilliseconds);
}
