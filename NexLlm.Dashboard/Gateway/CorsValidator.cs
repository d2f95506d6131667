using Microsoft.Extensions.Options;

namespace NexLlm.Dashboard.Gateway;

/// <summary>Refuses the start with origins that no browser would ever send.</summary>
internal sealed class CorsValidator : IValidateOptions<GatewayOptions>
{
    public ValidateOptionsResult Validate(string? name, GatewayOptions options)
    {
        var origins = options.CorsOrigins;
        if (origins is [GatewayOptions.AnyOrigin] or [GatewayOptions.NoOrigin])
        {
            return ValidateOptionsResult.Success;
        }

        var wrong = origins.Where(origin => !IsOrigin(origin)).ToList();
        return wrong is [] ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(wrong.Select(origin =>
            $"{GatewayOptions.Section}:{nameof(GatewayOptions.CorsOrigins)} contains “{origin}”. Use origins such as https://chat.example.com, or a single “*” for any or “none”."));
    }

    private static bool IsOrigin(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.GetLeftPart(UriPartial.Authority).Equals(text, StringComparison.OrdinalIgnoreCase)
        && uri is { UserInfo: "", Host.Length: > 0 };
}
