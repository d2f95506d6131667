using Microsoft.Extensions.Options;
using NexLlm.Dashboard.Data;

namespace NexLlm.Dashboard.Hosting.Protection;

/// <summary>Exists only so that an invalid <c>NexLlm:MasterKey</c> is reported together with all other invalid settings.</summary>
internal sealed class MasterKeyOptions;

internal sealed class MasterKeyValidator(IConfiguration configuration) : IValidateOptions<MasterKeyOptions>
{
    public ValidateOptionsResult Validate(string? name, MasterKeyOptions options) => configuration[MasterKey.Setting] switch
    {
        { Length: > 0 } text when MasterKey.Decode(text) is null => ValidateOptionsResult.Fail(
            $"{MasterKey.Setting} must be {MasterKey.Bytes} bytes in base64. Generate it with `openssl rand -base64 {MasterKey.Bytes}`."),
        // Beside an SQLite file, the key is a file that the server creates.
        null or "" when DatabaseOptions.NamesServer(configuration) => ValidateOptionsResult.Fail(
            $"{MasterKey.Setting} is missing. It encrypts the secrets in the database and must stay the same. Generate it with `openssl rand -base64 {MasterKey.Bytes}`, and keep a copy."),
        _ => ValidateOptionsResult.Success,
    };
}
