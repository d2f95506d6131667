using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace NexLlm.Dashboard.Tests.Hosting.Https;

/// <summary>A certificate for localhost and its key, as the files have them.</summary>
internal sealed record PemPair(string Certificate, string Key, string Serial);

/// <summary>An authority of the test's own, with one between it and the servers, as public ones have.</summary>
internal sealed class TestCertificates : IDisposable
{
    private static readonly DateTimeOffset _from = new(2020, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly DateTimeOffset _until = new(2060, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly ECDsa _rootKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly ECDsa _middleKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly X509Certificate2 _middle;

    public TestCertificates()
    {
        Root = Authority("CN=Test Root", _rootKey).CreateSelfSigned(_from, _until);
        using var middle = Authority("CN=Test Middle", _middleKey).Create(Root, _from, _until, RandomNumberGenerator.GetBytes(12));
        _middle = middle.CopyWithPrivateKey(_middleKey);
    }

    public X509Certificate2 Root { get; }

    public PemPair Issue(DateTimeOffset? until = null, string use = "1.3.6.1.5.5.7.3.1")
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        names.AddDnsName("keys.example.com");
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid(use)], critical: false));
        using var leaf = request.Create(_middle, _from.AddDays(1), until ?? _until.AddDays(-1), RandomNumberGenerator.GetBytes(12));
        return new PemPair($"{leaf.ExportCertificatePem()}\n{_middle.ExportCertificatePem()}\n", key.ExportPkcs8PrivateKeyPem() + "\n", leaf.SerialNumber);
    }

    public void Dispose()
    {
        Root.Dispose();
        _middle.Dispose();
        _rootKey.Dispose();
        _middleKey.Dispose();
    }

    private static CertificateRequest Authority(string name, ECDsa key)
    {
        var request = new CertificateRequest(name, key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, false, 0, critical: true));
        return request;
    }
}
