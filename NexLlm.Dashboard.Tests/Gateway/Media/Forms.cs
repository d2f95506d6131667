using System.Text;

namespace NexLlm.Dashboard.Tests.Gateway.Media;

/// <summary>Forms as programs send them, and as nobody should.</summary>
internal static class Forms
{
    public const string Boundary = "----form-7MA4YWxk";
    public const string ContentType = $"multipart/form-data; boundary={Boundary}";

    public static byte[] Of(params string[] parts) => Bytes(string.Concat(parts.Select(part => $"--{Boundary}\r\n{part}\r\n")) + $"--{Boundary}--\r\n");

    public static string Field(string name, string value) => $"Content-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}";

    public static string File(string name, string value, string fileName = "a.mp3", string type = "audio/mpeg") =>
        $"Content-Disposition: form-data; name=\"{name}\"; filename=\"{fileName}\"\r\nContent-Type: {type}\r\n\r\n{value}";

    /// <summary>One byte a character, as far as that goes.</summary>
    public static byte[] Bytes(string text) => Encoding.Latin1.GetBytes(text);
}
