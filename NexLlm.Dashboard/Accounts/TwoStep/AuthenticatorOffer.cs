using OtpNet;
using QRCoder;

namespace NexLlm.Dashboard.Accounts.TwoStep;

/// <summary>A new key for an authenticator app, not yet in use.</summary>
/// <param name="Key">In Base32; a secret.</param>
/// <param name="Email">The account's email.</param>
/// <param name="Ticket">The key, encrypted for the session that requested it and submitted with the first code.</param>
public sealed record AuthenticatorOffer(string Key, string Email, string Ticket)
{
    private const string Issuer = "NexLLM";

    /// <summary>The key in groups of four, for manual entry.</summary>
    public string KeyToType => string.Join(' ', Key.Chunk(4).Select(group => new string(group)));

    /// <summary>The URI encoded in the QR code.</summary>
    public string Address => new OtpUri(OtpType.Totp, Key, Email, Issuer).ToString();

    /// <summary>The QR code as an SVG element, black on white in every theme because some cameras can't read inverted codes.</summary>
    public string Picture()
    {
        using var generator = new QRCodeGenerator();
        using var data = generator.CreateQrCode(Address, QRCodeGenerator.ECCLevel.M);
        using var svg = new SvgQRCode(data);
        return svg.GetGraphic(1, "#000000", "#ffffff", drawQuietZones: true, SvgQRCode.SizingMode.ViewBoxAttribute);
    }
}
