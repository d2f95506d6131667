using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.WebUtilities;

namespace NexLlm.Dashboard.Tests.TestKit;

/// <summary>
/// An authenticator with one discoverable passkey (ES256, no attestation), and the browser around it. Tells the truth unless a test
/// makes it lie.
/// </summary>
public sealed class SoftwareAuthenticator(string origin) : IDisposable
{
    private const byte UserPresent = 0x01, UserVerified = 0x04, HasCredential = 0x40;

    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly byte[] _credentialId = RandomNumberGenerator.GetBytes(16);

    /// <summary>The page that the browser says it is on.</summary>
    public string Origin { get; set; } = origin;

    /// <summary>The host name that the passkey is used for; null for the one that is asked for.</summary>
    public string? RpId { get; set; }

    public bool VerifiesUser { get; set; } = true;

    public bool IsUserPresent { get; set; } = true;

    public bool IsCrossOrigin { get; set; }

    /// <summary>How often it has signed; 0 if it does not count, as passkeys that are synced.</summary>
    public uint Counter { get; set; }

    /// <summary>Whose passkey it is, as it says.</summary>
    public string? UserHandle { get; set; }

    public bool SignsRight { get; set; } = true;

    /// <summary>What <c>navigator.credentials.create()</c> makes of the options.</summary>
    public string Create(string options)
    {
        var asked = JsonNode.Parse(options)!;
        UserHandle = (string)asked["user"]!["id"]!;
        var client = ClientData("webauthn.create", asked);
        var data = AuthenticatorData((string)asked["rp"]!["id"]!, HasCredential);
        return Credential(new JsonObject
        {
            ["clientDataJSON"] = WebEncoders.Base64UrlEncode(client),
            ["attestationObject"] = WebEncoders.Base64UrlEncode([0xA3, .. Text("fmt"), .. Text("none"), .. Text("attStmt"), 0xA0, .. Text("authData"), .. Bytes(data)]),
            ["transports"] = new JsonArray("internal"),
        });
    }

    /// <summary>What <c>navigator.credentials.get()</c> makes of the options.</summary>
    public string Sign(string options)
    {
        var asked = JsonNode.Parse(options)!;
        var client = ClientData("webauthn.get", asked);
        var data = AuthenticatorData((string)asked["rpId"]!, 0);
        byte[] signed = SignsRight ? [.. data, .. SHA256.HashData(client)] : data;
        return Credential(new JsonObject
        {
            ["clientDataJSON"] = WebEncoders.Base64UrlEncode(client),
            ["authenticatorData"] = WebEncoders.Base64UrlEncode(data),
            ["signature"] = WebEncoders.Base64UrlEncode(_key.SignData(signed, HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence)),
            ["userHandle"] = UserHandle,
        });
    }

    public void Dispose() => _key.Dispose();

    private byte[] ClientData(string type, JsonNode asked) => JsonSerializer.SerializeToUtf8Bytes(new
    {
        type,
        challenge = (string)asked["challenge"]!,
        origin = Origin,
        crossOrigin = IsCrossOrigin,
    });

    private byte[] AuthenticatorData(string rpId, byte flags)
    {
        var counter = new byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(counter, Counter);
        flags |= (byte)((IsUserPresent ? UserPresent : 0) | (VerifiesUser ? UserVerified : 0));
        byte[] data = [.. SHA256.HashData(Encoding.UTF8.GetBytes(RpId ?? rpId)), flags, .. counter];
        return (flags & HasCredential) == 0 ? data : [.. data, .. new byte[16], 0, (byte)_credentialId.Length, .. _credentialId, .. PublicKey()];
    }

    /// <summary>In COSE: an elliptic curve key for ES256 on P-256, and its point.</summary>
    private byte[] PublicKey()
    {
        var point = _key.ExportParameters(includePrivateParameters: false).Q;
        return [0xA5, 0x01, 0x02, 0x03, 0x26, 0x20, 0x01, 0x21, .. Bytes(point.X!), 0x22, .. Bytes(point.Y!)];
    }

    private string Credential(JsonObject response) => new JsonObject
    {
        ["id"] = WebEncoders.Base64UrlEncode(_credentialId),
        ["rawId"] = WebEncoders.Base64UrlEncode(_credentialId),
        ["type"] = "public-key",
        ["clientExtensionResults"] = new JsonObject(),
        ["response"] = response,
    }.ToJsonString();

    // Of CBOR, as much as this takes: strings of less than 24 bytes, and bytes of less than 256.
    private static byte[] Text(string text) => [(byte)(0x60 | text.Length), .. Encoding.ASCII.GetBytes(text)];

    private static byte[] Bytes(byte[] bytes) => [0x58, (byte)bytes.Length, .. bytes];
}
