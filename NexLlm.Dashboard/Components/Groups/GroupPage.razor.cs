using Microsoft.AspNetCore.Components;
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
    PersonClock clock, ILogger<GroupPage> log) : SettingsPage(administrators, script, log)
{
    private GroupDetails? _group;
    private GroupDetails? _theirs;
    private GroupForm? _form;
    private KeyCount _keys;
    private ImpactDialog _dialog = default!;

    protected override bool IsShown => _form is not null && _group?.Id == Id;

    protected override async Task ReadAsync(Actor actor)
    {
        var found = Id is { } id ? await groups.FindAsync(actor, id) : null;
        if (Id is not null && found is null)
        {
            navigation.NotFound();
            return;
        }

        _keys = found is null ? default : (await use.CountByGroupAsync(actor)).GetValueOrDefault(found.Id);
        (_group, _theirs, _form) = (found, null, new GroupForm(found, await channels.ListAsync(actor)));
    }

    private void Show(GroupDetails group)
    {
        (_group, _theirs, Error) = (group, null, null);
        _form = new GroupForm(group, _form!.Channels);
    }

    private void Choose(long channel, bool chosen)
    {
        _form!.ChannelsError = null;
        _ = chosen ? _form.ChannelIds.Add(channel) : _form.ChannelIds.Remove(channel);
    }

    private async Task SaveAsync()
    {
        if (_form is not { } form || IsBusy)
        {
            return;
        }

        (Told, Error) = ("", null);
        form.ShowErrors();
        if (!form.TryRead(out var settings))
        {
            FocusOn(form.FirstWrong);
        }
        else if (_group is not null && !form.IsTouched)
        {
            Told = "There is nothing to save.";
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
            ? await groups.CreateAsync(Actor!, settings)
            : await groups.UpdateAsync(Actor!, _group.Id, _group.Version, settings);
        switch (outcome)
        {
            case SaveOutcome<GroupDetails>.Saved(var saved) when _group is null:
                Told = "The group is created, and on.";
                navigation.NavigateTo(PageUrls.Group(saved.Id), replace: true);
                break;
            case SaveOutcome<GroupDetails>.Saved(var saved):
                Show(saved);
                Told = "Changes saved. The next request follows them.";
                break;
            case SaveOutcome<GroupDetails>.Conflict(var current):
                _theirs = current;
                FocusOn(SettingsConflict.HeadingId);
                break;
            case SaveOutcome<GroupDetails>.Refused(var errors):
                errors.ToList().ForEach(form.Refuse);
                FocusOn(form.FirstWrong);
                break;
            case SaveOutcome<GroupDetails>.NotFound:
                Error = "This group was deleted meanwhile. What you changed was not saved.";
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
        if (!await groups.SetEnabledAsync(Actor!, seen.Id, enabled) || await groups.FindAsync(Actor!, seen.Id) is not { } now)
        {
            Error = "This group was deleted meanwhile.";
            return;
        }

        // One step on from what the person saw is this very change; anything more is somebody else's, which saving shall find.
        _group = seen with { IsEnabled = now.IsEnabled, Version = now.Version == seen.Version + 1 ? now.Version : seen.Version };
        Told = now.IsEnabled ? "The group is on." : "The group is off: every request of its keys is refused.";
        StateHasChanged();
    }

    /// <summary>A group that keys use is not even asked about.</summary>
    private async Task AskToDeleteAsync()
    {
        (Told, Error) = ("", null);
        _keys = (await use.CountByGroupAsync(Actor!)).GetValueOrDefault(_group!.Id);
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
        if (await use.DeleteGroupAsync(Actor!, _group!.Id) is DeleteGroupOutcome.InUse used)
        {
            Refuse(used);
            StateHasChanged();
        }
        else
        {
            navigation.NavigateTo(PageUrls.Groups);
        }
    }

    private void Refuse(DeleteGroupOutcome.InUse used) => Error = used.RestorableUntil is { } until
        ? $"This group is not deleted: a deleted key of it can be restored until {clock.Exact(until)}. Switch the group off meanwhile."
        : $"This group is not deleted: it has {used.Live}. Their owners move or delete them first; switch the group off to stop them.";
}
