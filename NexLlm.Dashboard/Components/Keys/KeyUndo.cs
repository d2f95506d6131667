using Microsoft.Extensions.Options;
using NexLlm.Dashboard.Access;
using NexLlm.Dashboard.Components.Shared;
using NexLlm.Dashboard.Keys;

namespace NexLlm.Dashboard.Components.Keys;

/// <summary>Reports deleted keys, offers to undo it, and reports the result. One per circuit.</summary>
public sealed class KeyUndo(KeyPolicyService keys, CurrentUser user, Notifications notifications, IOptions<ApiKeyOptions> options)
{
    /// <param name="deleted">The keys requested to be deleted.</param>
    /// <param name="count">The number actually deleted.</param>
    public async Task OfferAsync(IReadOnlyList<KeyDetails> deleted, int count)
    {
        if (count == 0)
        {
            notifications.Informed(deleted is [var only] ? $"{only.Name} was already deleted." : "These keys were already deleted.");
            return;
        }

        var said = deleted is [var key] ? $"{key.Name} deleted. It no longer works." : FormattableString.Invariant($"{count:N0} keys deleted. They no longer work.");
        // Only its owner can restore a key.
        var actor = await user.ActorAsync();
        var own = deleted.Where(k => k.OwnerId == actor.AccountId).ToList();
        notifications.Succeeded(said, own is [] ? null : () => RestoreAsync(own));
    }

    public async Task RestoreAsync(IReadOnlyList<KeyDetails> deleted)
    {
        try
        {
            var outcome = await keys.RestoreAsync(await user.ActorAsync(), [.. deleted.Select(k => k.Id)]);
            foreach (var said in InWords(deleted, outcome, options.Value.UndoWindow))
            {
                notifications.Informed(said);
            }
        }
        catch (AccessDeniedException denied)
        {
            notifications.Failed(denied.Message);
        }
    }

    internal static IEnumerable<string> InWords(IReadOnlyList<KeyDetails> deleted, RestoreOutcome outcome, TimeSpan window)
    {
        var before = deleted.ToDictionary(k => k.Id, k => k.Name);
        var renamed = outcome.Restored.Where(k => k.Name != before[k.Id]).ToList();
        if (outcome.Restored is [var only] && renamed is [])
        {
            yield return $"{only.Name} restored. The secret is unchanged.";
        }
        else if (outcome.Restored.Count > renamed.Count)
        {
            yield return FormattableString.Invariant($"{outcome.Restored.Count - renamed.Count:N0} keys restored. The secrets are unchanged.");
        }

        foreach (var key in renamed)
        {
            yield return $"{before[key.Id]} restored as “{key.Name}” because another key has its name.";
        }

        if (outcome.TooLate > 0)
        {
            yield return deleted is [var late]
                ? $"{late.Name} can no longer be restored. The {Window(window)} window has passed."
                : FormattableString.Invariant($"{outcome.TooLate:N0} keys can no longer be restored. The {Window(window)} window has passed.");
        }

        if (outcome.OverLimit > 0)
        {
            yield return FormattableString.Invariant($"{outcome.OverLimit:N0} {(outcome.OverLimit == 1 ? "key" : "keys")} not restored: your account is at its key limit. Delete a key you no longer need.");
        }
    }

    // Turns "24 hours" into "24-hour".
    private static string Window(TimeSpan window) => UserClock.InWords(window).Replace(' ', '-').TrimEnd('s');
}
