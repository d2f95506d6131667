using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;
using NexLlm.Dashboard.Components.Shared;
using NexLlm.Dashboard.Logs;
using NexLlm.Dashboard.Usage;

namespace NexLlm.Dashboard.Components.Logs;

public sealed partial class LogDetailsPanel(RequestLog requests, CurrentUser user, UserClock clock, ILogger<LogDetailsPanel> log) : LivePage(log)
{
    private ElementReference _title;
    private LogDetails? _details;
    private string? _read;
    private bool _isRead;

    [Parameter, EditorRequired]
    public required string RequestId { get; set; }

    /// <summary>The list's data about the request, which is shown immediately; null if it is not on the list.</summary>
    [Parameter]
    public LogEntry? Known { get; set; }

    /// <summary>The request ID of the line above; null if there is none.</summary>
    [Parameter]
    public string? Previous { get; set; }

    /// <summary>The request ID of the line below; null if there is none.</summary>
    [Parameter]
    public string? Next { get; set; }

    /// <summary>Raised to show another request, or none if null.</summary>
    [Parameter]
    public EventCallback<string?> Chosen { get; set; }

    private UserClock Clock => clock;

    private LogEntry? Line => _details?.Line ?? Known;

    /// <summary>Announces the next request, since the focused title doesn't change.</summary>
    private string? Announcement => Line is { } line ? $"{LogStatus.Of(line).Word}, {Clock.Moment(line.At)}" : _isRead ? "Request not found" : null;

    protected override async Task OnParametersSetAsync()
    {
        if (RequestId != _read)
        {
            (_read, _details, _isRead) = (RequestId, null, false);
            await LoadAsync();
        }
    }

    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (firstRender)
        {
            await _title.FocusAsync();
        }
    }

    protected override async Task ReadAsync()
    {
        var id = RequestId;
        var actor = await user.ActorAsync();
        var details = await Task.Run(() => requests.FindAsync(actor, id));
        if (id == RequestId)
        {
            (_details, _isRead) = (details, true);
        }
    }

    private Task OnKeyDownAsync(KeyboardEventArgs pressed) => pressed switch
    {
        { Key: "Escape" } => Chosen.InvokeAsync(null),
        { Key: "ArrowUp" } when Previous is not null => Chosen.InvokeAsync(Previous),
        { Key: "ArrowDown" } when Next is not null => Chosen.InvokeAsync(Next),
        _ => Task.CompletedTask,
    };

    /// <summary>How the charge was determined; null if there is nothing to explain, or the charge is no longer kept.</summary>
    private string? ChargeInWords(LogEntry line) => (line, _details?.Charge) switch
    {
        (_, { State: ChargeState.Reserved } open) => $"{Count(open.ReservedTokens)} tokens are reserved until the request ends.",
        ({ ChargedTokens: 0 }, _) => "Not charged",
        (_, { IsClamped: true }) => "Limited to the reservation: the provider used more tokens.",
        (_, { } charge) => string.Create(_english, $"({Count(charge.InputTokens)} input + {Count(charge.OutputTokens)} output) × {charge.Ratio:0.######}{Rounding(charge)}"),
        _ => null,
    };

    private static string Rounding(LoggedCharge charge) =>
        (charge.InputTokens + charge.OutputTokens) * charge.Ratio == charge.ChargedTokens ? "" : ", rounded up";
}
