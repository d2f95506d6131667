namespace NexLlm.Dashboard.Accounts.Identity;

/// <summary>
/// The request that Identity's managers set cookies on. The framework's accessor follows every request, which costs each of a
/// program's a kilobyte; people log in by pages alone, so only those are followed.
/// </summary>
public sealed class PageContextAccessor : IHttpContextAccessor
{
    private static readonly AsyncLocal<Followed?> _current = new();

    /// <summary>Null outside of a page's request.</summary>
    /// <exception cref="NotSupportedException">Set: only <see cref="FollowAsync"/> says which request it is.</exception>
    public HttpContext? HttpContext
    {
        get => _current.Value?.Context;
        set => throw new NotSupportedException();
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
