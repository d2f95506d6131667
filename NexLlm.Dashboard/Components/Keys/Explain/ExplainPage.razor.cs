using Microsoft.AspNetCore.Components;
using NexLlm.Dashboard.Accounts;
using NexLlm.Dashboard.Channels;
using NexLlm.Dashboard.Components.Keys.Fields;
using NexLlm.Dashboard.Components.Shared;
using NexLlm.Dashboard.Keys;
using NexLlm.Dashboard.Usage;

namespace NexLlm.Dashboard.Components.Keys.Explain;

/// <summary>Asks about one key what the gateway would answer to a request, and says why.</summary>
public sealed partial class ExplainPage(
    Person person, KeyPolicyService keys, ChannelCatalog channels, RequestExplainer explainer, KeysScript script, NavigationManager navigation,
    TimeProvider clock, ILogger<ExplainPage> log)
{
    private KeyDetails? _key;
    private IReadOnlyList<string> _models = [];
    private ExplainForm _form = default!;
    private ExplainAddress? _asked;
    private Explanation? _answer;
    private bool _isOwn;
    private bool _isReady;
    private bool _failed;

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

    private Person Person => person;

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
        // A request that was refused before its body was read has no model in the log, and its answer depends on none.
        _form = new ExplainForm(asked.IsOfLine ? asked with { Model = asked.Model ?? (_models is [var any, ..] ? any : null) } : asked, person.Address, person.Zone);
        _answer = null;
        if (asked.Model is not null || asked.IsOfLine)
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

    private static string Invalid(string? error) => error is null ? "false" : "true";

    private async Task<bool> FindAsync()
    {
        var actor = await person.ActorAsync();
        if (await keys.FindAsync(actor, Id) is not { } key)
        {
            return false;
        }

        var group = (await channels.ListGroupsAsync(actor)).FirstOrDefault(g => g.Id == key.Policy.GroupId);
        (_key, _isOwn, _asked) = (key, key.OwnerId == actor.AccountId, null);
        _models = [.. (group?.Models ?? []).Union(key.Policy.Models.Models, StringComparer.Ordinal)];
        return true;
    }

    /// <summary>The question goes into the address, so that back, reload and a shared link ask it again.</summary>
    private async Task AskAsync()
    {
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
            _failed = false;
            _answer = await explainer.ExplainAsync(await person.ActorAsync(), Id, request);
        }
        catch (Exception error) when (error is not AccessDeniedException)
        {
            LogFailure(error, Id);
            _failed = true;
        }
    }

    [LoggerMessage(LogLevel.Error, "A request with key {KeyId} could not be explained.")]
    private partial void LogFailure(Exception exception, long keyId);
}
