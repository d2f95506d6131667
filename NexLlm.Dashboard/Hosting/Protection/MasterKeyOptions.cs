using Microsoft.Extensions.Options;

namespace NexLlm.Dashboard.Hosting.Protection;

/// <summary>Exists only so that an invalid <c>NexLlm:MasterKey</c> is reported together with all other invalid settings.</summary>
internal sealed class MasterKeyOptions;

internal sealed class MasterKeyValidator(IConfiguration configuration) : IValidateOptions<MasterKeyOptions>
{
    public ValidateOptionsResult Validate(string? name, MasterKeyOptions options) =>
        configuration[MasterKey.Setting] is { Length: > 0 } text && MasterKey.Decode(text) is null
            ? ValidateOptionsResult.Fail(
                $"{MasterKey.Setting} must be {MasterKey.Bytes} bytes in base64. Generate it with `openssl rand -base64 {MasterKey.Bytes}`.")
            : ValidateOptionsResult.Success;
}
