using System.ComponentModel.DataAnnotations;
using System.Globalization;
using Microsoft.Extensions.Options;

namespace NexLlm.Dashboard.Hosting.Https;

/// <summary>Section <c>Https</c>: the certificate of https addresses, and how long browsers enforce HTTPS.</summary>
public sealed record HttpsOptions
{
    public const string Section = "Https";

    /// <summary>A PEM file with the certificate, followed by its chain; blank for none.</summary>
    public string Certificate { get; init; } = "";

    /// <summary>A PEM file with the certificate's unencrypted private key; blank if <see cref="Certificate"/> contains it.</summary>
    public string Key { get; init; } = "";

    /// <summary>How often the two files are checked for changes.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")]
    public TimeSpan CheckInterval { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long a browser that has connected over HTTPS uses nothing else; zero disables HSTS.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "3650.00:00:00")]
    public TimeSpan HstsMaxAge { get; init; } = TimeSpan.FromDays(365);

    /// <summary>Whether HSTS includes all subdomains.</summary>
    public bool HstsIncludeSubDomains { get; init; } = true;

    internal bool HasCertificate => Certificate is not "";

    /// <summary>The file that contains the key.</summary>
    internal string KeyFile => Key is "" ? Certificate : Key;

    /// <summary>The value of the header; null for no header.</summary>
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
