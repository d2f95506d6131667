using Microsoft.Extensions.Options;

namespace NexLlm.Dashboard.Gateway;

/// <summary>What the attributes of <see cref="GatewayOptions"/> cannot say.</summary>
internal sealed class GatewayValidator : IValidateOptions<GatewayOptions>
{
    public ValidateOptionsResult Validate(string? name, GatewayOptions options) => options.MaxBodyMemory < options.LargestCall
        ? ValidateOptionsResult.Fail(
            $"{GatewayOptions.Section}:{nameof(GatewayOptions.MaxBodyMemory)} is {options.MaxBodyMemory}. Set at least three times {GatewayOptions.Section}:{nameof(GatewayOptions.MaxBodyBytes)} ({options.LargestCall}).")
        : ValidateOptionsResult.Success;
}
