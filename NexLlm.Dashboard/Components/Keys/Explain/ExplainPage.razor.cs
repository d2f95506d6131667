using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;
using MudBlazor;
using NexLlm.Dashboard.Access;
using NexLlm.Dashboard.Channels;
using NexLlm.Dashboard.Channels.Routing;
using NexLlm.Dashboard.Components.Keys.Examples;
using NexLlm.Dashboard.Components.Keys.Fields;
using NexLlm.Dashboard.Components.Shared;
using NexLlm.Dashboard.Components.Urls;
using NexLlm.Dashboard.Keys;
using NexLlm.Dashboard.Usage;

namespace NexLlm.Dashboard.Components.Keys.Explain;

/// <summary>Checks what the gateway would answer to a request with a key, and explains why.</summary>
public sealed partial class ExplainPage(
    CurrentUser user, KeyPolicyService keys, ChannelCatalog channels, ChannelDirectory routes, RequestExplainer explainer, KeysScript script,
    NavigationManager navigation, TimeProvider clock, ILogger<ExplainPage> log)
{
    private KeyDetails? _key;
    private IReadOnlyList<string> _names = [];
    private MudAutocomplete<string> _models = default!;
    private FirstRequest? _first;
    private ExplainForm _form = default!;
    private ExplainAddress? _asked;
    private Explanation? _answer;
    private UpstreamApi _answered;
    private bool _isOwn;
    private bool _isReady;
    private string? _error;

    [Parameter]
    public long Id { get; set; }

    [SupplyParameterFromQuery]
    private string? Model { get; set; }

    [SupplyParameterFromQuery]
    private string? Address { get; set; }

    [SupplyParameterFromQuery]
    private string? Tokens { get; set; }

    [SupplyParameterFromQuery]
    private string? At { get; set; }

    [SupplyParameterFromQuery]
    private string? Call { get; set; }

    private CurrentUser CurrentUser => user;

    protected override async Task OnParametersSetAsync()
    {
        if (_key?.Id != Id && !await FindAsync())
        {
            navigation.NotFound();
            return;
        }

        var asked = ExplainAddress.Read(name => name switch
        {
            "model" => Model,
            "address" => Address,
            "tokens" => Tokens,
            "at" => At,
            _ => Call,
        });
        if (asked == _asked)
        {
            return;
        }

        _asked = asked;
        // Defaults to the key's first model. A request rejected before its body was read has no model in the log either, and the result
        // doesn't depend on one.
        _form = new ExplainForm(
            asked with { Model = asked.Model ?? _first?.Model, Api = asked.Api ?? (asked.Model is null && !asked.IsOfLine ? _first?.Api : null) },
            user.Address, user.Zone);
        (_answer, _error) = (null, null);
        if (asked.Model is not null || _form.FirstWrong is null)
        {
            await AnswerAsync();
        }
    }

    protected override void OnAfterRender(bool firstRender)
    {
        if (firstRender)
        {
            _isReady = true;
            StateHasChanged();
        }
    }

    /// <summary>The typed text, then the matching models, or all of them while the text is one of them.</summary>
    private Task<IEnumerable<string>> FindModelsAsync(string? text, CancellationToken cancellation)
    {
        var wanted = string.IsNullOrEmpty(text) || _names.Contains(text, StringComparer.Ordinal) ? "" : text;
        var found = _names.Where(model => model.Contains(wanted, StringComparison.OrdinalIgnoreCase));
        return Task.FromResult(string.IsNullOrWhiteSpace(text) ? found : found.Prepend(text).Distinct(StringComparer.Ordinal));
    }

    private async Task<bool> FindAsync()
    {
        var actor = await user.ActorAsync();
        if (await keys.FindAsync(actor, Id) is not { } key)
        {
            return false;
        }

        var group = (await channels.ListGroupsAsync(actor)).FirstOrDefault(g => g.Id == key.Policy.GroupId);
        (_key, _isOwn, _asked) = (key, key.OwnerId == actor.AccountId, null);
        _names = [.. (group?.Models ?? []).Union(key.Policy.Models.Models, StringComparer.Ordinal)];
        _first = ExampleModels.Testable(key.Policy, routes.Current.Group(key.Policy.GroupId)) is [var usable, ..] ? usable.Request
            : key.Policy.Models.Models.Concat(_names).FirstOrDefault() is { } any ? new FirstRequest(any, UpstreamApi.ChatCompletions) : null;
        return true;
    }

    // The list handles the key first.
    private Task AskOnEnterAsync(KeyboardEventArgs key) => key.Key is "Enter" ? AskAsync() : Task.CompletedTask;

    /// <summary>Puts the question into the URL, so that back, reload and shared links repeat it.</summary>
    private async Task AskAsync()
    {
        await _models.CloseMenuAsync();
        _form.ShowErrors();
        if (!_form.TryRead(clock.GetUtcNow(), out _, out var address))
        {
            await script.FocusAsync(_form.FirstWrong!);
        }
        else if (address == _asked)
        {
            await AnswerAsync();
        }
        else
        {
            navigation.NavigateTo(address.Of(Id));
        }
    }

    private async Task AnswerAsync()
    {
        _form.ShowErrors();
        if (!_form.TryRead(clock.GetUtcNow(), out var request, out _))
        {
            return;
        }

        try
        {
            (_answer, _answered) = (await explainer.ExplainAsync(await user.ActorAsync(), Id, request), request.Api);
            _error = _answer is null ? "This key was deleted." : null;
        }
        catch (Exception error) when (error is not AccessDeniedException)
        {
            LogFailure(error, Id);
            _error = "Couldn't run the check. Try again.";
        }
    }

    [LoggerMessage(LogLevel.Error, "A request with key {KeyId} could not be explained.")]
    private partial void LogFailure(Exception exception, long keyId);
}
