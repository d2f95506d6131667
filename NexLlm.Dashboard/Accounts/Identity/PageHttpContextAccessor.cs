namespace NexLlm.Dashboard.Accounts.Identity;

/// <summary>
/// The request on which Identity's managers set cookies. The framework's accessor tracks every request, at a cost of a kilobyte for each
/// API request. Logins happen only on pages, so only page requests are tracked.
/// </summary>
public sealed class PageHttpContextAccessor : IHttpContextAccessor
{
    private static readonly AsyncLocal<Followed?> _current = new();

    /// <summary>Null outside a page request.</summary>
    /// <exception cref="NotSupportedException">The setter isn't supported: only <see cref="FollowAsync"/> sets the request.</exception>
    public HttpContext? HttpContext
    {
        get => _current.Value?.Context;
        set => throw new NotSupportedException();
    }

    /// <summary>Tracks the request until it ends, including in asynchronous work it starts.</summary>
    public static async Task FollowAsync(HttpContext context, RequestDelegate next)
    {
        var followed = new Followed { Context = context };
        _current.Value = followed;
        try
        {
            await next(context);
        }
        finally
        {
            followed.Context = null;
        }
    }

    private sealed class Followed
    {
        public HttpContext? Context { get; set; }
    }
}
