using System.Text.Json;

namespace NexLlm.Dashboard.Keys.Policy;

/// <summary>A list of texts as it stands in the database: a JSON array.</summary>
internal static class StoredList
{
    /// <summary>Null when it is anything but an array of texts, so that whoever asks can deny.</summary>
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
