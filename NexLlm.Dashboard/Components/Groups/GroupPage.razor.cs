using Microsoft.AspNetCore.Components;
using NexLlm.Dashboard.Accounts;
using NexLlm.Dashboard.Audit;
using NexLlm.Dashboard.Channels.Administration;
using NexLlm.Dashboard.Components.Channels;
using NexLlm.Dashboard.Components.Keys.Fields;
using NexLlm.Dashboard.Components.Shared;
using NexLlm.Dashboard.Keys;

namespace NexLlm.Dashboard.Components.Groups;

/// <summary>Makes a group, or shows and edits one.</summary>
public sealed partial class GroupPage(
    AdministratorsOnly administrators, GroupAdministration groups, ChannelAdministration channels, ChannelUse use, KeysScript script, NavigationManager navigation,
    PersonClock clock, ILogger<GroupPage> log)
{
    private Actor? _actor;
    private GroupDetails? _group;
    private GroupDetails? _theirs;
    private GroupForm? _form;
    private KeyCount _keys;
    private ImpactDialog _dialog = default!;
    private string? _error;
    private string _told = "";
    private string? _focus;
    private bool _failed;
    private bool _isReady;
    private bool _isSaving;

    /// <summary>Null makes a new one.</summary>
    [Parameter]
    public long? Id { get; set; }

    protected override async Task OnParametersSetAsync()
    {
        if (_form is not null && _group?.Id == Id)
        {
            return;
        }

        _actor = await administrators.EnterAsync();
        if (_actor is not null)
        {
            await LoadAsync();
        }
    }

    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (firstRender)
        {
            _isReady = true;
            StateHasChanged();
        }
        else if (_focus is { } id)
        {
            _focus = null;
            await script.FocusAsync(id);
        }
    }

    private async Task LoadAsync()
    {
        try
        {
            var found = Id is { } id ? await groups.FindAsync(_actor!, id) : null;
            if (Id is not null && found is null)
            {
                navigation.NotFound();
                return;
            }

            var offered = await channels.ListAsync(_actor!);
            _keys = found is null ? default : (await use.CountByGroupAsync(_actor!)).GetValueOrDefault(found.Id);
            (_group, _theirs, _error, _failed) = (found, null, null, false);
            _form = new GroupForm(found, offered);
        }
        catch (Exception e) when (e is not AccessDeniedException)
        {
            LogFailure(e);
            _failed = true;
        }
    }

    private void Show(GroupDetails group)
    {
        (_group, _theirs, _error) = (group, null, null);
        _form = new GroupForm(group, _form!.Channels);
    }

    private void Choose(long channel, bool chosen)
    {
        _form!.ChannelsError = null;
        _ = chosen ? _form.ChannelIds.Add(channel) : _form.ChannelIds.Remove(channel);
    }

    private async Task SaveAsync()
    {
        if (_form is not { } form || _isSaving)
        {
            return;
        }

        (_told, _error) = ("", null);
        form.ShowErrors();
        if (!form.TryRead(out var settings))
        {
            _focus = form.FirstWrong;
        }
        else if (_group is not null && !form.IsTouched)
        {
            _told = "There is nothing to save.";
        }
        else
        {
            await GuardedAsync(() => _group is { } group
                ? _dialog.AskIfItBreaksAsync(ChannelQuestions.Save(group.Name, new PlannedChange.GroupSaved(group.Id, settings.ChannelIds), () => WriteAsync(form, settings)))
                : WriteAsync(form, settings));
        }
    }

    private async Task WriteAsync(GroupForm form, GroupSettings settings)
    {
        var outcome = _group is null
            ? await groups.CreateAsync(_actor!, settings)
            : await groups.UpdateAsync(_actor!, _group.Id, _group.Version, settings);
        switch (outcome)
        {
            case SaveOutcome<GroupDetails>.Saved(var saved) when _group is null:
                _told = "The group is created, and on.";
                navigation.NavigateTo(PageUrls.Group(saved.Id), replace: true);
                break;
            case SaveOutcome<GroupDetails>.Saved(var saved):
                Show(saved);
                _told = "Changes saved. The next request follows them.";
                break;
            case SaveOutcome<GroupDetails>.Conflict(var current):
                _theirs = current;
                _focus = SettingsConflict.HeadingId;
                break;
            case SaveOutcome<GroupDetails>.Refused(var errors):
                errors.ToList().ForEach(form.Refuse);
                _focus = form.FirstWrong;
                break;
            case SaveOutcome<GroupDetails>.NotFound:
                _error = "This group was deleted meanwhile. What you changed was not saved.";
                break;
        }

        StateHasChanged();
    }

    private Task ToggleAsync() => GuardedAsync(() => _group!.IsEnabled
        ? _dialog.AskAsync(ChannelQuestions.SwitchOff(_group, () => SetEnabledAsync(enabled: false)))
        : SetEnabledAsync(enabled: true));

    private async Task SetEnabledAsync(bool enabled)
    {
        var seen = _group!;
        if (!await groups.SetEnabledAsync(_actor!, seen.Id, enabled) || await groups.FindAsync(_actor!, seen.Id) is not { } now)
        {
            _error = "This group was deleted meanwhile.";
            return;
        }

        // One step on from what the person saw is this very change; anything more is somebody else's, which saving shall find.
        _group = seen with { IsEnabled = now.IsEnabled, Version = now.Version == seen.Version + 1 ? now.Version : seen.Version };
        _told = now.IsEnabled ? "The group is on." : "The group is off: every request of its keys is refused.";
        StateHasChanged();
    }

    /// <summary>A group that keys use is not even asked about.</summary>
    private async Task AskToDeleteAsync()
    {
        (_told, _error) = ("", null);
        _keys = (await use.CountByGroupAsync(_actor!)).GetValueOrDefault(_group!.Id);
        if (_keys.Count > 0)
        {
            Refuse(new DeleteGroupOutcome.InUse(_keys, null));
        }
        else
        {
            await _dialog.AskAsync(ChannelQuestions.Delete(_group, DeleteAsync));
        }
    }

    private async Task DeleteAsync()
    {
        if (await use.DeleteGroupAsync(_actor!, _group!.Id) is DeleteGroupOutcome.InUse used)
        {
            Refuse(used);
            StateHasChanged();
        }
        else
        {
            navigation.NavigateTo(PageUrls.Groups);
        }
    }

    private void Refuse(DeleteGroupOutcome.InUse used) => _error = used.RestorableUntil is { } until
        ? $"This group is not deleted: a deleted key of it can be restored until {clock.Exact(until)}. Switch the group off meanwhile."
        : $"This group is not deleted: it has {used.Live}. Their owners move or delete them first; switch the group off to stop them.";

    /// <summary>Nothing that was typed is lost when the server cannot do what is asked.</summary>
    private async Task GuardedAsync(Func<Task> work)
    {
        _isSaving = true;
        try
        {
            await work();
        }
        catch (Exception e) when (e is not AccessDeniedException)
        {
            LogFailure(e);
            _error = "The server could not do it. Try again; nothing that you typed is lost.";
        }
        finally
        {
            _isSaving = false;
        }
    }

    [LoggerMessage(LogLevel.Error, "A group could not be read or changed.")]
    private partial void LogFailure(Exception exception);
}
