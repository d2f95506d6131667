using Microsoft.AspNetCore.Components;
using Microsoft.JSInterop;

namespace NexLlm.Dashboard.Components.Logs;

/// <summary>What only the browser knows of the page of logs: what of the list is in sight. One a page, which disposes of it.</summary>
internal sealed class LogsScript(IJSRuntime js) : IAsyncDisposable
{
    private Task<IJSObjectReference>? _module;
    private IJSObjectReference? _watch;
    private DotNetObjectReference<LogsPage>? _watcher;

    /// <summary>Calls <see cref="LogsPage.SetAway"/> when the beginning of the list leaves the screen and when it is back.</summary>
    public async Task WatchAsync(ElementReference top, LogsPage page)
    {
        _watcher = DotNetObjectReference.Create(page);
        _watch = await CallAsync<IJSObjectReference>("watch", top, _watcher);
    }

    public async Task ToTopAsync() => await CallAsync<object?>("toTop");

    /// <returns>False if this request has no row.</returns>
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
            // The browser has left, and all of this with it.
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
