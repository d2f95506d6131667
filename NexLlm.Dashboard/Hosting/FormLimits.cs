using Microsoft.AspNetCore.Http.Features;
using NexLlm.Dashboard.Receiving;

namespace NexLlm.Dashboard.Hosting;

/// <summary>Limits the size of browser requests before they are read. No form of the dashboard needs more.</summary>
internal static class FormLimits
{
    /// <summary>Five times the size of the longest password and email address, percent-encoded.</summary>
    public const int MaxBodyBytes = 32 * 1_024;

    public static void UseFormLimits(this IApplicationBuilder app) => app.Use(static (context, next) =>
    {
        if (context.Request.ContentLength > MaxBodyBytes)
        {
            context.Response.StatusCode = StatusCodes.Status413PayloadTooLarge;
            BodyDrain.Announce(context);
            return Task.CompletedTask;
        }

        // A body without a declared length is cut off while it is read.
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
        {
            limit.MaxRequestBodySize = MaxBodyBytes;
        }

        return next(context);
    });
}
