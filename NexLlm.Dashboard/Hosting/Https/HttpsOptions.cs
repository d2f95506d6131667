using System.ComponentModel.DataAnnotations;
using System.Globalization;
using Microsoft.Extensions.Options;

namespace NexLlm.Dashboard.Hosting.Https;

/// <summary>Section <c>Https</c>: the certificate of addresses that begin with https, and for how long browsers insist on https.</summary>
public sealed record HttpsOptions
{
    public const string Section = "Https";

    /// <summary>A PEM file with the certificate first and those that signed it after it; blank for none.</summary>
    public string Certificate { get; init; } = "";

    /// <summary>A PEM file with the certificate's private key, not encrypted; blank if <see cref="Certificate"/> has it.</summary>
    public string Key { get; init; } = "";

    /// <summary>How often the two files are looked at.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")]
    public TimeSpan CheckInterval { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>For how long a browser that was here over https comes back over nothing else; zero for not at all.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "3650.00:00:00")]
    public TimeSpan HstsMaxAge { get; init; } = TimeSpan.FromDays(365);

    /// <summary>Whether that goes for all names below the host's too.</summary>
    public bool HstsIncludeSubDomains { get; init; } = true;

    internal bool HasCertificate => Certificate is not "";

    /// <summary>Where the key is.</summary>
    internal string KeyFile => Key is "" ? Certificate : Key;

    /// <summary>The header's value; null for no header.</summary>
    internal string? StrictTransportSecurity => HstsMaxAge <= TimeSpan.Zero ? null : string.Create(
        CultureInfo.InvariantCulture, $"max-age={(long)HstsMaxAge.TotalSeconds}{(HstsIncludeSubDomains ? "; includeSubDomains" : "")}");
}

internal sealed class HttpsValidator : IValidateOptions<HttpsOptions>
{
    public ValidateOptionsResult Validate(string? name, HttpsOptions options)
    {
        if (!options.HasCertificate)
        {
            return options.Key is ""
                ? ValidateOptionsResult.Success
                : ValidateOptionsResult.Fail($"{HttpsOptions.Section}:{nameof(HttpsOptions.Key)} is “{options.Key}”. Set {HttpsOptions.Section}:{nameof(HttpsOptions.Certificate)} too.");
        }

        return CertificateFiles.Read(options).Load() is CertificateResult.Wrong wrong
            ? ValidateOptionsResult.Fail(wrong.Error)
            : ValidateOptionsResult.Success;
    }
}
