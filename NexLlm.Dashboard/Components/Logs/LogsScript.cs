using Microsoft.AspNetCore.Components;
using Microsoft.JSInterop;

namespace NexLlm.Dashboard.Components.Logs;

/// <summary>Reports what part of the list is visible, which only the browser knows. One per page, which disposes it.</summary>
internal sealed class LogsScript(IJSRuntime js) : IAsyncDisposable
{
    private Task<IJSObjectReference>? _module;
    private IJSObjectReference? _watch;
    private DotNetObjectReference<LogsPage>? _watcher;

    /// <summary>Calls <see cref="LogsPage.SetAway"/> when the top of the list leaves or enters the viewport.</summary>
    public async Task WatchAsync(ElementReference top, LogsPage page)
    {
        _watcher = DotNetObjectReference.Create(page);
        _watch = await CallAsync<IJSObjectReference>("watch", top, _watcher);
    }

    public async Task ToTopAsync() => await CallAsync<object?>("toTop");

    /// <returns>False if the request has no row.</returns>
    public Task<bool> FocusRowAsync(string requestId) => CallAsync<bool>("focusRow", requestId);

    public async ValueTask DisposeAsync()
    {
        try
        {
            if (_watch is not null)
            {
                await _watch.InvokeVoidAsync("disconnect");
            }

            if (_module is not null)
            {
                await (await _module).DisposeAsync();
            }
        }
        catch (JSDisconnectedException)
        {
            // The browser has disconnected.
        }

        _watcher?.Dispose();
    }

    private async Task<T?> CallAsync<T>(string function, params object?[] arguments)
    {
        try
        {
            _module ??= js.InvokeAsync<IJSObjectReference>("import", "./js/logs.js").AsTask();
            return await (await _module).InvokeAsync<T>(function, arguments);
        }
        catch (JSDisconnectedException)
        {
            return default;
        }
    }
}
