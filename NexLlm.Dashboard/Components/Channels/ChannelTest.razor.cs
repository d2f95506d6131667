using System.Globalization;
using Microsoft.AspNetCore.Components;
using NexLlm.Dashboard.Accounts;
using NexLlm.Dashboard.Channels.Administration;
using NexLlm.Dashboard.Channels.Upstream;
using NexLlm.Dashboard.Components.Shared;

namespace NexLlm.Dashboard.Components.Channels;

public sealed partial class ChannelTest(ChannelAdministration channels, Person person, ILogger<ChannelTest> log)
{
    private const int MostShown = 200;

    private ProbeResult? _result;
    private string _search = "";
    private bool _isTesting;

    /// <summary>The channel whose stored provider key is used while none is typed; null for a new one.</summary>
    [Parameter]
    public long? Id { get; set; }

    [Parameter, EditorRequired]
    public ChannelForm Form { get; set; } = default!;

    /// <summary>Whether models that were found can be taken into the form.</summary>
    [Parameter]
    public bool CanPick { get; set; }

    [Parameter]
    public EventCallback Changed { get; set; }

    private async Task TestAsync()
    {
        (_isTesting, _result) = (true, null);
        try
        {
            _result = Form.ProviderKey.Error is { } wrong
                ? new ProbeResult.Failed($"Provider key: {wrong}")
                : await channels.TestAsync(await person.ActorAsync(), Id, Form.Type, Form.BaseUrl.Text, Form.ReadKey());
        }
        catch (Exception error) when (error is not AccessDeniedException)
        {
            LogFailure(error);
            _result = new ProbeResult.Failed("The test could not be made: the server did not answer in order. Try again.");
        }
        finally
        {
            _isTesting = false;
        }
    }

    private Task AddAllAsync(IEnumerable<string> models)
    {
        foreach (var model in models.Where(m => !Form.Models.Contains(m)).ToList())
        {
            Form.Models.TryAdd(model);
        }

        return Changed.InvokeAsync();
    }

    private Task SetAsync(string model, bool chosen)
    {
        if (chosen)
        {
            Form.Models.TryAdd(model);
        }
        else
        {
            Form.Models.Remove(model);
        }

        return Changed.InvokeAsync();
    }

    private static string Answered(TimeSpan took, int models) => string.Create(
        CultureInfo.InvariantCulture,
        $"It answered in {Math.Max(1, took.TotalMilliseconds):N0} ms and lists {(models == 0 ? "no models" : models == 1 ? "1 model" : $"{models:N0} models")}.");

    [LoggerMessage(LogLevel.Error, "A channel could not be tested.")]
    private partial void LogFailure(Exception error);
}
