using NexLlm.Dashboard.Access;
using NexLlm.Dashboard.Components.Shared;
using NexLlm.Dashboard.Keys;

namespace NexLlm.Dashboard.Components.Keys;

/// <summary>Enables and disables keys, reports it and offers to undo it. One per circuit.</summary>
public sealed partial class KeyToggle(KeyPolicyService keys, CurrentUser user, Notifications notifications, ILogger<KeyToggle> log)
{
    /// <returns>Whether anything was changed.</returns>
    /// <exception cref="AccessDeniedException">The session has ended.</exception>
    public async Task<bool> SetEnabledAsync(IReadOnlyList<KeyDetails> chosen, bool enabled)
    {
        var changing = chosen.Where(key => key.IsEnabled != enabled).ToList();
        var word = enabled ? "enabled" : "disabled";
        if (changing is [])
        {
            notifications.Informed(chosen is [var only] ? $"{only.Name} is already {word}." : $"These keys are already {word}.");
            return false;
        }

        if (!await TrySetAsync(changing, enabled))
        {
            return false;
        }

        var said = changing is [var key] ? $"{key.Name} {word}." : FormattableString.Invariant($"{changing.Count:N0} keys {word}.");
        var consequence = enabled ? "" : changing.Count == 1 ? " Requests using it will fail." : " Requests using them will fail.";
        notifications.Succeeded(said + consequence, () => UndoAsync(changing, !enabled));
        return true;
    }

    private async Task UndoAsync(List<KeyDetails> changed, bool enabled)
    {
        try
        {
            if (await TrySetAsync(changed, enabled))
            {
                notifications.Informed($"{(changed is [var key] ? key.Name : FormattableString.Invariant($"{changed.Count:N0} keys"))} {(enabled ? "enabled" : "disabled")} again.");
            }
        }
        catch (AccessDeniedException denied)
        {
            notifications.Failed(denied.Message);
        }
    }

    private async Task<bool> TrySetAsync(List<KeyDetails> changing, bool enabled)
    {
        try
        {
            var found = await keys.SetEnabledAsync(await user.ActorAsync(), [.. changing.Select(key => key.Id)], enabled);
            if (found == 0)
            {
                notifications.Informed(changing is [var gone] ? $"{gone.Name} was deleted." : "These keys were deleted.");
            }

            return found > 0;
        }
        catch (Exception error) when (error is not AccessDeniedException)
        {
            LogFailure(error);
            notifications.Failed($"Couldn't {(enabled ? "enable" : "disable")} {(changing is [var key] ? key.Name : "the keys")}. Try again.");
            return false;
        }
    }

    [LoggerMessage(LogLevel.Error, "Keys could not be enabled or disabled.")]
    private partial void LogFailure(Exception error);
}
