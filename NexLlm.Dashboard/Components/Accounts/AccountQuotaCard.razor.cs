using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Microsoft.AspNetCore.Components;
using MudBlazor;
using NexLlm.Dashboard.Access;
using NexLlm.Dashboard.Accounts.Administration;
using NexLlm.Dashboard.Components.Keys.Fields;
using NexLlm.Dashboard.Components.Shared;
using NexLlm.Dashboard.Keys.Policy;

namespace NexLlm.Dashboard.Components.Accounts;

/// <summary>
/// Changes an overall quota. Usage may increase and another administrator may grant tokens at the same time. So the page always
/// sends the change, never a sum it computed, and a new limit replaces only the limit shown when it was entered.
/// </summary>
public sealed partial class AccountQuotaCard(AccountQuotas quotas, CurrentUser user, Notifications notifications, ILogger<AccountQuotaCard> log)
{
    private QuotaStep _change;
    private TextInput<long> _amount = default!;
    private SeenLimit _seen;
    private bool _isSaving;
    private string? _refusal;

    private enum QuotaStep
    {
        Add,
        SetLimit,
        Unlimited,
    }

    [Parameter, EditorRequired]
    public AccountDetails Account { get; set; } = default!;

    /// <summary>Raised after the quota was changed, or when it turned out to differ from what was shown.</summary>
    [Parameter]
    public EventCallback Changed { get; set; }

    private TokenQuota Quota => AccountBadge.QuotaOf(Account);

    private Color Tone => Quota.UsedFraction switch
    {
        >= 0.9 => Color.Error,
        >= 0.7 => Color.Warning,
        _ => Color.Primary,
    };

    /// <summary>Without a limit, there is nothing to add to.</summary>
    private IReadOnlyList<(QuotaStep Change, string Label)> Choices => Quota.Limit is null
        ? [(QuotaStep.SetLimit, "Set limit")]
        : [(QuotaStep.Add, "Add tokens"), (QuotaStep.SetLimit, "Set limit"), (QuotaStep.Unlimited, "Unlimited")];

    private string Meaning => (_change, _amount.TryRead(out var tokens)) switch
    {
        (_, false) => "",
        (QuotaStep.Add, _) => $"New limit: {Number((Quota.Limit ?? 0) + tokens)} tokens",
        _ when tokens <= Quota.Used => "Already used up. Requests with its keys will be rejected.",
        _ => $"New limit: {Number(tokens)} tokens",
    };

    protected override void OnInitialized() => Choose(Quota.Limit is null ? QuotaStep.SetLimit : QuotaStep.Add);

    protected override void OnParametersSet()
    {
        if (Choices.All(choice => choice.Change != _change))
        {
            Choose(QuotaStep.SetLimit);
        }
    }

    private void Choose(QuotaStep change)
    {
        (_change, _refusal) = (change, null);
        _amount = new TextInput<long>("", Read);
        _seen = new SeenLimit(Quota.Limit);
    }

    private void Type(string? text)
    {
        _amount.Type(text);
        _seen = new SeenLimit(Quota.Limit);
    }

    private bool Read(string text, out long tokens, [NotNullWhen(false)] out string? error) =>
        _change is QuotaStep.SetLimit ? QuotaAmount.TryRead(text, blank: null, out tokens, out error) : TokenQuota.TryParseTokens(text, out tokens, out error);

    private async Task SaveAsync()
    {
        _amount.IsVisited = true;
        if (_isSaving || Wanted() is not { } change)
        {
            return;
        }

        (_isSaving, _refusal) = (true, null);
        try
        {
            var outcome = await quotas.ChangeAsync(await user.ActorAsync(), Account.Id, change);
            await Changed.InvokeAsync();
            if (outcome is QuotaOutcome.Changed changed)
            {
                Choose(change is AccountQuotaChange.Unlimited ? QuotaStep.SetLimit : _change);
                notifications.Succeeded(Done(changed));
                return;
            }

            _refusal = Rejection(outcome);
            if (outcome is QuotaOutcome.Conflict(var limit))
            {
                // The new limit is now shown and the entry is kept, so saving again confirms it.
                _seen = new SeenLimit(limit);
            }
        }
        catch (Exception error) when (error is not AccessDeniedException)
        {
            LogFailure(error, Account.Id);
            _refusal = "Couldn't change the quota. Try again.";
        }
        finally
        {
            _isSaving = false;
        }
    }

    /// <summary>Null while the entry is invalid.</summary>
    private AccountQuotaChange? Wanted() =>
        _change is QuotaStep.Unlimited ? new AccountQuotaChange.Unlimited { Instead = _seen }
        : !_amount.TryRead(out var tokens) ? null
        : _change is QuotaStep.Add ? new AccountQuotaChange.Add(tokens)
        : new AccountQuotaChange.SetLimit(tokens) { Instead = _seen };

    private static string Done(QuotaOutcome.Changed now) => now switch
    {
        { TokenLimit: { } limit, UsedTokens: var used } when used >= limit => $"Overall quota set to {Number(limit)} tokens, all of it used. Requests with its keys are rejected.",
        { TokenLimit: { } limit } => $"Overall quota set to {Number(limit)} tokens.",
        _ => "Overall quota set to unlimited.",
    };

    private static string Rejection(QuotaOutcome outcome) => outcome switch
    {
        QuotaOutcome.AlreadyUnlimited => "The account is already unlimited.",
        QuotaOutcome.Conflict(var limit) =>
            $"Not saved: someone else {(limit is { } other ? $"set the overall quota to {Number(other)} tokens" : "made the account unlimited")}. Save again to overwrite it.",
        QuotaOutcome.OutOfRange(var most) => $"The maximum is {Number(most)} tokens.",
        _ => "Account not found.",
    };

    private static string Number(long tokens) => tokens.ToString("N0", CultureInfo.InvariantCulture);

    [LoggerMessage(LogLevel.Error, "The quota of account {AccountId} could not be changed.")]
    private partial void LogFailure(Exception error, long accountId);
}
