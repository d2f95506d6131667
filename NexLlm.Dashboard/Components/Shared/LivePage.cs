using Microsoft.AspNetCore.Components;
using NexLlm.Dashboard.Access;

namespace NexLlm.Dashboard.Components.Shared;

/// <summary>
/// A page that shows what it has read, says so when that failed, and reads again by itself. What it does by itself leaves the
/// screen as it is when it fails: the next time may be luckier.
/// </summary>
public abstract partial class LivePage(ILogger log) : ComponentBase, IDisposable
{
    private readonly List<IDisposable> _owned = [];

    /// <summary>There is nothing to show, because it could not be read.</summary>
    protected bool IsFailed { get; set; }

    /// <summary>What went wrong with what the person did, to be heard at once.</summary>
    protected string? Error { get; set; }

    protected bool IsBusy { get; private set; }

    public virtual void Dispose()
    {
        _owned.ForEach(owned => owned.Dispose());
        GC.SuppressFinalize(this);
    }

    /// <summary>Reads what the page shows.</summary>
    protected abstract Task ReadAsync();

    /// <summary>Subscribes to what makes the page read again; called once, when it answers to a person.</summary>
    protected virtual void Listen()
    {
    }

    /// <summary>Announces what a person waited for, to screen readers.</summary>
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

    /// <summary>Disposes it with the page.</summary>
    protected T Own<T>(T owned)
        where T : IDisposable
    {
        _owned.Add(owned);
        return owned;
    }

    /// <summary>Refreshes when requested, at most once per interval.</summary>
    protected Throttle RefreshAtMost(TimeProvider clock, TimeSpan interval) => Own(new Throttle(clock, interval, () => _ = RefreshAsync()));

    /// <summary>Does something again and again while the page is open.</summary>
    protected void Every(TimeProvider clock, TimeSpan interval, Action action) => Own(clock.CreateTimer(_ => action(), null, interval, interval));

    /// <summary>For a person who waits for it.</summary>
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

    /// <summary>For nobody in particular: something has changed. Callable from any thread.</summary>
    protected Task RefreshAsync() => QuietlyAsync(async () =>
    {
        await ReadAsync();
        IsFailed = false;
    });

    /// <summary>Does something that nobody asked for. A login that is over ends the page all the same.</summary>
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

    /// <summary>Does what the person wants, and says so if the server could not.</summary>
    /// <param name="failure">What it says then.</param>
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

    /// <summary>Begins what may ask first: a menu stays open as long as what was chosen from it lasts, and a question lasts until it is answered.</summary>
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
