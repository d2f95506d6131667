using Microsoft.AspNetCore.Components;
using MudBlazor;
using NexLlm.Dashboard.Accounts.Profile;
using NexLlm.Dashboard.Channels;
using NexLlm.Dashboard.Components.Keys.Fields;
using NexLlm.Dashboard.Components.Shared;
using NexLlm.Dashboard.Components.Urls;
using NexLlm.Dashboard.Keys;

namespace NexLlm.Dashboard.Components.Keys.Edit;

/// <summary>
/// Edits the user's own keys; shows other people's to an administrator. Usage is current, at most a second old. Everything else
/// stays as loaded, and saving detects other people's changes.
/// </summary>
public sealed partial class EditKeyPage(
    CurrentUser user, KeyPolicyService keys, KeyChanges changes, ChannelCatalog channels, AccountService accounts, KeysScript script, IDialogService dialogs,
    NavigationManager navigation, TimeProvider clock, UserClock words, Notifications notifications, ILogger<EditKeyPage> log) : LivePage(log)
{
    private AccountOverview? _account;
    private IReadOnlyList<GroupOffer> _groups = [];
    private KeyDetails? _key;
    private KeyDetails? _theirs;
    private EditKeyForm? _form;
    private string? _focus;
    private bool _isReady;

    [Parameter]
    public long Id { get; set; }

    private UserClock Clock => words;

    protected override async Task OnParametersSetAsync()
    {
        if (_key?.Id != Id)
        {
            await LoadAsync();
        }
    }

    protected override async Task ReadAsync()
    {
        var actor = await user.ActorAsync();
        _account = await accounts.GetAsync(actor);
        _groups = await channels.ListGroupsAsync(actor);
        if (await keys.FindAsync(actor, Id) is { } key)
            Show(key);
        else
            navigation.NotFound();
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

    protected override void Listen()
    {
        var refresh = Own(new Throttle(clock, TimeSpan.FromSeconds(1), () => _ = QuietlyAsync(ReadUsageAsync)));
        Own(changes.Subscribe(change =>
        {
            if (change.OnlyUsage && change.KeyIds.Contains(Id))
            {
                refresh.Request();
            }
        }));
    }

    private async Task ReadUsageAsync()
    {
        var actor = await user.ActorAsync();
        if (await keys.FindAsync(actor, Id) is { } now && _key?.Id == now.Id)
        {
            _key = _key with { Quota = _key.Quota with { Used = now.Quota.Used }, LastUsedAt = now.LastUsedAt };
            _form?.Quota.Use(now.Quota.Used);
            _account = await accounts.GetAsync(actor);
        }
    }

    private void Show(KeyDetails key)
    {
        (_key, _theirs, Error) = (key, null, null);
        _form = key.OwnerId == _account!.Id ? new EditKeyForm(key, _groups, user.Zone, clock) : null;
    }

    private async Task SaveAsync()
    {
        if (_form is not { } form || IsBusy)
            return;
        Error = null;
        form.ShowErrors();
        if (!form.TryRead(out var edit))
        {
            FocusOn(form.Options.FirstWrong);
            return;
        }

        if (!form.Options.IsTouched)
        {
            notifications.Informed("No changes to save");
            return;
        }

        await GuardedAsync(
            async () => Show(form, await keys.EditAsync(await user.ActorAsync(), edit)), "Couldn't save the changes. Your entries are kept; try again.");
    }

    private void Show(EditKeyForm form, EditOutcome outcome)
    {
        switch (outcome)
        {
            case EditOutcome.Saved(var saved):
                Show(saved);
                notifications.Succeeded("Changes saved.");
                break;
            case EditOutcome.Conflict(var current):
                _theirs = current;
                _focus = "conflict";
                break;
            case EditOutcome.Refused(var errors):
                foreach (var error in errors)
                    form.Options.Refuse(error);
                Error = errors.FirstOrDefault(e => e.Option is null)?.Message;
                FocusOn(form.Options.FirstWrong);
                break;
            case EditOutcome.NotFound:
                Error = "This key was deleted. Your changes weren't saved.";
                break;
        }
    }

    private async Task ToggleAsync()
    {
        var actor = await user.ActorAsync();
        var enabled = !_key!.IsEnabled;
        await keys.SetEnabledAsync(actor, [Id], enabled);
        if (await keys.FindAsync(actor, Id) is not { } now)
        {
            notifications.Failed("This key was deleted.");
            return;
        }

        // One version higher is this change itself; anything more is another session's edit, which saving will detect.
        if (_form is not null && now.Version == _form.Version + 1)
            _form.Version = now.Version;
        _key = _key with { IsEnabled = now.IsEnabled };
        notifications.Succeeded(StatusBadge.SwitchedText(now.IsEnabled));
    }

    private async Task DeleteAsync()
    {
        if (await dialogs.DeleteKeysAsync([_key!]))
        {
            navigation.NavigateTo(PageUrls.Keys());
        }
    }

    private void FocusOn(KeyOption? option) => _focus = option?.Id;
}
