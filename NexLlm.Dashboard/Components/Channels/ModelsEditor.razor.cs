using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;
using MudBlazor;
using NexLlm.Dashboard.Access;
using NexLlm.Dashboard.Channels;
using NexLlm.Dashboard.Channels.Administration;
using NexLlm.Dashboard.Channels.Upstream;
using NexLlm.Dashboard.Components.Shared;

namespace NexLlm.Dashboard.Components.Channels;

public sealed partial class ModelsEditor(ChannelAdministration channels, CurrentUser user, ILogger<ModelsEditor> log) : IDisposable
{
    private const int Searchable = 10;
    private const int MostShown = 200;

    private readonly CancellationTokenSource _left = new();
    private string _typed = "";
    private string _search = "";
    private string? _failure;
    private bool _isLoading;
    private MudTextField<string> _input = default!;

    /// <summary>The channel whose stored provider key is used if none is typed; null for a new one.</summary>
    [Parameter]
    public long? Id { get; set; }

    [Parameter, EditorRequired]
    public required ChannelForm Form { get; set; }

    /// <summary>The models listed by the provider in the form; null if unknown.</summary>
    [Parameter]
    public ListedModels? Listed { get; set; }

    /// <summary>Raised when the provider has listed its models.</summary>
    [Parameter]
    public EventCallback<ListedModels> ListedChanged { get; set; }

    [Parameter]
    public EventCallback Changed { get; set; }

    private ModelList Models => Form.Models;

    /// <summary>Cancels a query that is no longer needed.</summary>
    public void Dispose()
    {
        _left.Cancel();
        _left.Dispose();
    }

    private Task KeyAsync(KeyboardEventArgs key) => key.Key == "Enter" ? AddAsync() : Task.CompletedTask;

    private Task AddAsync()
    {
        if (Models.TryAdd(_typed, open: true))
        {
            // Makes the added model visible.
            (_typed, _search) = ("", "");
        }

        return Changed.InvokeAsync();
    }

    private async Task LoadAsync()
    {
        (_isLoading, _failure) = (true, null);
        var asked = Form.Provider;
        try
        {
            var result = Form.ProviderKey.Error is { } wrong
                ? new ProbeResult.Failed($"Provider key: {wrong}")
                : await channels.LoadModelsAsync(await user.ActorAsync(), Id, Form.Type, Form.BaseUrl.Text, Form.ReadKey(), _left.Token);
            switch (result)
            {
                case ProbeResult.Answered(_, var models):
                    await ListedChanged.InvokeAsync(new ListedModels(asked, models));
                    break;
                case ProbeResult.Failed(var reason):
                    _failure = reason;
                    break;
            }
        }
        catch (OperationCanceledException) when (_left.IsCancellationRequested)
        {
            // The page was closed.
        }
        catch (Exception error) when (error is not AccessDeniedException)
        {
            LogFailure(error);
            _failure = "Couldn't load the models. Try again.";
        }
        finally
        {
            _isLoading = false;
        }
    }

    /// <summary>Moves the focus to the next row, so that several can be removed by keyboard.</summary>
    private async Task RemoveAsync(ModelRow row, IReadOnlyList<ModelRow> shown)
    {
        var next = shown.SkipWhile(r => r != row).ElementAtOrDefault(1) ?? shown.TakeWhile(r => r != row).LastOrDefault();
        Models.Remove([row]);
        await Changed.InvokeAsync();
        await (next?.RemoveButton.FocusAsync(preventScroll: true) ?? _input.FocusAsync());
    }

    private async Task RemoveAllAsync(IReadOnlyList<ModelRow> rows)
    {
        Models.Remove(rows);
        _search = "";
        await Changed.InvokeAsync();
        await _input.FocusAsync();
    }

    private Task SetUnitAsync(ModelRow row, PriceUnit unit)
    {
        row.PriceUnit = unit;
        return Changed.InvokeAsync();
    }

    [LoggerMessage(LogLevel.Error, "A provider's models could not be loaded.")]
    private partial void LogFailure(Exception error);
}

/// <summary>The models listed by a provider.</summary>
/// <param name="Provider">The provider that was queried; the list applies to no other.</param>
public sealed record ListedModels((ChannelType Type, string Url) Provider, IReadOnlyList<string> Models);
