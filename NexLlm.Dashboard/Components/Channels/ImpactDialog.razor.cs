using Microsoft.AspNetCore.Components;
using NexLlm.Dashboard.Accounts;
using NexLlm.Dashboard.Components.Shared;
using NexLlm.Dashboard.Keys;

namespace NexLlm.Dashboard.Components.Channels;

public sealed partial class ImpactDialog(ChannelUse use, Person person, ILogger<ImpactDialog> log)
{
    private Modal _modal = default!;
    private ImpactQuestion? _question;
    private ChangeImpact? _impact;
    private bool _opens;
    private bool _failed;

    /// <summary>After what was confirmed is done and the dialog has given the focus back, perhaps to a button that is gone.</summary>
    [Parameter]
    public EventCallback Closed { get; set; }

    /// <summary>It does what was confirmed: until <see cref="Closed"/> the focus cannot leave it.</summary>
    public bool IsBusy { get; private set; }

    /// <summary>What a change breaks could not be found out; the person decides all the same.</summary>
    private bool IsUnknown => _question?.Change is not null && _impact is null;

    public async Task AskAsync(ImpactQuestion question)
    {
        await LookAsync(question);
        Open();
    }

    /// <summary>Does at once what would break nothing.</summary>
    public async Task AskIfItBreaksAsync(ImpactQuestion question)
    {
        await LookAsync(question);
        if (_impact is { IsNone: true })
        {
            await question.Confirmed();
        }
        else
        {
            Open();
        }
    }

    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (_opens)
        {
            // Not before its buttons are there, or none of them gets the focus.
            _opens = false;
            await _modal.OpenAsync();
        }
    }

    private void Open()
    {
        _opens = true;
        StateHasChanged();
    }

    private async Task LookAsync(ImpactQuestion question)
    {
        (_question, _impact, _failed) = (question, null, false);
        try
        {
            var actor = await person.ActorAsync();
            // Off the circuit's own thread: there may be many keys to look at.
            _impact = question.Change is { } change ? await Task.Run(() => use.ImpactOfAsync(actor, change)) : null;
        }
        catch (Exception error) when (error is not AccessDeniedException)
        {
            LogFailure(error);
        }
    }

    private async Task ConfirmAsync()
    {
        IsBusy = true;
        var done = false;
        try
        {
            await _question!.Confirmed();
            await _modal.CloseAsync();
            done = true;
        }
        catch (Exception error) when (error is not AccessDeniedException)
        {
            LogFailure(error);
            _failed = true;
        }
        finally
        {
            IsBusy = false;
        }

        if (done)
        {
            await Closed.InvokeAsync();
        }
    }

    [LoggerMessage(LogLevel.Error, "A channel or a group could not be changed, or what that breaks not be read.")]
    private partial void LogFailure(Exception error);
}
