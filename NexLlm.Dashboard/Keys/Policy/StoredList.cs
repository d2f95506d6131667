using System.Text.Json;

namespace NexLlm.Dashboard.Keys.Policy;

/// <summary>A list of strings as stored in the database: a JSON array.</summary>
internal static class StoredList
{
    /// <summary>Returns null for anything but an array of strings, so that the caller can deny access.</summary>
    public static string[]? Read(string stored)
    {
        try
        {
            var texts = JsonSerializer.Deserialize<string?[]>(stored);
            return texts is null || texts.Contains(null) ? null : texts as string[];
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
