namespace NexLlm.Dashboard.Accounts.LogIn;

/// <summary>
/// The request that Identity's managers set cookies on. The framework's accessor follows every request, which costs each of a
/// program's half a kilobyte; people log in by pages alone, so only those are followed.
/// </summary>
internal sealed class PageContextAccessor : IHttpContextAccessor
{
    private static readonly AsyncLocal<Followed?> _current = new();

    /// <summary>Null outside of a page's request. The server sets it for every request, and is not heard.</summary>
    public HttpContext? HttpContext
    {
        get => _current.Value?.Context;
        set { }
    }

    /// <summary>Follows the request until it ends, also where work that it began goes on.</summary>
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
