using OtpNet;
using QRCoder;

namespace NexLlm.Dashboard.Accounts.TwoStep;

/// <summary>A key for an authenticator app that nobody uses yet.</summary>
/// <param name="Key">Base32. It is a secret.</param>
/// <param name="Email">Whose it is going to be.</param>
/// <param name="Ticket">The key, encrypted for the session that asked for it, to be handed in with the first code.</param>
public sealed record AuthenticatorOffer(string Key, string Email, string Ticket)
{
    private const string Issuer = "NexLLM";

    /// <summary>The key by groups of four, to be typed.</summary>
    public string KeyToType => string.Join(' ', Key.Chunk(4).Select(group => new string(group)));

    /// <summary>The address that the app reads from the QR code.</summary>
    public string Address => new OtpUri(OtpType.Totp, Key, Email, Issuer).ToString();

    /// <summary>The QR code as an SVG element, black on white whatever the theme: not every camera reads the opposite.</summary>
    public string Picture()
    {
        using var generator = new QRCodeGenerator();
        using var data = generator.CreateQrCode(Address, QRCodeGenerator.ECCLevel.M);
        using var svg = new SvgQRCode(data);
        return svg.GetGraphic(1, "#000000", "#ffffff", drawQuietZones: true, SvgQRCode.SizingMode.ViewBoxAttribute);
    }
}
