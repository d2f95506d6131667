namespace NexLlm.Dashboard.Receiving;

internal static class ReceivingSetup
{
    public static void AddReceiving(this IServiceCollection services)
    {
        services.AddSingleton<BodyRateLimiter>();
        services.AddSingleton<BodyDrain>();
    }
}
