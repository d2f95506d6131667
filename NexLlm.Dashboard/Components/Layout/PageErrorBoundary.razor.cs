using Microsoft.AspNetCore.Components;
using NexLlm.Dashboard.Access;
using NexLlm.Dashboard.Components.Urls;

namespace NexLlm.Dashboard.Components.Layout;

public sealed partial class PageErrorBoundary(NavigationManager navigation, ILogger<PageErrorBoundary> log)
{
    protected override Task OnErrorAsync(Exception exception)
    {
        if (exception is AccessDeniedException)
        {
            navigation.NavigateTo(
                exception switch
                {
                    SecondFactorRequiredException => PageUrls.TwoStep,
                    ReauthenticationRequiredException => PageUrls.Confirm(navigation),
                    _ => PageUrls.LogIn(navigation),
                },
                forceLoad: true);
        }
        else
        {
            LogFailure(exception);
        }

        return Task.CompletedTask;
    }

    [LoggerMessage(LogLevel.Error, "A page failed.")]
    private partial void LogFailure(Exception exception);
}
