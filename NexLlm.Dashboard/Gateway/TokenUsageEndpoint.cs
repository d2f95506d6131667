using System.Text.Json;
using NexLlm.Dashboard.Gateway.Authentication;
using NexLlm.Dashboard.Gateway.Errors;
using NexLlm.Dashboard.Gateway.Requests;
using NexLlm.Dashboard.Keys.Policy;

namespace NexLlm.Dashboard.Gateway;

/// <summary>Shows a key its own remaining quota, in the format of the new-api family, which its clients display.</summary>
internal sealed class TokenUsageEndpoint(CallerCheck callers)
{
    public async ValueTask<Rejection?> GetAsync(GatewayRequest call)
    {
        if (await callers.CheckAsync(call) is { } refusal)
        {
            return refusal;
        }

        var key = call.Authenticated.Key;
        var policy = key.Snapshot.Policy;
        var quota = new TokenQuota(policy.TokenLimit, key.Spending.Used);
        var body = JsonSerializer.SerializeToUtf8Bytes(new
        {
            code = true,
            message = "ok",
            data = new
            {
                @object = "token_usage",
                name = key.Name,
                total_granted = quota.Limit ?? 0,
                total_used = quota.Used,
                total_available = quota.Remaining ?? 0,
                unlimited_quota = quota.Limit is null,
                model_limits = policy.Models.Models.ToDictionary(model => model, _ => true),
                model_limits_enabled = !policy.Models.IsUnrestricted,
                // Means "never" in that format.
                expires_at = policy.Expiration.At?.ToUnixTimeSeconds() ?? 0,
            },
        });
        call.Http.Response.ContentType = "application/json";
        call.Http.Response.ContentLength = body.Length;
        await call.Http.Response.Body.WriteAsync(body);
        return null;
    }
}
