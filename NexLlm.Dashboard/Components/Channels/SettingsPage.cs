using Microsoft.AspNetCore.Components;
using NexLlm.Dashboard.Access;
using NexLlm.Dashboard.Channels;
using NexLlm.Dashboard.Channels.Administration;
using NexLlm.Dashboard.Components.Keys.Fields;
using NexLlm.Dashboard.Components.Shared;

namespace NexLlm.Dashboard.Components.Channels;

/// <summary>The shared base of the pages that create and edit channels or groups.</summary>
/// <typeparam name="TStored">The stored object.</typeparam>
/// <typeparam name="TForm">The form that edits it.</typeparam>
public abstract class SettingsPage<TStored, TForm>(
    AdministratorsOnly administrators, ChannelChanges changes, ImpactQuestions questions, Notifications notifications, KeysScript script,
    ReauthenticationDialogs reauthentication, NavigationManager navigation, TimeProvider time, ILogger log)
    : LivePage(log)
    where TStored : class, IAdministered
    where TForm : class, ISettingsForm
{
    private string? _focus;
    private bool _asks;
    private bool _leaves;

    /// <summary>Null to create a new one.</summary>
    [Parameter]
    public long? Id { get; set; }

    /// <summary>Null until an administrator has been authenticated.</summary>
    protected Actor? Actor { get; private set; }

    /// <summary>As loaded by the user; null for a new one.</summary>
    protected TStored? Stored { get; set; }

    /// <summary>Another session's version, found when saving.</summary>
    protected TStored? Theirs { get; private set; }

    protected TForm? Form { get; private set; }

    /// <summary>Whether the server is processing the user's action.</summary>
    protected bool IsSaving => IsBusy && !_asks;

    /// <summary>Whether the page is interactive.</summary>
    protected bool IsReady { get; private set; }

    /// <summary>Either <c>channel</c> or <c>group</c>.</summary>
    protected abstract string What { get; }

    protected abstract Task<TStored?> FindAsync(Actor actor, long id);

    /// <summary>Creates a form for the stored object, with the available choices; blank if it is null.</summary>
    protected abstract Task<TForm> ReadFormAsync(Actor actor, TStored? stored);

    /// <summary>Creates a form with the same choices and the new values.</summary>
    protected abstract TForm Refill(TForm form, TStored stored);

    /// <summary>Prepares saving; null while the form is invalid.</summary>
    protected abstract Saving<TStored>? Prepare(TForm form);

    protected abstract Task<bool> SetEnabledAsync(Actor actor, long id, bool enabled);

    /// <summary>Merges the current live data into the displayed object, with the given version.</summary>
    protected abstract TStored Follow(TStored seen, TStored now, long version);

    /// <summary>The message after enabling or disabling it.</summary>
    protected abstract string Switched(bool on);

    protected abstract string UrlOf(long id);

    protected override async Task OnParametersSetAsync()
    {
        if (Form is null || Stored?.Id != Id)
        {
            await LoadAsync();
        }
    }

    protected override void Listen()
    {
        var follow = Own(new Throttle(time, TimeSpan.FromSeconds(1), () => _ = QuietlyAsync(FollowAsync)));
        Own(changes.Subscribe(_ => follow.Request()));
    }

    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (firstRender)
        {
            IsReady = true;
            StateHasChanged();
        }
        else if (_focus is { } id && !_asks)
        {
            _focus = null;
            await script.FocusAsync(id);
        }
    }

    protected sealed override async Task ReadAsync()
    {
        if (await administrators.EnterAsync() is not { } actor)
        {
            return;
        }

        var found = Id is { } id ? await FindAsync(actor, id) : null;
        if (Id is not null && found is null)
        {
            navigation.NotFound();
            return;
        }

        (Actor, Stored, Theirs, Form, Error) = (actor, found, null, await ReadFormAsync(actor, found), null);
    }

    protected void Show(TStored stored) => (Stored, Theirs, Form, Error) = (stored, null, Refill(Form!, stored), null);

    protected async Task SaveAsync()
    {
        if (Form is not { } form || IsBusy)
        {
            return;
        }

        ClearStatus();
        form.ShowErrors();
        if (Prepare(form) is not { } saving)
        {
            _focus = form.FirstWrong;
        }
        else if (Stored is not null && !form.IsTouched)
        {
            notifications.Informed("No changes to save");
        }
        else
        {
            await GuardedAsync(() => Stored is { } stored && saving.Change is { } change
                ? AskAsync(() => questions.AskIfItBreaksAsync(ChannelQuestions.Save(stored.Name, change, () => WriteAsync(form, saving))))
                : WriteAsync(form, saving));
        }
    }

    /// <param name="question">The confirmation before disabling it, with the action to perform.</param>
    protected Task ToggleAsync(Func<TStored, Func<Task>, ImpactQuestion> question) => GuardedAsync(() =>
    {
        ClearStatus();
        return Stored!.IsEnabled ? AskAsync(question(Stored, () => SwitchAsync(on: false))) : SwitchAsync(on: true);
    });

    protected Task AskAsync(ImpactQuestion question) => AskAsync(() => questions.AskAsync(question));

    /// <summary>Leaves the page after deleting its object.</summary>
    protected async Task LeaveAfterAsync(Func<Task<bool>> delete, string url)
    {
        _leaves = true;
        try
        {
            if (await delete())
            {
                notifications.Succeeded($"{Stored!.Name} deleted.");
                navigation.NavigateTo(url);
            }
        }
        finally
        {
            _leaves = false;
        }
    }

    /// <summary>Clears the error of the previous action.</summary>
    protected void ClearStatus() => Error = null;

    /// <summary>Asks for confirmation; the focus can't leave the dialog until it closes.</summary>
    private async Task AskAsync(Func<Task<bool>> ask)
    {
        _asks = true;
        try
        {
            await ask();
        }
        finally
        {
            _asks = false;
        }
    }

    private async Task WriteAsync(TForm form, Saving<TStored> saving)
    {
        SaveOutcome<TStored>? outcome = null;
        if (!await reauthentication.RunAsync(async () => outcome = await saving.Write()))
        {
            return;
        }

        switch (outcome)
        {
            case SaveOutcome<TStored>.Saved(var saved) when Stored is null:
                notifications.Succeeded($"New {What} created.");
                navigation.NavigateTo(UrlOf(saved.Id), replace: true);
                break;
            case SaveOutcome<TStored>.Saved(var saved):
                Show(saved);
                notifications.Succeeded("Changes saved. They apply to the next request.");
                break;
            case SaveOutcome<TStored>.Conflict(var current):
                Theirs = current;
                _focus = SettingsConflict.HeadingId;
                break;
            case SaveOutcome<TStored>.Refused(var errors):
                errors.ToList().ForEach(form.Refuse);
                _focus = form.FirstWrong;
                break;
            case SaveOutcome<TStored>.NotFound:
                Error = $"This {What} was deleted in another session. Your changes were not saved.";
                break;
        }

        StateHasChanged();
    }

    private async Task SwitchAsync(bool on, bool canUndo = true)
    {
        var done = await SetEnabledAsync(Actor!, Stored!.Id, on);
        await FollowAsync();
        if (done && Error is null)
        {
            notifications.Succeeded(Switched(on), canUndo ? () => InvokeAsync(() => GuardedAsync(() => SwitchAsync(!on, canUndo: false))) : null);
        }

        StateHasChanged();
    }

    /// <summary>
    /// Updates everything that is not a setting. A version that is one higher with the switch reversed is only a switch; anything
    /// else is another session's edit, which saving will detect.
    /// </summary>
    private async Task FollowAsync()
    {
        if (Stored is not { } seen || Actor is null)
        {
            return;
        }

        var now = await FindAsync(Actor, seen.Id);
        if (now is null && !_leaves)
        {
            Error = $"This {What} was deleted in another session.";
        }
        else if (now is not null && Stored == seen)
        {
            Stored = Follow(seen, now, now.Version == seen.Version + 1 && now.IsEnabled != seen.IsEnabled ? now.Version : seen.Version);
        }
    }
}
