namespace NexLlm.Dashboard.Channels;

/// <summary>Parses the section <c>Provisioning</c> manually, because a model can be a string or an object, and collects all errors.</summary>
internal sealed partial class ProvisioningReader
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
        return new(Name(section, ChannelGroup.MaxNameLength), Optional(section, "Description", ChannelRules.MaxDescription), Ratio(section));
    }

    private ProvisionedChannel Channel(IConfigurationSection section)
    {
        Known(section, "Name", "Type", "BaseUrl", "ApiKey", "Apis", "Models", "Groups", "Priority", "Weight");
        var name = Name(section, Channels.Channel.MaxNameLength);
        if (ChannelRules.IsSameName(name, ChannelProvisioner.EchoName))
        {
            _errors.Add($"{section.Path}:Name: “{name}” is the name of the built-in channel. Choose another name.");
        }

        var models = section.GetSection("Models").GetChildren().Select(Model).ToList();
        if (ChannelRules.WrongModels(models) is { } wrong)
        {
            _errors.Add($"{section.Path}:Models: {wrong}");
        }

        var groups = section.GetSection("Groups").GetChildren().Select(g => g.Value ?? "").Distinct(StringComparer.Ordinal).ToList();
        return new(
            name, Type(section), BaseUrl(section), ProviderKey(section), models,
            groups is [] ? [ChannelGroup.DefaultName] : groups,
            Number(section, "Priority", -ChannelRules.MaxPriority, ChannelRules.MaxPriority) ?? 0, Number(section, "Weight", 1, ChannelRules.MaxWeight) ?? 1,
            Apis(section));
    }

    /// <summary>Returns null if no API is configured.</summary>
    private List<ApiSettings>? Apis(IConfigurationSection section)
    {
        var apis = section.GetSection("Apis").GetChildren().Select(Api).OfType<ApiSettings>().ToList();
        if (apis is [])
        {
            return null;
        }

        if (ChannelRules.WrongApis(apis) is { } wrong)
        {
            _errors.Add($"{section.Path}:Apis: {wrong}");
        }

        return apis;
    }

    /// <summary>Returns null if the section doesn't name an API.</summary>
    private ApiSettings? Api(IConfigurationSection section)
    {
        var isObject = section.GetChildren().Any();
        if (isObject)
        {
            Known(section, "Name", "BaseUrl");
        }

        var name = isObject ? section["Name"] : section.Value;
        if (!TryReadName<UpstreamApi>(name, out var api))
        {
            _errors.Add($"{section.Path}{(isObject ? ":Name" : "")}: “{name}” is not an API. Use {string.Join(", ", UpstreamApis.All)}.");
            return null;
        }

        return new(api, string.IsNullOrWhiteSpace(section["BaseUrl"]) ? null : BaseUrl(section));
    }

    private ModelSettings Model(IConfigurationSection section)
    {
        if (!section.GetChildren().Any())
        {
            return new(Checked(section.Path, section.Value ?? "", ChannelRules.MaxModelName));
        }

        Known(section, "Name", "UpstreamName", "ContextTokens", "MaxOutputTokens", "Price");
        return new(
            Name(section, ChannelRules.MaxModelName), Optional(section, "UpstreamName", ChannelRules.MaxModelName),
            Number(section, "ContextTokens", 1, int.MaxValue), Number(section, "MaxOutputTokens", 1, int.MaxValue), Price(section.GetSection("Price")));
    }

    /// <summary>Returns null if no price is configured.</summary>
    private ModelPrice? Price(IConfigurationSection section)
    {
        if (!section.Exists())
        {
            return null;
        }

        Known(section, "Unit", "Tokens");
        var unit = section["Unit"];
        if (!TryReadName<PriceUnit>(unit, out var read))
        {
            _errors.Add($"{section.Path}:Unit: “{unit}” is not a unit. Use {string.Join(", ", Enum.GetNames<PriceUnit>())}.");
        }

        Note($"{section.Path}:Tokens", ChannelRules.TryReadPrice(section["Tokens"] ?? "", out var tokens, out var error), error);
        return new(read, tokens);
    }

    private ChannelType Type(IConfigurationSection section)
    {
        var text = section["Type"];
        if (Enum.TryParse<ChannelType>(text, ignoreCase: true, out var type) && type is not ChannelType.Echo && !char.IsAsciiDigit(text![0]))
        {
            return type;
        }

        _errors.Add($"{section.Path}:Type: “{text}” is not a channel type. Use OpenAI or Anthropic.");
        return ChannelType.OpenAI;
    }

    private string BaseUrl(IConfigurationSection section)
    {
        Note($"{section.Path}:BaseUrl", ChannelRules.TryReadBaseUrl(section["BaseUrl"] ?? "", out var url, out var error), error);
        return url;
    }

    private string? ProviderKey(IConfigurationSection section)
    {
        if (string.IsNullOrWhiteSpace(section["ApiKey"]))
        {
            return null;
        }

        Note($"{section.Path}:ApiKey", ChannelRules.TryReadProviderKey(section["ApiKey"]!, out var key, out var error), error);
        return key;
    }

    private long Ratio(IConfigurationSection section)
    {
        if (section["Ratio"] is not { } text)
        {
            return ChannelGroup.RatioOne;
        }

        Note($"{section.Path}:Ratio", ChannelRules.TryReadRatio(text, out var ratio, out var error), error);
        return ratio;
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
                _errors.Add($"{ProvisioningOptions.Section}:Channels: “{channel.Name}” uses the group “{group}”, which is not declared in {ProvisioningOptions.Section}:Groups.");
            }
        }
    }
}
