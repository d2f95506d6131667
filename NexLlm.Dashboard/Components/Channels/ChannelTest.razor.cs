using System.Globalization;
using Microsoft.AspNetCore.Components;
using NexLlm.Dashboard.Access;
using NexLlm.Dashboard.Channels;
using NexLlm.Dashboard.Channels.Administration;
using NexLlm.Dashboard.Channels.Upstream;
using NexLlm.Dashboard.Components.Shared;

namespace NexLlm.Dashboard.Components.Channels;

public sealed partial class ChannelTest(ChannelAdministration channels, CurrentUser user, ILogger<ChannelTest> log)
{
    private readonly CancellationTokenSource _left = new();
    private ProbeResult? _result;
    private (ChannelType Type, string Url) _asked;
    private string _testedApis = "";
    private bool _isTesting;

    /// <summary>The channel whose stored provider key is used if none is typed; null for a new one.</summary>
    [Parameter]
    public long? Id { get; set; }

    [Parameter, EditorRequired]
    public ChannelForm Form { get; set; } = default!;

    /// <summary>Whether found models can be added to the form.</summary>
    [Parameter]
    public bool CanPick { get; set; }

    [Parameter]
    public EventCallback Changed { get; set; }

    /// <summary>Raised when the provider has listed its models.</summary>
    [Parameter]
    public EventCallback<ListedModels> Listed { get; set; }

    private string ApisWhere => string.Join('\n', Form.Apis.Typed().Where(a => !string.IsNullOrWhiteSpace(a.BaseUrl)).Select(a => $"{a.Api} {a.BaseUrl!.Trim()}"));

    /// <summary>The result, unless the form now names another provider.</summary>
    private ProbeResult? Result => _asked == Form.Provider ? _result : null;

    private IReadOnlyList<ApiFinding> Apis => Result is { } result && _testedApis == ApisWhere ? result.Apis : [];

    /// <summary>Cancels a test that is no longer needed.</summary>
    public void Dispose()
    {
        _left.Cancel();
        _left.Dispose();
    }

    private async Task TestAsync()
    {
        (_isTesting, _result, _asked, _testedApis) = (true, null, Form.Provider, ApisWhere);
        try
        {
            _result = Form.ProviderKey.Error is { } wrong
                ? new ProbeResult.Failed($"Provider key: {wrong}")
                : await channels.TestAsync(await user.ActorAsync(), Id, Form.Type, Form.BaseUrl.Text, Form.Apis.Typed(), Form.ReadKey(), _left.Token);
            if (_result is ProbeResult.Answered(_, var models))
            {
                await Listed.InvokeAsync(new ListedModels(_asked, models));
            }
        }
        catch (OperationCanceledException) when (_left.IsCancellationRequested)
        {
            // The page was closed.
        }
        catch (Exception error) when (error is not AccessDeniedException)
        {
            LogFailure(error);
            _result = new ProbeResult.Failed("Couldn't run the test. Try again.");
        }
        finally
        {
            _isTesting = false;
        }
    }

    /// <summary>Empty if the provider lists nothing, which doesn't tell what it serves.</summary>
    private IReadOnlyList<string> Unlisted(IReadOnlyList<string> listed) => listed is [] ? [] : Form.Models.SentBeside(listed);

    private static string Answered(TimeSpan took, int models) => string.Create(
        CultureInfo.InvariantCulture,
        $"Responded in {Math.Max(1, took.TotalMilliseconds):N0} ms and lists {(models == 0 ? "no models" : models == 1 ? "1 model" : $"{models:N0} models")}.");

    [LoggerMessage(LogLevel.Error, "A channel could not be tested.")]
    private partial void LogFailure(Exception error);
}
