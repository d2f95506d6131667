using System.Globalization;

namespace NexLlm.Dashboard.Accounts.Passwords;

/// <summary>Answers a form with 503 and a retry time when too many passwords are waiting to be hashed.</summary>
internal sealed class HashingBusyMiddleware(RequestDelegate next, IHostApplicationLifetime lifetime)
{
    public async Task InvokeAsync(HttpContext context)
    {
        try
        {
            await next(context);
        }
        catch (HashingBusyException busy) when (!context.Response.HasStarted)
        {
            Refuse(context, busy.RetryAfter);
        }
        catch (OperationCanceledException) when (lifetime.ApplicationStopping.IsCancellationRequested && !context.Response.HasStarted)
        {
            Refuse(context, TimeSpan.FromSeconds(10));
        }
    }

    private static void Refuse(HttpContext context, TimeSpan retryAfter)
    {
        context.Response.Clear();
        context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
        context.Response.Headers.RetryAfter = Math.Max(1, (long)Math.Ceiling(retryAfter.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
    }
}
