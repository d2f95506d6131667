using NexLlm.Dashboard.Access;
namespace NexLlm.Dashboard.Accounts.Reauthentication;

/// <summary>Where a page without a circuit leads somebody who has to prove more first. Afterwards they come back to it.</summary>
internal sealed class ProofAnswers(RequestDelegate next)
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
