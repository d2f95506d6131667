using System.Globalization;
using Microsoft.AspNetCore.Antiforgery;
using NexLlm.Dashboard.Access;

namespace NexLlm.Dashboard.Accounts.Passkeys;

/// <summary>The challenges that scripts request to create or use a passkey. The browser's response is submitted with a form on the page.</summary>
internal static class PasskeyEndpoints
{
    public static void MapPasskeys(this IEndpointRouteBuilder app)
    {
        app.MapPost("/account/passkeys/new", BeginAddingAsync);
        app.MapPost("/account/passkeys/ask", BeginLogInAsync);
    }

    private static async Task<IResult> BeginAddingAsync(HttpContext context, IAntiforgery antiforgery, PasskeyService passkeys)
    {
        if (!await antiforgery.IsRequestValidAsync(context))
        {
            return Results.BadRequest();
        }

        try
        {
            return await passkeys.BeginAddingAsync(ActorOf(context), context.RequestAborted) is { } options ? Json(options) : Results.Conflict();
        }
        catch (ReauthenticationRequiredException)
        {
            return Results.StatusCode(StatusCodes.Status403Forbidden);
        }
        catch (AccessDeniedException)
        {
            return Results.Unauthorized();
        }
    }

    private static async Task<IResult> BeginLogInAsync(HttpContext context, IAntiforgery antiforgery, PasskeyLogIn logIn)
    {
        if (!await antiforgery.IsRequestValidAsync(context))
        {
            return Results.BadRequest();
        }

        var question = await logIn.BeginAsync(ActorOf(context));
        if (question.Options is not null)
        {
            return Json(question.Options);
        }

        context.Response.Headers.RetryAfter = Math.Max(1, (long)Math.Ceiling(question.RetryAfter.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
        return Results.StatusCode(StatusCodes.Status429TooManyRequests);
    }

    private static IResult Json(string options) => Results.Text(options, "application/json");

    private static Actor ActorOf(HttpContext context) =>
        context.User.ToActor(context.Connection.RemoteIpAddress) ?? Actor.Visitor(context.Connection.RemoteIpAddress);
}
