using Microsoft.Extensions.Options;

namespace NexLlm.Dashboard.Gateway.Settings;

/// <summary>Validates what the attributes of <see cref="GatewayOptions"/> can't express.</summary>
internal sealed class GatewayOptionsValidator : IValidateOptions<GatewayOptions>
{
    public ValidateOptionsResult Validate(string? name, GatewayOptions options)
    {
        List<string> wrong = [.. WrongOrigins(options), .. WrongMemory(options)];
        return wrong is [] ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(wrong);
    }

    /// <summary>The origins no browser would ever send.</summary>
    private static IEnumerable<string> WrongOrigins(GatewayOptions options) => options.CorsOrigins is [GatewayOptions.AnyOrigin] or [GatewayOptions.NoOrigin]
        ? []
        : options.CorsOrigins.Where(origin => !IsOrigin(origin)).Select(origin =>
            $"{GatewayOptions.Section}:{nameof(GatewayOptions.CorsOrigins)} contains “{origin}”. Use origins such as https://chat.example.com, or a single “*” for any or “none”.");

    private static bool IsOrigin(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.GetLeftPart(UriPartial.Authority).Equals(text, StringComparison.OrdinalIgnoreCase)
        && uri is { UserInfo: "", Host.Length: > 0 };

    private static IEnumerable<string> WrongMemory(GatewayOptions options) => options.MaxBodyMemory < options.LargestCall
        ? [$"{GatewayOptions.Section}:{nameof(GatewayOptions.MaxBodyMemory)} is {options.MaxBodyMemory}. Set at least three times {GatewayOptions.Section}:{nameof(GatewayOptions.MaxBodyBytes)} ({options.LargestCall})."]
        : [];
}
