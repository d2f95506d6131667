using Microsoft.AspNetCore.Components;
using NexLlm.Dashboard.Accounts;
using NexLlm.Dashboard.Audit;
using NexLlm.Dashboard.Components.Keys.Fields;
using NexLlm.Dashboard.Components.Shared;

namespace NexLlm.Dashboard.Components.Channels;

/// <summary>What the pages that make and edit a channel or a group have in common.</summary>
public abstract partial class SettingsPage(AdministratorsOnly administrators, KeysScript script, ILogger log) : ComponentBase
{
    private string? _focus;

    /// <summary>Null makes a new one.</summary>
    [Parameter]
    public long? Id { get; set; }

    /// <summary>Null until an administrator has entered.</summary>
    protected Actor? Actor { get; private set; }

    /// <summary>What went wrong, to be heard at once.</summary>
    protected string? Error { get; set; }

    /// <summary>What went well.</summary>
    protected string Told { get; set; } = "";

    protected bool IsFailed { get; private set; }

    /// <summary>The page answers to a person.</summary>
    protected bool IsReady { get; private set; }

    protected bool IsBusy { get; private set; }

    /// <summary>Whether what the address names stands in the form already.</summary>
    protected abstract bool IsShown { get; }

    /// <summary>Reads what the address names into the form.</summary>
    protected abstract Task ReadAsync(Actor actor);

    protected override async Task OnParametersSetAsync()
    {
        if (!IsShown)
        {
            Actor = await administrators.EnterAsync();
            await LoadAsync();
        }
    }

    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (firstRender)
        {
            IsReady = true;
            StateHasChanged();
        }
        else if (_focus is { } id)
        {
            _focus = null;
            await script.FocusAsync(id);
        }
    }

    /// <summary>Once the page is drawn; null leaves the focus where it is.</summary>
    protected void FocusOn(string? id) => _focus = id;

    protected async Task LoadAsync()
    {
        try
        {
            if (Actor is not null)
            {
                await ReadAsync(Actor);
            }

            (IsFailed, Error) = (false, null);
        }
        catch (Exception error) when (error is not AccessDeniedException)
        {
            LogFailure(log, error);
            IsFailed = true;
        }
    }

    /// <summary>Nothing that was typed is lost when the server cannot do what is asked.</summary>
    protected async Task GuardedAsync(Func<Task> work)
    {
        IsBusy = true;
        try
        {
            await work();
        }
        catch (Exception error) when (error is not AccessDeniedException)
        {
            LogFailure(log, error);
            Error = "The server could not do it. Try again; nothing that you typed is lost.";
        }
        finally
        {
            IsBusy = false;
        }
    }

    [LoggerMessage(LogLevel.Error, "A channel or a group could not be read or changed.")]
    private static partial void LogFailure(ILogger log, Exception exception);
}
