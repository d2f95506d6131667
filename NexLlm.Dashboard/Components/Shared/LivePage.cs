using Microsoft.AspNetCore.Components;
using NexLlm.Dashboard.Access;

namespace NexLlm.Dashboard.Components.Shared;

/// <summary>
/// A page that shows loaded data or an error, and reloads automatically. A failed automatic reload leaves the page unchanged,
/// because the next one may succeed.
/// </summary>
public abstract partial class LivePage(ILogger log) : ComponentBase, IDisposable
{
    private readonly List<IDisposable> _owned = [];

    /// <summary>Whether loading failed, so that there is nothing to show.</summary>
    protected bool IsFailed { get; set; }

    /// <summary>The error of the user's last action, announced immediately.</summary>
    protected string? Error { get; set; }

    protected bool IsBusy { get; private set; }

    public virtual void Dispose()
    {
        _owned.ForEach(owned => owned.Dispose());
        GC.SuppressFinalize(this);
    }

    /// <summary>Loads the page's data.</summary>
    protected abstract Task ReadAsync();

    /// <summary>Subscribes to what makes the page reload; called once, when the page becomes interactive.</summary>
    protected virtual void Listen()
    {
    }

    /// <summary>Announces the result of a user's action to screen readers.</summary>
    protected virtual void Announce()
    {
    }

    protected override void OnAfterRender(bool firstRender)
    {
        if (firstRender)
        {
            Listen();
        }
    }

    /// <summary>Disposes the object with the page.</summary>
    protected T Own<T>(T owned)
        where T : IDisposable
    {
        _owned.Add(owned);
        return owned;
    }

    /// <summary>Refreshes when requested, at most once per interval.</summary>
    protected Throttle RefreshAtMost(TimeProvider clock, TimeSpan interval) => Own(new Throttle(clock, interval, () => _ = RefreshAsync()));

    /// <summary>Repeats an action while the page is open.</summary>
    protected void Every(TimeProvider clock, TimeSpan interval, Action action) => Own(clock.CreateTimer(_ => action(), null, interval, interval));

    /// <summary>Loads on behalf of a waiting user.</summary>
    protected async Task LoadAsync()
    {
        try
        {
            await ReadAsync();
            IsFailed = false;
            Announce();
        }
        catch (Exception error) when (error is not AccessDeniedException)
        {
            LogFailure(log, error, GetType().Name);
            IsFailed = true;
        }
    }

    /// <summary>Reloads after a change, without a waiting user. Can be called from any thread.</summary>
    protected Task RefreshAsync() => QuietlyAsync(async () =>
    {
        await ReadAsync();
        IsFailed = false;
    });

    /// <summary>Runs background work without reporting errors. An ended session still ends the page.</summary>
    protected Task QuietlyAsync(Func<Task> work) => InvokeAsync(async () =>
    {
        try
        {
            await work();
            StateHasChanged();
        }
        catch (AccessDeniedException denied)
        {
            await DispatchExceptionAsync(denied);
        }
        catch (Exception error)
        {
            LogFailure(log, error, GetType().Name);
        }
    });

    /// <summary>Performs a user's action and shows an error if it fails.</summary>
    /// <param name="failure">The error message.</param>
    protected async Task GuardedAsync(Func<Task> work, string failure = "Couldn't complete this action. Try again; your entries are kept.")
    {
        IsBusy = true;
        try
        {
            await work();
        }
        catch (Exception error) when (error is not AccessDeniedException)
        {
            LogRefusal(log, error, GetType().Name);
            Error = failure;
        }
        finally
        {
            IsBusy = false;
        }
    }

    /// <summary>
    /// Starts an action that may ask for confirmation first. It is not awaited, because a menu stays open while its action runs,
    /// and a confirmation may take any time.
    /// </summary>
    protected void Begin(Func<Task> work) => _ = InvokeAsync(async () =>
    {
        try
        {
            await work();
            StateHasChanged();
        }
        catch (Exception error)
        {
            await DispatchExceptionAsync(error);
        }
    });

    [LoggerMessage(LogLevel.Error, "An action on {Page} failed.")]
    private static partial void LogRefusal(ILogger log, Exception error, string page);

    [LoggerMessage(LogLevel.Error, "Could not load {Page}.")]
    private static partial void LogFailure(ILogger log, Exception error, string page);
}
