using System.Security.Cryptography;
using NexLlm.Dashboard.Hosting.Https;
using NexLlm.Dashboard.Tests.TestKit;

namespace NexLlm.Dashboard.Tests.Hosting.Https;

public sealed class CertificateFilesTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly TestCertificates _authority = new();

    private string Certificate => _folder.File("cert.pem");

    private string Key => _folder.File("key.pem");

    [Fact]
    public void A_pair_is_read_whether_in_two_files_or_in_one()
    {
        var pair = _authority.Issue();
        Write(pair.Certificate, pair.Key);
        Assert.Equal(pair.Serial, Assert.IsType<CertificateResult.Loaded>(Load()).Certificate.SerialNumber);

        Write("# renewed\n" + pair.Certificate + pair.Key, "");
        Assert.Equal(pair.Serial, Assert.IsType<CertificateResult.Loaded>(CertificateFiles.Read(new HttpsOptions { Certificate = Certificate }).Load()).Certificate.SerialNumber);
        Assert.True(new HttpsValidator().Validate(null, new HttpsOptions { Certificate = Certificate }).Succeeded);
    }

    [Fact]
    public void Whatever_is_wrong_is_told_with_the_setting_and_the_file()
    {
        var pair = _authority.Issue();
        using var key = RSA.Create(2_048);
        var encrypted = key.ExportEncryptedPkcs8PrivateKeyPem("secret", new PbeParameters(PbeEncryptionAlgorithm.Aes256Cbc, HashAlgorithmName.SHA256, 1_000));

        ExpectWrong("", pair.Key, $"Https:Certificate is “{Certificate}”. The file has no certificate.");
        ExpectWrong(pair.Key, pair.Key, $"Https:Certificate is “{Certificate}”. The file has no certificate.");
        ExpectWrong(pair.Certificate.Replace("MII", "MIX", StringComparison.Ordinal), pair.Key, $"Https:Certificate is “{Certificate}”. The file is damaged");
        ExpectWrong(_authority.Issue(use: "1.3.6.1.5.5.7.3.2").Certificate, pair.Key, $"Https:Certificate is “{Certificate}”. Its first certificate isn't for servers.");
        ExpectWrong(pair.Certificate, pair.Certificate, $"Https:Key is “{Key}”. The file has no private key.");
        ExpectWrong(pair.Certificate, encrypted, $"Https:Key is “{Key}”. The private key is encrypted.");
        ExpectWrong(pair.Certificate, _authority.Issue().Key, $"Https:Key is “{Key}”. The private key doesn't belong to the certificate in {Certificate}");
        File.Delete(Key);
        Assert.Equal($"Https:Key is “{Key}”. File not found.", Assert.IsType<CertificateResult.Wrong>(Load()).Error);
        File.Delete(Certificate);
        Assert.Equal($"Https:Certificate is “{Certificate}”. File not found.", Assert.IsType<CertificateResult.Wrong>(Load()).Error);
        Assert.StartsWith("Https:Key is “key.pem”. Set Https:Certificate too.", new HttpsValidator().Validate(null, new HttpsOptions { Key = "key.pem" }).FailureMessage, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_cannot_be_read_is_told()
    {
        Write(_authority.Issue().Certificate, "");
        File.Delete(Key);
        Directory.CreateDirectory(Key);

        Assert.StartsWith($"Https:Key is “{Key}”. The file can't be read (", Assert.IsType<CertificateResult.Wrong>(Load()).Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_key_is_not_printed_by_accident() =>
        Assert.DoesNotContain("PRIVATE", new CertificateFiles(new HttpsOptions(), "", "PRIVATE", null).ToString(), StringComparison.Ordinal);

    public void Dispose()
    {
        _folder.Dispose();
        _authority.Dispose();
    }

    private void ExpectWrong(string certificate, string key, string expected)
    {
        Write(certificate, key);
        Assert.StartsWith(expected, Assert.IsType<CertificateResult.Wrong>(Load()).Error, StringComparison.Ordinal);
    }

    private CertificateResult Load() => CertificateFiles.Read(new HttpsOptions { Certificate = Certificate, Key = Key }).Load();

    private void Write(string certificate, string key)
    {
        File.WriteAllText(Certificate, certificate);
        File.WriteAllText(Key, key);
    }
}
