namespace NexLlm.Dashboard.Channels;

// Parses single values, independent of the setting they belong to.
internal sealed partial class ProvisioningReader
{
    /// <summary>Accepts exactly one enum name. Unlike the framework, rejects numbers and combinations.</summary>
    private static bool TryReadName<T>(string? text, out T value)
        where T : struct, Enum
    {
        value = default;
        foreach (var known in Enum.GetValues<T>())
        {
            if (string.Equals(known.ToString(), text?.Trim(), StringComparison.OrdinalIgnoreCase))
            {
                value = known;
                return true;
            }
        }

        return false;
    }

    private int? Number(IConfigurationSection section, string key, int least, int most)
    {
        if (section[key] is not { } text)
        {
            return null;
        }

        return Note($"{section.Path}:{key}", ChannelRules.TryReadNumber(text, least, most, out var number, out var error), error) ? number : null;
    }

    private string Name(IConfigurationSection section, int most) => Checked($"{section.Path}:Name", section["Name"] ?? "", most);

    private string? Optional(IConfigurationSection section, string key, int most) =>
        string.IsNullOrWhiteSpace(section[key]) ? null : Checked($"{section.Path}:{key}", section[key]!, most);

    private string Checked(string path, string text, int most)
    {
        Note(path, ChannelRules.TryReadText(text, most, out var value, out var error), error);
        return value;
    }

    private bool Note(string path, bool isRead, string? error)
    {
        if (!isRead)
        {
            _errors.Add($"{path}: {error}");
        }

        return isRead;
    }

    private void Known(IConfigurationSection section, params ReadOnlySpan<string> keys)
    {
        foreach (var child in section.GetChildren())
        {
            var known = false;
            foreach (var key in keys)
            {
                known |= string.Equals(child.Key, key, StringComparison.OrdinalIgnoreCase);
            }

            if (!known)
            {
                _errors.Add($"{child.Path}: unknown setting. Valid settings are {string.Join(", ", keys)}.");
            }
        }
    }
}
