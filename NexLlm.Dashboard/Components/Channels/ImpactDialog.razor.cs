using NexLlm.Dashboard.Accounts;
using NexLlm.Dashboard.Components.Shared;
using NexLlm.Dashboard.Keys;

namespace NexLlm.Dashboard.Components.Channels;

public sealed partial class ImpactDialog(ChannelUse use, Person person, ILogger<ImpactDialog> log)
{
    private Modal _modal = default!;
    private ImpactQuestion? _question;
    private ChangeImpact? _impact;
    private bool _isBusy;
    private bool _failed;

    /// <summary>What a change breaks could not be found out; the person decides all the same.</summary>
    private bool IsUnknown => _question?.Change is not null && _impact is null;

    public async Task AskAsync(ImpactQuestion question)
    {
        await LookAsync(question);
        StateHasChanged();
        await _modal.OpenAsync();
    }

    /// <summary>Does at once what would break nothing.</summary>
    public async Task AskIfItBreaksAsync(ImpactQuestion question)
    {
        await LookAsync(question);
        if (!IsUnknown && _impact is null or { IsNone: true })
        {
            await question.Confirmed();
            return;
        }

        StateHasChanged();
        await _modal.OpenAsync();
    }

    private async Task LookAsync(ImpactQuestion question)
    {
        (_question, _impact, _failed) = (question, null, false);
        try
        {
            _impact = question.Change is null ? null : await use.ImpactOfAsync(await person.ActorAsync(), question.Change);
        }
        catch (Exception error) when (error is not AccessDeniedException)
        {
            LogFailure(error);
        }
    }

    private async Task ConfirmAsync()
    {
        _isBusy = true;
        try
        {
            await _question!.Confirmed();
            await _modal.CloseAsync();
        }
        catch (Exception error) when (error is not AccessDeniedException)
        {
            LogFailure(error);
            _failed = true;
        }
        finally
        {
            _isBusy = false;
        }
    }

    [LoggerMessage(LogLevel.Error, "A channel or a group could not be changed, or what that breaks not be read.")]
    private partial void LogFailure(Exception error);
}
