using Microsoft.AspNetCore.Components;
using NexLlm.Dashboard.Components.Shared;
using NexLlm.Dashboard.Logs;

namespace NexLlm.Dashboard.Components.Keys.Page;

public sealed partial class KeyLogs(RequestLog requests, CurrentUser user, TimeProvider clock, ILogger<KeyLogs> log) : LivePage(log)
{
    private const int Shown = 20;

    private readonly RequestLog _log = requests;
    private IReadOnlyList<LogEntry>? _lines;
    private long? _shown;

    [Parameter, EditorRequired]
    public long KeyId { get; set; }

    protected override async Task OnParametersSetAsync()
    {
        if (_shown != KeyId)
        {
            _shown = KeyId;
            await LoadAsync();
        }
    }

    protected override async Task ReadAsync()
    {
        var query = new LogQuery(From: clock.GetUtcNow() - _log.Keep, KeyId: KeyId);
        _lines = [.. (await _log.SearchAsync(await user.ActorAsync(), query)).Lines.Take(Shown)];
    }
}
