using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Routing;
using MudBlazor;
using NexLlm.Dashboard.Access;
using NexLlm.Dashboard.Accounts.Profile;
using NexLlm.Dashboard.Channels;
using NexLlm.Dashboard.Channels.Routing;
using NexLlm.Dashboard.Components.Keys.Examples;
using NexLlm.Dashboard.Components.Keys.Fields;
using NexLlm.Dashboard.Components.Shared;
using NexLlm.Dashboard.Components.Urls;
using NexLlm.Dashboard.Keys;

namespace NexLlm.Dashboard.Components.Keys.Wizard;

/// <summary>
/// Creates a key in the documented steps. A step opens only from a valid previous one, whatever the browser sends, and saving
/// repeatedly creates one key.
/// </summary>
public sealed partial class KeyWizard(
    CurrentUser user, KeyPolicyService keys, ChannelCatalog channels, ChannelDirectory routes, AccountService accounts, DraftStore drafts,
    KeysScript script, NavigationManager navigation, TimeProvider clock, ILogger<KeyWizard> log) : IAsyncDisposable
{
    /// <summary>The buttons are in the form, because the stepper's own could not submit it.</summary>
    private static readonly RenderFragment<MudStepper> _noActions = _ => _ => { };

    private readonly KeyCreation _creation = new();
    private ElementReference _heading;
    private WizardStep _step = WizardStep.NameKey;
    private WizardStep _shown;
    private NewKeyForm? _form;
    private AccountOverview? _account;
    private KeyDetails? _replaced;
    private KeyDetails? _existing;
    private CreatedKey? _created;
    private string? _error;
    private Func<Task>? _focus;
    private IReadOnlyList<GroupOffer> _groups = [];
    private bool _hasLookedForDraft;
    private bool _isRestored;
    private bool _isReady;

    /// <summary>The key to replace; null for a new one.</summary>
    [Parameter]
    public long? From { get; set; }

    /// <summary>The initial model restriction of a new key; null for none. A model no group serves is ignored.</summary>
    [Parameter]
    public string? Model { get; set; }

    /// <summary>The step in the URL when the page was opened, as <see cref="WizardSteps.Slug"/>; null for the first.</summary>
    [Parameter]
    public string? Step { get; set; }

    private bool IsSaved => _created is not null || _existing is not null;

    protected override async Task OnInitializedAsync()
    {
        navigation.LocationChanged += OnLocationChanged;
        var actor = await user.ActorAsync();
        _account = await accounts.GetAsync(actor);
        _groups = await channels.ListGroupsAsync(actor);
        if (_groups is [])
        {
            _error = "No channel groups are available. Ask an administrator to enable one.";
            return;
        }

        _replaced = From is { } id ? await keys.FindForReplacementAsync(actor, id) : null;
        if (From is not null && _replaced is null)
            _error = "The key to replace no longer exists. The default settings are shown.";
        _form = NewForm();
    }

    // Not by the parameter, because two quick moves can arrive as one.
    private void OnLocationChanged(object? sender, LocationChangedEventArgs moved) => _ = InvokeAsync(() => FollowAddress(moved.Location));

    /// <summary>The browser's back and forward buttons move between completed steps.</summary>
    private void FollowAddress(string address)
    {
        var wanted = WizardSteps.Addressed.FirstOrDefault(step => address == navigation.ToAbsoluteUri(PageUrls.NewKey(From, step.Slug(), Model)).AbsoluteUri);
        if (wanted is default(WizardStep) || wanted == _step || !_isReady || _form is null || _creation.IsRunning)
            return;
        if (IsSaved)
        {
            navigation.NavigateTo(PageUrls.Keys(), replace: true);
            return;
        }

        (_error, _isRestored) = (null, false);
        _step = WizardSteps.Reachable(wanted, _form);
        FocusOn(option: null);
        StateHasChanged();
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
        // A rendering already in progress when the step changed still has the previous heading.
        else if (_shown == _step && _focus is { } focus)
        {
            _focus = null;
            await focus();
        }
    }

    // A draft outlives the page, for Forward, a reload and a lost connection; that of a saved key is no longer needed. Without a browser
    // nothing is cleared, so that a circuit lost at the last step finds the created key.
    public ValueTask DisposeAsync()
    {
        navigation.LocationChanged -= OnLocationChanged;
        return IsSaved ? new(drafts.ClearAsync()) : ValueTask.CompletedTask;
    }

    private NewKeyForm NewForm()
    {
        var (name, policy) = Replacement.Of(_replaced, _groups, Model);
        return new NewKeyForm(Guid.NewGuid(), name, policy, _groups, user.Zone, clock);
    }

    private async Task RestoreAsync(NewKeyForm form)
    {
        if (await drafts.LoadAsync() is not { } draft || draft.AccountId != _account!.Id || draft.From != From || draft.Model != Model)
            return;
        form.Restore(draft);
        _isRestored = true;
        _step = WizardSteps.Reachable(WizardSteps.FromSlug(Step), form);
        if (await keys.FindCreatedAsync(await user.ActorAsync(), draft.RequestId) is { } made)
            ShowExisting(made);
    }

    private async Task KeepDraftAsync()
    {
        if (_isReady && _form is not null && !IsSaved)
            await drafts.SaveAsync(_form.ToDraft(_account!.Id, From, Model));
    }

    private async Task StartOverAsync()
    {
        await drafts.ClearAsync();
        _form = NewForm();
        _isRestored = false;
        await OpenAsync(WizardStep.NameKey, option: null);
    }

    private bool IsOpen(WizardStep step) => step == _step || (step < _step && step >= WizardStep.NameKey && !IsSaved);

    /// <summary>Never lets the stepper move by itself: the step follows from what is complete, and so does the URL.</summary>
    private async Task MoveAsync(StepperInteractionEventArgs asked)
    {
        asked.Cancel = true;
        if (asked.Action is StepAction.Activate)
        {
            await GoToAsync((WizardStep)(asked.StepIndex + 1));
            StateHasChanged();
        }
    }

    /// <summary>Goes back to a completed step, never ahead, and nowhere once the key is saved.</summary>
    private Task GoToAsync(WizardStep step) =>
        step < _step && step >= WizardStep.NameKey && !IsSaved && !_creation.IsRunning ? OpenAsync(step, option: null) : Task.CompletedTask;

    private Task EditAsync(KeyOption option) =>
        !_creation.IsRunning && _step is WizardStep.Save ? OpenAsync(option == KeyOption.Name ? WizardStep.NameKey : WizardStep.Configure, option) : Task.CompletedTask;

    private Task OpenAsync(WizardStep step, KeyOption? option)
    {
        (_error, _isRestored) = (null, false);
        var isMove = _step != step;
        _step = step;
        FocusOn(option);
        if (isMove)
            navigation.NavigateTo(PageUrls.NewKey(From, step.Slug(), Model));
        return KeepDraftAsync();
    }

    private void FocusOn(KeyOption? option) => _focus = option is null
        ? async () => await _heading.FocusAsync()
        : () => script.FocusAsync(option.Id);

    /// <param name="shown">
    /// The step whose form was submitted. A double click or holding Enter submits it again before the browser shows the next one,
    /// which must not submit that one unseen.
    /// </param>
    private Task ContinueAsync(WizardStep shown) => (_isReady && shown == _step, shown) switch
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
        if (form.Name.TryRead(out var name) && !await keys.IsNameFreeAsync(await user.ActorAsync(), name) && form.Name.Text == typed)
            form.Name.Refuse(FieldError.NameTaken(name).Message);
        if (form.Name.Error is not null)
            FocusOn(KeyOption.Name);
        else if (_step is WizardStep.NameKey && form.Name.Text == typed)
            await OpenAsync(WizardStep.Configure, option: null);
    }

    private Task ContinueFromSettingsAsync(NewKeyForm form)
    {
        form.ShowErrors();
        if (form.FirstWrong is not { } wrong)
            return OpenAsync(WizardStep.Save, option: null);
        FocusOn(wrong);
        return Task.CompletedTask;
    }

    private async Task SaveAsync(NewKeyForm form)
    {
        try
        {
            if (await _creation.RunAsync(() => CreateAsync(form)) is { } outcome)
            {
                await ShowAsync(form, outcome);
            }
        }
        catch (Exception e) when (e is not AccessDeniedException)
        {
            LogFailure(e);
            _error = "Couldn't save the key. Try again; you won't create a duplicate.";
        }
    }

    private async Task<CreateOutcome> CreateAsync(NewKeyForm form)
    {
        if (!form.TryRead(out var policy))
            return new CreateOutcome.Refused([]);
        await KeepDraftAsync();
        return await keys.CreateAsync(await user.ActorAsync(), new CreateKey(form.RequestId, form.Name.Text, policy));
    }

    private async Task ShowAsync(NewKeyForm form, CreateOutcome outcome)
    {
        switch (outcome)
        {
            case CreateOutcome.Created(var key, var secret):
                var group = routes.Current.Group(key.Policy.GroupId);
                _created = new CreatedKey(key, secret, ExampleModels.Of(key.Policy, group), ExampleModels.Testable(key.Policy, group));
                _step = WizardStep.CopyAndStore;
                FocusOn(option: null);
                break;
            case CreateOutcome.AlreadyCreated(var key) when form.Describes(key):
                ShowExisting(key);
                break;
            case CreateOutcome.AlreadyCreated(var key):
                form.StartNewRequest();
                await KeepDraftAsync();
                _error = $"“{key.Name}” was already created from a copy of this page. To create “{form.Name.Text.Trim()}” as a separate key, click Save changes again.";
                break;
            case CreateOutcome.Refused(var errors):
                foreach (var error in errors)
                    form.Refuse(error);
                form.ShowErrors();
                var isName = form.Name.Error is not null;
                var wrong = isName ? KeyOption.Name : form.FirstWrong;
                if (wrong is not null)
                    await OpenAsync(isName ? WizardStep.NameKey : WizardStep.Configure, wrong);
                _error = errors.FirstOrDefault(e => e.Option is null)?.Message;
                break;
        }
    }

    private void ShowExisting(KeyDetails key)
    {
        (_existing, _step) = (key, WizardStep.CopyAndStore);
        FocusOn(option: null);
    }

    private async Task FinishAsync()
    {
        _created = _created! with { Secret = null };
        await drafts.ClearAsync();
        navigation.NavigateTo(PageUrls.Keys(), replace: true);
    }

    [LoggerMessage(LogLevel.Error, "A key could not be created.")]
    private partial void LogFailure(Exception exception);
}
