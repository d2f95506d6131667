using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.Options;
using MudBlazor;
using NexLlm.Dashboard.Access;
using NexLlm.Dashboard.Components.Shared;
using NexLlm.Dashboard.Components.Urls;
using NexLlm.Dashboard.Keys;

namespace NexLlm.Dashboard.Components.Keys;

public sealed partial class DeleteKeyDialog(
    KeyPolicyService policies, KeyUndo recovery, CurrentUser user, UserClock clock, IOptions<ApiKeyOptions> options, NavigationManager navigation,
    ILogger<DeleteKeyDialog> log)
{
    private const int NamesShown = 5;

    private MudButton _cancel = default!;
    private long? _actorId;
    private bool _deleting;
    private bool _failed;

    /// <summary>One or more keys.</summary>
    [Parameter, EditorRequired]
    public required IReadOnlyList<KeyDetails> Keys { get; set; }

    [CascadingParameter]
    private IMudDialogInstance Dialog { get; set; } = default!;

    private UserClock Clock => clock;

    private TimeSpan UndoWindow => options.Value.UndoWindow;

    private string Title => Keys is [var key] ? $"Delete {key.Name}?" : FormattableString.Invariant($"Delete {Keys.Count:N0} keys?");

    protected override async Task OnInitializedAsync() => _actorId = (await user.ActorAsync()).AccountId;

    // Focuses the harmless button, in case someone presses Enter without reading.
    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (firstRender)
        {
            // Wait until the dialog has recorded the focused element, to which it returns the focus.
            await Task.Yield();
            await _cancel.FocusAsync();
        }
    }

    private async Task DeleteAsync(bool replace)
    {
        _deleting = true;
        try
        {
            var count = await policies.DeleteAsync(await user.ActorAsync(), [.. Keys.Select(k => k.Id)]);
            await recovery.OfferAsync(Keys, count);
        }
        catch (Exception error) when (error is not AccessDeniedException)
        {
            LogFailure(error);
            _failed = true;
            return;
        }
        finally
        {
            _deleting = false;
        }

        if (replace)
        {
            Dialog.Cancel();
            navigation.NavigateTo(PageUrls.NewKey(Keys[0].Id));
        }
        else
        {
            Dialog.Close();
        }
    }

    [LoggerMessage(LogLevel.Error, "Keys could not be deleted.")]
    private partial void LogFailure(Exception error);
}

public static class DeleteKeyDialogExtensions
{
    /// <summary>Confirms and deletes keys and offers to undo it.</summary>
    /// <returns>Whether they are deleted and the page stays open. False if the dialog leads on to creating a replacement.</returns>
    public static async Task<bool> DeleteKeysAsync(this IDialogService dialogs, IReadOnlyList<KeyDetails> keys)
    {
        var dialog = await dialogs.ShowAsync<DeleteKeyDialog>(null, new DialogParameters<DeleteKeyDialog> { { d => d.Keys, keys } });
        return await dialog.Result is { Canceled: false };
    }
}
