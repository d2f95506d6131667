using Microsoft.AspNetCore.Components;
using NexLlm.Dashboard.Accounts;
using NexLlm.Dashboard.Channels;
using NexLlm.Dashboard.Channels.Routing;
using NexLlm.Dashboard.Components.Keys.Examples;
using NexLlm.Dashboard.Components.Keys.Fields;
using NexLlm.Dashboard.Components.Shared;
using NexLlm.Dashboard.Keys;

namespace NexLlm.Dashboard.Components.Keys.Wizard;

/// <summary>
/// Creates a key in the documented steps. A step opens only by going on from a valid one before it, whatever the browser
/// sends; saving, however often it is asked for, makes one key.
/// </summary>
public sealed partial class KeyWizard(
    Person person, KeyPolicyService keys, ChannelCatalog channels, ChannelDirectory routes, AccountService accounts, DraftStore drafts,
    KeysScript script, NavigationManager navigation, TimeProvider clock, ILogger<KeyWizard> log) : IAsyncDisposable
{
    private ElementReference _heading;
    private WizardStep _step = WizardStep.NameKey;
    private NewKeyForm? _form;
    private AccountOverview? _account;
    private KeyDetails? _replaced;
    private KeyDetails? _existing;
    private KeyDetails? _made;
    private KeySecret? _secret;
    private ExampleModels? _models;
    private string? _error;
    private Task<CreateOutcome>? _saving;
    private Func<Task>? _focus;
    private string? _openedAt;
    private bool _hasLookedForDraft;
    private bool _isRestored;
    private bool _isReady;

    /// <summary>The key to replace, null for a new one.</summary>
    [Parameter]
    public long? From { get; set; }

    private Person Person => person;

    private bool IsSaved => _made is not null || _existing is not null;

    private string? ReplacementNotice => _replaced switch
    {
        null => null,
        { DeletedAt: not null } => $"These are the settings of {_replaced.Name}, which is deleted. Look them over, then save.",
        _ => $"These are the settings of {_replaced.Name}. It keeps working until you delete it.",
    };

    protected override async Task OnInitializedAsync()
    {
        _openedAt = navigation.Uri;
        var actor = await person.ActorAsync();
        _account = await accounts.GetAsync(actor);
        var groups = await channels.ListGroupsAsync(actor);
        if (groups is [])
        {
            _error = "There is no channel group that a key could use. Ask an administrator to enable one.";
            return;
        }

        _replaced = From is { } id ? await keys.FindForReplacementAsync(actor, id) : null;
        if (From is not null && _replaced is null)
            _error = "The key to replace is not there any more; this wizard starts with the defaults.";
        var (name, policy) = Replacement.Of(_replaced, groups);
        _form = new NewKeyForm(Guid.NewGuid(), name, policy, groups, person.Zone, clock);
    }

    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (_form is not null && !_hasLookedForDraft)
        {
            _hasLookedForDraft = true;
            await RestoreAsync(_form);
            _isReady = true;
            StateHasChanged();
        }
        else if (_focus is { } focus)
        {
            _focus = null;
            await focus();
        }
    }

    // Who goes to another page has left the draft behind; a lost connection, or a login that ended, has not.
    public ValueTask DisposeAsync() =>
        _hasLookedForDraft && navigation.Uri != _openedAt ? new(drafts.ClearAsync()) : ValueTask.CompletedTask;

    private async Task RestoreAsync(NewKeyForm form)
    {
        if (await drafts.LoadAsync() is not { } draft || draft.AccountId != _account!.Id || draft.From != From)
            return;
        form.Restore(draft);
        _isRestored = true;
        if (await keys.FindCreatedAsync(await person.ActorAsync(), draft.RequestId) is { } made)
            ShowExisting(made);
    }

    private async Task KeepDraftAsync()
    {
        if (_isReady && _form is not null && !IsSaved)
            await drafts.SaveAsync(_form.ToDraft(_account!.Id, From));
    }

    /// <summary>Back to a step that is done; never ahead, and nowhere once the key is saved.</summary>
    private Task GoToAsync(WizardStep step) =>
        step < _step && step >= WizardStep.NameKey && !IsSaved && _saving is null ? OpenAsync(step, field: null) : Task.CompletedTask;

    private Task EditAsync(KeyField field) =>
        _saving is null && _step is WizardStep.Save ? OpenAsync(field is KeyField.Name ? WizardStep.NameKey : WizardStep.Configure, field) : Task.CompletedTask;

    private Task OpenAsync(WizardStep step, KeyField? field)
    {
        (_error, _isRestored) = (null, false);
        _step = step;
        FocusOn(field);
        return KeepDraftAsync();
    }

    private void FocusOn(KeyField? field) => _focus = field is null or KeyField.Key
        ? async () => await _heading.FocusAsync()
        : () => script.FocusAsync(Ids.Of(field.Value));

    private Task ContinueAsync() => (_isReady, _step) switch
    {
        (true, WizardStep.NameKey) => ContinueFromNameAsync(_form!),
        (true, WizardStep.Configure) => ContinueFromSettingsAsync(_form!),
        (true, WizardStep.Save) => SaveAsync(_form!),
        _ => Task.CompletedTask,
    };

    private async Task ContinueFromNameAsync(NewKeyForm form)
    {
        var typed = form.Name.Text;
        form.Name.IsVisited = true;
        if (form.Name.TryRead(out var name) && !await keys.IsNameFreeAsync(await person.ActorAsync(), name) && form.Name.Text == typed)
            form.Name.Refuse(FieldError.NameTaken(name).Message);
        if (form.Name.Error is not null)
            FocusOn(KeyField.Name);
        else if (_step is WizardStep.NameKey && form.Name.Text == typed)
            await OpenAsync(WizardStep.Configure, field: null);
    }

    private Task ContinueFromSettingsAsync(NewKeyForm form)
    {
        form.ShowErrors();
        if (form.FirstWrong is not { } wrong)
            return OpenAsync(WizardStep.Save, field: null);
        FocusOn(wrong);
        return Task.CompletedTask;
    }

    private async Task SaveAsync(NewKeyForm form)
    {
        CreateOutcome outcome;
        try
        {
            outcome = await (_saving ??= CreateAsync(form));
        }
        catch (Exception e) when (e is not AccessDeniedException)
        {
            LogFailure(e);
            _saving = null;
            _error = "The key could not be saved. Press Save changes again: trying again never makes a second key.";
            return;
        }

        // A second click waited for the same task; whoever comes first has dealt with its outcome.
        if (_saving is null)
            return;
        _saving = null;
        await ShowAsync(form, outcome);
    }

    private async Task<CreateOutcome> CreateAsync(NewKeyForm form)
    {
        if (!form.TryRead(out var policy))
            return new CreateOutcome.Refused([]);
        await KeepDraftAsync();
        return await keys.CreateAsync(await person.ActorAsync(), new CreateKey(form.RequestId, form.Name.Text, policy));
    }

    private async Task ShowAsync(NewKeyForm form, CreateOutcome outcome)
    {
        switch (outcome)
        {
            case CreateOutcome.Created(var key, var secret):
                (_made, _secret) = (key, secret);
                _models = ExampleModels.Of(key.Policy, routes.Current.Group(key.Policy.GroupId));
                _step = WizardStep.CopyAndStore;
                FocusOn(field: null);
                break;
            case CreateOutcome.AlreadyCreated(var key):
                ShowExisting(key);
                break;
            case CreateOutcome.Refused(var errors):
                foreach (var error in errors)
                    form.Refuse(error);
                form.ShowErrors();
                var isName = form.Name.Error is not null;
                KeyField? wrong = isName ? KeyField.Name : form.FirstWrong;
                if (wrong is not null)
                    await OpenAsync(isName ? WizardStep.NameKey : WizardStep.Configure, wrong);
                _error = errors.FirstOrDefault(e => e.Field is KeyField.Key)?.Message;
                break;
        }
    }

    private void ShowExisting(KeyDetails key)
    {
        (_existing, _step) = (key, WizardStep.CopyAndStore);
        FocusOn(field: null);
    }

    private async Task FinishAsync()
    {
        _secret = null;
        await drafts.ClearAsync();
        navigation.NavigateTo(PageUrls.Keys(), replace: true);
    }

    [LoggerMessage(LogLevel.Error, "A key could not be created.")]
    private partial void LogFailure(Exception exception);
}
