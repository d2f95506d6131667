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
    TimeProvider time, ILogger<ChannelPage> log)
{
    private static readonly TimeSpan _healthEvery = TimeSpan.FromSeconds(2);

    private Actor? _actor;
    private ChannelDetails? _channel;
    private ChannelDetails? _theirs;
    private ChannelForm? _form;
    private ImpactDialog _dialog = default!;
    private ITimer? _health;
    private string? _error;
    private string _told = "";
    private string? _focus;
    private bool _failed;
    private bool _isReady;
    private bool _isSaving;

    /// <summary>Null makes a new one.</summary>
    [Parameter]
    public long? Id { get; set; }

    public void Dispose() => _health?.Dispose();

    protected override async Task OnParametersSetAsync()
    {
        if (_form is not null && _channel?.Id == Id)
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
            _health = time.CreateTimer(_ => _ = InvokeAsync(ReadHealthAsync), null, _healthEvery, _healthEvery);
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
            var found = Id is { } id ? await channels.FindAsync(_actor!, id) : null;
            if (Id is not null && found is null)
            {
                navigation.NotFound();
                return;
            }

            var offered = await groups.ListAsync(_actor!);
            (_channel, _theirs, _error, _failed) = (found, null, null, false);
            _form = new ChannelForm(found, offered);
        }
        catch (Exception e) when (e is not AccessDeniedException)
        {
            LogFailure(e);
            _failed = true;
        }
    }

    private void Show(ChannelDetails channel)
    {
        (_channel, _theirs, _error) = (channel, null, null);
        _form = new ChannelForm(channel, _form!.Groups);
    }

    private void Choose(long group, bool chosen)
    {
        _form!.GroupsError = null;
        _ = chosen ? _form.GroupIds.Add(group) : _form.GroupIds.Remove(group);
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
        else if (_channel is not null && !form.IsTouched)
        {
            _told = "There is nothing to save.";
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
            ? await channels.CreateAsync(_actor!, settings, form.ReadKey())
            : await channels.UpdateAsync(_actor!, _channel.Id, _channel.Version, settings, form.ReadKey());
        switch (outcome)
        {
            case SaveOutcome<ChannelDetails>.Saved(var saved) when _channel is null:
                _told = "The channel is created, and on.";
                navigation.NavigateTo(PageUrls.Channel(saved.Id), replace: true);
                break;
            case SaveOutcome<ChannelDetails>.Saved(var saved):
                Show(saved);
                _told = "Changes saved. The next request follows them.";
                break;
            case SaveOutcome<ChannelDetails>.Conflict(var current):
                _theirs = current;
                _focus = SettingsConflict.HeadingId;
                break;
            case SaveOutcome<ChannelDetails>.Refused(var errors):
                errors.ToList().ForEach(form.Refuse);
                _focus = form.FirstWrong;
                break;
            case SaveOutcome<ChannelDetails>.NotFound:
                _error = "This channel was deleted meanwhile. What you changed was not saved.";
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
        if (!await channels.SetEnabledAsync(_actor!, seen.Id, enabled) || await channels.FindAsync(_actor!, seen.Id) is not { } now)
        {
            _error = "This channel was deleted meanwhile.";
            return;
        }

        // One step on from what the person saw is this very change; anything more is somebody else's, which saving shall find.
        _channel = seen with { IsEnabled = now.IsEnabled, Health = now.Health, Version = now.Version == seen.Version + 1 ? now.Version : seen.Version };
        _told = now.IsEnabled ? "The channel is on." : "The channel is off: it gets no more requests.";
        StateHasChanged();
    }

    private async Task DeleteAsync()
    {
        await channels.DeleteAsync(_actor!, _channel!.Id);
        navigation.NavigateTo(PageUrls.Channels());
    }

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
            _error = "The changes could not be saved. Try again; nothing that you typed is lost.";
        }
        finally
        {
            _isSaving = false;
        }
    }

    private async Task ReadHealthAsync()
    {
        try
        {
            if (_channel is { IsEnabled: true } shown && _actor is not null)
            {
                var health = await channels.HealthAsync(_actor);
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
            LogFailure(e);
        }
    }

    [LoggerMessage(LogLevel.Error, "A channel could not be read or changed.")]
    private partial void LogFailure(Exception exception);
}
