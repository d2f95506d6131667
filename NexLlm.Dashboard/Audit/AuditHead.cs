using System.Globalization;

namespace NexLlm.Dashboard.Audit;

/// <summary>Names an event and all before it, for an operator to note: <c>1234:</c> and half of the event's hash in hexadecimal.</summary>
internal sealed record AuditHead(long Id, string Hash)
{
    private const int Digits = 32;

    public static AuditHead Of(AuditEvent recorded) => new(recorded.Id, Convert.ToHexStringLower(recorded.Hash!)[..Digits]);

    /// <summary>Null if the text is none.</summary>
    public static AuditHead? Read(string text) =>
        text.Split(':') is [var id, { Length: Digits } hash] && hash.All(char.IsAsciiHexDigit)
        && long.TryParse(id, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? new AuditHead(number, hash.ToLowerInvariant())
            : null;

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Id}:{Hash}");
}
