using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace NexLlm.Dashboard.Hosting.Https;

internal abstract record CertificateResult
{
    /// <param name="Context">The certificate with its key and its chain, as presented to clients.</param>
    public sealed record Loaded(SslStreamCertificateContext Context) : CertificateResult
    {
        public X509Certificate2 Certificate => Context.TargetCertificate;
    }

    /// <param name="Error">A sentence that names the setting, the file and the problem.</param>
    public sealed record Wrong(string Error) : CertificateResult;
}

/// <summary>The content of both files at one point in time. Equal if both contents are equal.</summary>
/// <param name="Options">The paths of the files.</param>
/// <param name="Certificate">The text of the certificate file; null if unreadable.</param>
/// <param name="Key">The text of the key file; null if unreadable.</param>
/// <param name="Unreadable">Why a file is unreadable; null if both were read.</param>
internal sealed record CertificateFiles(HttpsOptions Options, string? Certificate, string? Key, string? Unreadable)
{
    private const string ForServers = "1.3.6.1.5.5.7.3.1";

    /// <summary>Never includes the key.</summary>
    public override string ToString() => Options.Certificate;

    /// <summary>Follows symbolic links at every read: a renewal may replace a file or the target of a link.</summary>
    public static CertificateFiles Read(HttpsOptions options)
    {
        var certificate = Text(nameof(options.Certificate), options.Certificate, out var unreadable);
        var key = unreadable is null ? Text(options.Key is "" ? nameof(options.Certificate) : nameof(options.Key), options.KeyFile, out unreadable) : null;
        return new CertificateFiles(options, certificate, key, unreadable);
    }

    public CertificateResult Load()
    {
        if (Unreadable is not null)
        {
            return new CertificateResult.Wrong(Unreadable);
        }

        var chain = new X509Certificate2Collection();
        try
        {
            chain.ImportFromPem(Certificate);
        }
        catch (CryptographicException)
        {
            return WrongCertificate("The file is damaged: a certificate in it can't be read.");
        }

        if (chain.Count == 0)
        {
            return WrongCertificate("The file has no certificate. It must be in PEM format and contain “-----BEGIN CERTIFICATE-----”.");
        }

        if (chain[0].Extensions.OfType<X509EnhancedKeyUsageExtension>().Any(usage => !usage.EnhancedKeyUsages.OfType<Oid>().Any(use => use.Value == ForServers)))
        {
            return WrongCertificate("Its first certificate isn't for servers. Put the server's own certificate first.");
        }

        return KeyLabel() switch
        {
            null => WrongKey("The file has no private key. It must be in PEM format and contain “-----BEGIN PRIVATE KEY-----”."),
            "ENCRYPTED PRIVATE KEY" => WrongKey("The private key is encrypted. Decrypt it with: openssl pkey -in KEY -out NEWKEY"),
            _ => Pair(chain),
        };
    }

    private CertificateResult Pair(X509Certificate2Collection chain)
    {
        try
        {
            var pair = X509Certificate2.CreateFromPem(Certificate, Key);
            // Windows can't use a key that exists only in memory.
            var server = OperatingSystem.IsWindows() ? X509CertificateLoader.LoadPkcs12(pair.Export(X509ContentType.Pfx), null) : pair;
            return new CertificateResult.Loaded(SslStreamCertificateContext.Create(server, [.. chain.Skip(1)], offline: true));
        }
        catch (Exception e) when (e is CryptographicException or ArgumentException)
        {
            return WrongKey($"The private key doesn't belong to the certificate in {Options.Certificate}, or is damaged.");
        }
    }

    /// <summary>The label of the first private key in the file, which may be preceded by other content.</summary>
    private string? KeyLabel()
    {
        var rest = Key.AsSpan();
        while (PemEncoding.TryFind(rest, out var fields))
        {
            var label = rest[fields.Label];
            if (label.EndsWith("PRIVATE KEY", StringComparison.Ordinal))
            {
                return label.ToString();
            }

            rest = rest[fields.Location.End..];
        }

        return null;
    }

    private CertificateResult.Wrong WrongCertificate(string what) => new(About(nameof(Options.Certificate), Options.Certificate, what));

    private CertificateResult.Wrong WrongKey(string what) =>
        Options.Key is "" ? WrongCertificate(what) : new CertificateResult.Wrong(About(nameof(Options.Key), Options.Key, what));

    private static string? Text(string setting, string file, out string? unreadable)
    {
        unreadable = null;
        try
        {
            return File.ReadAllText(file);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            unreadable = About(setting, file, "File not found.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            unreadable = About(setting, file, $"The file can't be read ({e.Message.TrimEnd('.')}). Grant read permission to this user.");
        }

        return null;
    }

    private static string About(string setting, string file, string what) => $"{HttpsOptions.Section}:{setting} is “{file}”. {what}";
}
