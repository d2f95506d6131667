using MudBlazor;
using NexLlm.Dashboard.Access;
using NexLlm.Dashboard.Components.Shared;
using NexLlm.Dashboard.Keys;

namespace NexLlm.Dashboard.Components.Channels;

/// <summary>Determines what a change would break and asks for confirmation. One per circuit.</summary>
public sealed partial class ImpactQuestions(IDialogService dialogs, ChannelImpact use, CurrentUser user, ILogger<ImpactQuestions> log)
{
    /// <returns>Whether the action was performed.</returns>
    public async Task<bool> AskAsync(ImpactQuestion question) => await AskAsync(question, await LookAsync(question));

    /// <summary>Performs an action that breaks nothing without asking.</summary>
    /// <returns>Whether the action was performed.</returns>
    public async Task<bool> AskIfItBreaksAsync(ImpactQuestion question)
    {
        var impact = await LookAsync(question);
        if (impact is not { IsNone: true })
        {
            return await AskAsync(question, impact);
        }

        await question.Confirmed();
        return true;
    }

    private Task<bool> AskAsync(ImpactQuestion question, ChangeImpact? impact) =>
        dialogs.ConfirmAsync(new Confirmation(question.Title, question.Consequence, question.Action, question.Confirmed)
        {
            Details = question.Change is null ? null : builder =>
            {
                builder.OpenComponent<ImpactNotice>(0);
                builder.AddComponentParameter(1, nameof(ImpactNotice.Impact), impact);
                builder.CloseComponent();
            },
        });

    /// <summary>Null if the impact could not be determined or nothing keys use changes; the user can still decide.</summary>
    private async Task<ChangeImpact?> LookAsync(ImpactQuestion question)
    {
        try
        {
            var actor = await user.ActorAsync();
            // Runs off the circuit's thread, because there may be many keys to check.
            return question.Change is { } change ? await Task.Run(() => use.ImpactOfAsync(actor, change)) : null;
        }
        catch (Exception error) when (error is not AccessDeniedException)
        {
            LogFailure(error);
            return null;
        }
    }

    [LoggerMessage(LogLevel.Error, "Could not determine the impact of a channel or group change.")]
    private partial void LogFailure(Exception error);
}
