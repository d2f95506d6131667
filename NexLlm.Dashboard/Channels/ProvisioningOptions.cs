using Microsoft.Extensions.Options;

namespace NexLlm.Dashboard.Channels;

/// <summary>Section <c>Provisioning</c>: groups and channels that configuration declares. Read strictly: what is not understood is an error.</summary>
public sealed class ProvisioningOptions
{
    public const string Section = "Provisioning";

    public IReadOnlyList<ProvisionedGroup> Groups { get; internal set; } = [];

    public IReadOnlyList<ProvisionedChannel> Channels { get; internal set; } = [];

    /// <summary>What could not be read, each naming its setting.</summary>
    internal IReadOnlyList<string> Errors { get; set; } = [];
}

/// <param name="RatioMillionths">The price ratio in millionths.</param>
public sealed record ProvisionedGroup(string Name, string? Description, long RatioMillionths);

/// <param name="BaseUrl">Up to and including <c>/v1</c>.</param>
/// <param name="ApiKey">The provider key in plain text, or null; encrypted before it is stored.</param>
/// <param name="Apis">Null where configuration says nothing: those of the type.</param>
/// <param name="Groups">Names; <c>default</c> where configuration says nothing.</param>
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
