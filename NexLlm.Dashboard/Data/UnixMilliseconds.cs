using Microsoft.EntityFrameworkCore.Storage.ValueConversion;

namespace NexLlm.Dashboard.Data;

/// <summary>Stores instants as Unix milliseconds in UTC, so that SQL can compare and sort them and no time zone is lost.</summary>
public sealed class UnixMilliseconds() : ValueConverter<DateTimeOffset, long>(
    instant => instant.ToUnixTimeMilliseconds(),
    stored => DateTimeOffset.FromUnixTimeMilliseconds(stored));
