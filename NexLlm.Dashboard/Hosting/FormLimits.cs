using Microsoft.AspNetCore.Http.Features;
using NexLlm.Dashboard.Receiving;

namespace NexLlm.Dashboard.Hosting;

/// <summary>Bounds what a person's browser may send, before anything reads it: no page has a form that needs more.</summary>
internal static class FormLimits
{
    /// <summary>The longest password and email address, percent-encoded, fit five times.</summary>
    public const int MaxBodyBytes = 32 * 1_024;

    public static void UseFormLimits(this IApplicationBuilder app) => app.Use(static (context, next) =>
    {
        if (context.Request.ContentLength > MaxBodyBytes)
        {
            context.Response.StatusCode = StatusCodes.Status413PayloadTooLarge;
            UnreadBody.Announce(context);
            return Task.CompletedTask;
        }

        // A body that does not say its length is cut off while it is read.
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
        {
            limit.MaxRequestBodySize = MaxBodyBytes;
        }

        return next(context);
    });
}
