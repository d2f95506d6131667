using Microsoft.AspNetCore.Components;
using Microsoft.JSInterop;

namespace NexLlm.Dashboard.Components.Keys.Fields;

/// <summary><c>wwwroot/js/keys.js</c>, loaded on first use. Does nothing once the browser has disconnected.</summary>
public sealed class KeysScript(IJSRuntime js) : IAsyncDisposable
{
    private Task<IJSObjectReference>? _module;

    public async Task FocusAsync(string id) => await CallAsync<object?>("focusOn", id);

    public async Task AttachRevealAsync(ElementReference root) => await CallAsync<object?>("attachReveal", root);

    public async ValueTask DisposeAsync()
    {
        try
        {
            if (_module is not null)
                await (await _module).DisposeAsync();
        }
        catch (JSDisconnectedException)
        {
        }
    }

    private async Task<T?> CallAsync<T>(string function, params object?[] arguments)
    {
        try
        {
            _module ??= js.InvokeAsync<IJSObjectReference>("import", "./js/keys.js").AsTask();
            // An explicit token disables the timeout, because the user may take any time to answer.
            return await (await _module).InvokeAsync<T>(function, CancellationToken.None, arguments);
        }
        catch (JSDisconnectedException)
        {
            return default;
        }
    }
}
