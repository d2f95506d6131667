using System.Security.Cryptography;
using System.Text;
using System.Xml.Linq;
using Microsoft.AspNetCore.DataProtection.XmlEncryption;

namespace NexLlm.Dashboard.Hosting.Protection;

/// <summary>Encrypts Data Protection's keys with the master key: AES-256-GCM, with a new nonce for each key.</summary>
internal sealed class MasterKeyWrapping(MasterKey masterKey) : IXmlEncryptor
{
    private const string ElementName = "wrappedByMasterKey";
    private const int TagBytes = 16;

    private static readonly byte[] _purpose = "NexLlm.Dashboard key ring v1"u8.ToArray();
    private static readonly int _nonceBytes = AesGcm.NonceByteSizes.MaxSize;

    /// <summary>Whether the element was encrypted by this class.</summary>
    public static bool IsWrapped(XElement element) => element.Name == ElementName;

    public EncryptedXmlInfo Encrypt(XElement plaintextElement)
    {
        var plain = Encoding.UTF8.GetBytes(plaintextElement.ToString(SaveOptions.DisableFormatting));
        var wrapped = new byte[_nonceBytes + TagBytes + plain.Length];
        var nonce = wrapped.AsSpan(0, _nonceBytes);
        RandomNumberGenerator.Fill(nonce);
        using var aes = Cipher();
        aes.Encrypt(nonce, plain, wrapped.AsSpan(_nonceBytes + TagBytes), wrapped.AsSpan(_nonceBytes, TagBytes), _purpose);
        CryptographicOperations.ZeroMemory(plain);
        return new EncryptedXmlInfo(new XElement(ElementName, Convert.ToBase64String(wrapped)), typeof(MasterKeyUnwrapping));
    }

    /// <exception cref="CryptographicException">The element was encrypted with another master key or has been modified.</exception>
    public XElement Decrypt(XElement encryptedElement)
    {
        var wrapped = Convert.FromBase64String(encryptedElement.Value);
        var plain = new byte[wrapped.Length - _nonceBytes - TagBytes];
        using var aes = Cipher();
        aes.Decrypt(wrapped.AsSpan(0, _nonceBytes), wrapped.AsSpan(_nonceBytes + TagBytes), wrapped.AsSpan(_nonceBytes, TagBytes), plain, _purpose);
        return XElement.Parse(Encoding.UTF8.GetString(plain));
    }

    private AesGcm Cipher() => new(
        masterKey.Find() ?? throw new InvalidOperationException("The master key is asked for before start-up made it."), TagBytes);
}

/// <summary>Data Protection stores this type's name with every encrypted key and instantiates it by that name: never rename or move it.</summary>
internal sealed class MasterKeyUnwrapping(IServiceProvider services) : IXmlDecryptor
{
    public XElement Decrypt(XElement encryptedElement) => services.GetRequiredService<MasterKeyWrapping>().Decrypt(encryptedElement);
}
