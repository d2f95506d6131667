using System.Globalization;

namespace NexLlm.Dashboard.Channels;

/// <summary>Reads the section <c>Provisioning</c> by hand, because a model is a string or an object, and gathers all that is wrong with it.</summary>
internal sealed class ProvisioningReader
{

    private readonly List<string> _errors = [];

    public static void Read(IConfiguration configuration, ProvisioningOptions options)
    {
        var reader = new ProvisioningReader();
        var section = configuration.GetSection(ProvisioningOptions.Section);
        reader.Known(section, "Groups", "Channels");
        options.Groups = [.. section.GetSection("Groups").GetChildren().Select(reader.Group)];
        options.Channels = [.. section.GetSection("Channels").GetChildren().Select(reader.Channel)];
        reader.Names("Groups", options.Groups.Select(g => g.Name));
        reader.Names("Channels", options.Channels.Select(c => c.Name));
        reader.References(options);
        options.Errors = reader._errors;
    }

    private ProvisionedGroup Group(IConfigurationSection section)
    {
        Known(section, "Name", "Description", "Ratio");
        return new(Name(section, ChannelGroup.MaxNameLength), Optional(section, "Description", 256), Ratio(section));
    }

    private ProvisionedChannel Channel(IConfigurationSection section)
    {
        Known(section, "Name", "Type", "BaseUrl", "ApiKey", "Models", "Groups", "Priority", "Weight");
        var name = Name(section, Channels.Channel.MaxNameLength);
        if (name == ChannelProvisioner.EchoName)
        {
            _errors.Add($"{section.Path}:Name: “{name}” is the built-in channel. Choose another name.");
        }

        var models = section.GetSection("Models").GetChildren().Select(Model).ToList();
        if (models is [])
        {
            _errors.Add($"{section.Path}:Models: name at least one model that the channel serves.");
        }

        foreach (var twice in models.GroupBy(m => m.Name, StringComparer.Ordinal).Where(g => g.Count() > 1))
        {
            _errors.Add($"{section.Path}:Models: “{twice.Key}” is listed twice.");
        }

        var groups = section.GetSection("Groups").GetChildren().Select(g => g.Value ?? "").Distinct(StringComparer.Ordinal).ToList();
        return new(
            name, Type(section), BaseUrl(section), Optional(section, "ApiKey", 4_096), models,
            groups is [] ? [ChannelGroup.DefaultName] : groups,
            Number(section, "Priority", -1_000_000, 1_000_000) ?? 0, Number(section, "Weight", 1, 1_000_000) ?? 1);
    }

    private ProvisionedModel Model(IConfigurationSection section)
    {
        if (!section.GetChildren().Any())
        {
            return new(Checked(section.Path, section.Value ?? "", 200), null, null, null);
        }

        Known(section, "Name", "UpstreamName", "ContextTokens", "MaxOutputTokens");
        return new(
            Name(section, 200), Optional(section, "UpstreamName", 200),
            Number(section, "ContextTokens", 1, int.MaxValue), Number(section, "MaxOutputTokens", 1, int.MaxValue));
    }

    private ChannelType Type(IConfigurationSection section)
    {
        var text = section["Type"];
        if (Enum.TryParse<ChannelType>(text, ignoreCase: true, out var type) && type is not ChannelType.Echo && !char.IsAsciiDigit(text![0]))
        {
            return type;
        }

        _errors.Add($"{section.Path}:Type: “{text}” is no channel type. Use OpenAI or Anthropic.");
        return ChannelType.OpenAI;
    }

    private string BaseUrl(IConfigurationSection section)
    {
        var text = section["BaseUrl"]?.Trim() ?? "";
        if (!Uri.TryCreate(text, UriKind.Absolute, out var url) || url.Scheme is not ("http" or "https")
            || url.Query.Length > 0 || url.Fragment.Length > 0 || url.UserInfo.Length > 0)
        {
            _errors.Add($"{section.Path}:BaseUrl: “{text}” is no address of an upstream. Write it like https://api.openai.com/v1, without a query or a password.");
        }

        return text.TrimEnd('/');
    }

    private long Ratio(IConfigurationSection section)
    {
        var text = section["Ratio"];
        if (text is null)
        {
            return ChannelGroup.RatioOne;
        }

        if (decimal.TryParse(text, NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent, CultureInfo.InvariantCulture, out var ratio)
            && ratio is > 0 and <= 1_000_000 && ratio * ChannelGroup.RatioOne == decimal.Truncate(ratio * ChannelGroup.RatioOne))
        {
            return (long)(ratio * ChannelGroup.RatioOne);
        }

        _errors.Add($"{section.Path}:Ratio: “{text}” is no ratio above 0 with at most six decimals. Write it like 0.5.");
        return ChannelGroup.RatioOne;
    }

    private int? Number(IConfigurationSection section, string key, int least, int most)
    {
        var text = section[key];
        if (text is null)
        {
            return null;
        }

        if (int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most)
        {
            return number;
        }

        _errors.Add(string.Create(CultureInfo.InvariantCulture, $"{section.Path}:{key}: “{text}” is no whole number from {least} to {most}."));
        return null;
    }

    private string Name(IConfigurationSection section, int most) => Checked($"{section.Path}:Name", section["Name"] ?? "", most);

    private string? Optional(IConfigurationSection section, string key, int most) =>
        string.IsNullOrWhiteSpace(section[key]) ? null : Checked($"{section.Path}:{key}", section[key]!, most);

    /// <summary>Does not repeat the value: it may be a provider key.</summary>
    private string Checked(string path, string text, int most)
    {
        var trimmed = text.Trim();
        if (trimmed.Length == 0 || trimmed.Length > most || trimmed.Any(char.IsControl))
        {
            _errors.Add(string.Create(CultureInfo.InvariantCulture, $"{path}: write 1 to {most} characters in one line."));
        }

        return trimmed;
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
                _errors.Add($"{child.Path}: there is no such setting. Here stand {string.Join(", ", keys)}.");
            }
        }
    }

    private void Names(string list, IEnumerable<string> names)
    {
        foreach (var twice in names.GroupBy(n => n, StringComparer.OrdinalIgnoreCase).Where(g => g.Key.Length > 0 && g.Count() > 1))
        {
            _errors.Add($"{ProvisioningOptions.Section}:{list}: the name “{twice.Key}” is used twice.");
        }
    }

    private void References(ProvisioningOptions options)
    {
        var known = options.Groups.Select(g => g.Name).Append(ChannelGroup.DefaultName).ToHashSet(StringComparer.Ordinal);
        foreach (var channel in options.Channels)
        {
            foreach (var group in channel.Groups.Where(g => !known.Contains(g)))
            {
                _errors.Add($"{ProvisioningOptions.Section}:Channels: “{channel.Name}” names the group “{group}”, which {ProvisioningOptions.Section}:Groups does not declare.");
            }
        }
    }
}
