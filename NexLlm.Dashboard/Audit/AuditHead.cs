using System.Globalization;

namespace NexLlm.Dashboard.Audit;

/// <summary>Identifies an event and all events before it, in a form operators can note: <c>1234:</c> and half of the hash in hexadecimal.</summary>
internal sealed record AuditHead(long Id, string Hash)
{
    private const int Digits = 32;

    public static AuditHead Of(AuditEvent recorded) => new(recorded.Id, Convert.ToHexStringLower(recorded.Hash!)[..Digits]);

    /// <summary>Returns null if the text isn't in this format.</summary>
    public static AuditHead? Read(string text) =>
        text.Split(':') is [var id, { Length: Digits } hash] && hash.All(char.IsAsciiHexDigit)
        && long.TryParse(id, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? new AuditHead(number, hash.ToLowerInvariant())
            : null;

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Id}:{Hash}");
}
