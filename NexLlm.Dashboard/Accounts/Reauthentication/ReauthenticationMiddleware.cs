using NexLlm.Dashboard.Access;
namespace NexLlm.Dashboard.Accounts.Reauthentication;

/// <summary>On pages without a circuit, redirects people who must authenticate first, and brings them back afterwards.</summary>
internal sealed class ReauthenticationMiddleware(RequestDelegate next)
{
    public const string ConfirmPath = "/account/confirm", TwoStepPath = "/account/two-step";

    public async Task InvokeAsync(HttpContext context)
    {
        try
        {
            await next(context);
        }
        catch (ReauthenticationRequiredException) when (!context.Response.HasStarted)
        {
            Lead(context, $"{ConfirmPath}?returnUrl={Uri.EscapeDataString(context.Request.PathBase + context.Request.Path + context.Request.QueryString)}");
        }
        catch (SecondFactorRequiredException) when (!context.Response.HasStarted)
        {
            Lead(context, TwoStepPath);
        }
    }

    private static void Lead(HttpContext context, string path)
    {
        context.Response.Clear();
        context.Response.Redirect(context.Request.PathBase + path);
    }
}
