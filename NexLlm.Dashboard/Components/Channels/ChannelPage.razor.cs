using Microsoft.AspNetCore.Components;
using NexLlm.Dashboard.Accounts;
using NexLlm.Dashboard.Audit;
using NexLlm.Dashboard.Channels.Administration;
using NexLlm.Dashboard.Components.Keys.Fields;
using NexLlm.Dashboard.Components.Shared;

namespace NexLlm.Dashboard.Components.Channels;

/// <summary>Makes a channel, or shows and edits one.</summary>
public sealed partial class ChannelPage(
    AdministratorsOnly administrators, ChannelAdministration channels, GroupAdministration groups, KeysScript script, NavigationManager navigation,
    TimeProvider time, ILogger<ChannelPage> log) : SettingsPage(administrators, script, log)
{
    private static readonly TimeSpan _healthEvery = TimeSpan.FromSeconds(2);

    private ChannelDetails? _channel;
    private ChannelDetails? _theirs;
    private ChannelForm? _form;
    private ImpactDialog _dialog = default!;
    private ITimer? _health;

    protected override bool IsShown => _form is not null && _channel?.Id == Id;

    public void Dispose() => _health?.Dispose();

    protected override async Task ReadAsync(Actor actor)
    {
        var found = Id is { } id ? await channels.FindAsync(actor, id) : null;
        if (Id is not null && found is null)
        {
            navigation.NotFound();
            return;
        }

        (_channel, _theirs, _form) = (found, null, new ChannelForm(found, await groups.ListAsync(actor)));
    }

    protected override void OnAfterRender(bool firstRender)
    {
        if (firstRender)
        {
            _health = time.CreateTimer(_ => _ = InvokeAsync(ReadHealthAsync), null, _healthEvery, _healthEvery);
        }
    }

    private void Show(ChannelDetails channel)
    {
        (_channel, _theirs, Error) = (channel, null, null);
        _form = new ChannelForm(channel, _form!.Groups);
    }

    private void Choose(long group, bool chosen)
    {
        _form!.GroupsError = null;
        _ = chosen ? _form.GroupIds.Add(group) : _form.GroupIds.Remove(group);
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
        else if (_channel is not null && !form.IsTouched)
        {
            Told = "There is nothing to save.";
        }
        else
        {
            await GuardedAsync(() => _channel is { IsEnabled: true } channel
                ? _dialog.AskIfItBreaksAsync(ChannelQuestions.Save(
                    channel.Name, new PlannedChange.ChannelSaved(channel.Id, [.. settings.Models.Select(m => m.Name)], settings.GroupIds), () => WriteAsync(form, settings)))
                : WriteAsync(form, settings));
        }
    }

    private async Task WriteAsync(ChannelForm form, ChannelSettings settings)
    {
        var outcome = _channel is null
            ? await channels.CreateAsync(Actor!, settings, form.ReadKey())
            : await channels.UpdateAsync(Actor!, _channel.Id, _channel.Version, settings, form.ReadKey());
        switch (outcome)
        {
            case SaveOutcome<ChannelDetails>.Saved(var saved) when _channel is null:
                Told = "The channel is created, and on.";
                navigation.NavigateTo(PageUrls.Channel(saved.Id), replace: true);
                break;
            case SaveOutcome<ChannelDetails>.Saved(var saved):
                Show(saved);
                Told = "Changes saved. The next request follows them.";
                break;
            case SaveOutcome<ChannelDetails>.Conflict(var current):
                _theirs = current;
                FocusOn(SettingsConflict.HeadingId);
                break;
            case SaveOutcome<ChannelDetails>.Refused(var errors):
                errors.ToList().ForEach(form.Refuse);
                FocusOn(form.FirstWrong);
                break;
            case SaveOutcome<ChannelDetails>.NotFound:
                Error = "This channel was deleted meanwhile. What you changed was not saved.";
                break;
        }

        StateHasChanged();
    }

    private Task ToggleAsync() => GuardedAsync(() => _channel!.IsEnabled
        ? _dialog.AskAsync(ChannelQuestions.SwitchOff(_channel, () => SetEnabledAsync(enabled: false)))
        : SetEnabledAsync(enabled: true));

    private async Task SetEnabledAsync(bool enabled)
    {
        var seen = _channel!;
        if (!await channels.SetEnabledAsync(Actor!, seen.Id, enabled) || await channels.FindAsync(Actor!, seen.Id) is not { } now)
        {
            Error = "This channel was deleted meanwhile.";
            return;
        }

        // One step on from what the person saw is this very change; anything more is somebody else's, which saving shall find.
        _channel = seen with { IsEnabled = now.IsEnabled, Health = now.Health, Version = now.Version == seen.Version + 1 ? now.Version : seen.Version };
        Told = now.IsEnabled ? "The channel is on." : "The channel is off: it gets no more requests.";
        StateHasChanged();
    }

    private async Task DeleteAsync()
    {
        await channels.DeleteAsync(Actor!, _channel!.Id);
        navigation.NavigateTo(PageUrls.Channels());
    }

    private async Task ReadHealthAsync()
    {
        try
        {
            if (_channel is { IsEnabled: true } shown && Actor is not null)
            {
                var health = await channels.HealthAsync(Actor);
                _channel = _channel == shown ? shown with { Health = health.TryGetValue(shown.Id, out var now) ? now : null } : _channel;
                StateHasChanged();
            }
        }
        catch (AccessDeniedException denied)
        {
            await DispatchExceptionAsync(denied);
        }
        catch (Exception e)
        {
            LogStale(e);
        }
    }

    [LoggerMessage(LogLevel.Error, "How a channel does could not be read.")]
    private partial void LogStale(Exception exception);
}
