using Microsoft.EntityFrameworkCore.Storage.ValueConversion;

namespace NexLlm.Dashboard.Data;

/// <summary>Instants are stored as Unix milliseconds in UTC: they compare and sort in SQL, and no zone gets lost.</summary>
public sealed class UnixMilliseconds() : ValueConverter<DateTimeOffset, long>(
    instant => instant.ToUnixTimeMilliseconds(),
    stored => DateTimeOffset.FromUnixTimeMilliseconds(stored));
