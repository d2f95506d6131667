using Microsoft.Extensions.Options;

namespace NexLlm.Dashboard.Channels;

/// <summary>Section <c>Provisioning</c>: the configured groups and channels. Parsed strictly: anything unknown is an error.</summary>
public sealed class ProvisioningOptions
{
    public const string Section = "Provisioning";

    public IReadOnlyList<ProvisionedGroup> Groups { get; internal set; } = [];

    public IReadOnlyList<ProvisionedChannel> Channels { get; internal set; } = [];

    /// <summary>The errors found while parsing, each naming its setting.</summary>
    internal IReadOnlyList<string> Errors { get; set; } = [];
}

/// <param name="RatioMillionths">The price ratio in millionths.</param>
public sealed record ProvisionedGroup(string Name, string? Description, long RatioMillionths);

/// <param name="BaseUrl">Up to and including <c>/v1</c>.</param>
/// <param name="ApiKey">The provider key as plain text, or null. It is encrypted before it is stored.</param>
/// <param name="Apis">The APIs; null to use the type's defaults.</param>
/// <param name="Groups">The group names; <c>default</c> if none are configured.</param>
public sealed record ProvisionedChannel(
    string Name,
    ChannelType Type,
    string BaseUrl,
    string? ApiKey,
    IReadOnlyList<ModelSettings> Models,
    IReadOnlyList<string> Groups,
    int Priority,
    int Weight,
    IReadOnlyList<ApiSettings>? Apis)
{
    /// <summary>Keeps the provider key out of logs.</summary>
    public override string ToString() => $"{Name} ({Type}, {BaseUrl})";
}

internal sealed class ProvisioningValidator : IValidateOptions<ProvisioningOptions>
{
    public ValidateOptionsResult Validate(string? name, ProvisioningOptions options) =>
        options.Errors is [] ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(options.Errors);
}
