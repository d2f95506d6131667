using System.Globalization;
using Microsoft.EntityFrameworkCore;
using NexLlm.Dashboard.Data;

namespace NexLlm.Dashboard.Channels.Administration;

/// <summary>
/// Validates the requested settings of a channel or a group against the rules and the database, inside the transaction, and collects all
/// errors. Pages apply the same rules, but a page is not a security boundary.
/// </summary>
internal sealed class ChannelCheck(NexLlmDbContext db)
{
    private readonly List<SettingError> _errors = [];

    public IReadOnlyList<SettingError> Errors => _errors;

    public async Task<string> ChannelNameAsync(string typed, long? except, CancellationToken cancellation) =>
        Name(typed, Channel.MaxNameLength, await db.LiveChannels().Where(c => c.Id != except).Select(c => c.Name).ToListAsync(cancellation), "channel");

    public async Task<string> GroupNameAsync(string typed, long? except, CancellationToken cancellation) =>
        Name(typed, ChannelGroup.MaxNameLength, await db.LiveGroups().Where(g => g.Id != except).Select(g => g.Name).ToListAsync(cancellation), "group");

    /// <summary>Returns null for null, which means no description.</summary>
    public string? Description(string? typed)
    {
        if (string.IsNullOrWhiteSpace(typed))
        {
            return null;
        }

        Note(Setting.Description, ChannelRules.TryReadText(typed, ChannelRules.MaxDescription, out var value, out var error), error);
        return value;
    }

    public void Ratio(long millionths)
    {
        if (millionths is <= 0 or > ChannelGroup.MaxRatio * ChannelGroup.RatioOne)
        {
            _errors.Add(new(Setting.Ratio, $"Enter a ratio above 0 and up to {ChannelGroup.MaxRatio}."));
        }
    }

    public string BaseUrl(string typed)
    {
        Note(Setting.BaseUrl, ChannelRules.TryReadBaseUrl(typed, out var value, out var error), error);
        return value;
    }

    /// <summary>The echo type is reserved for the built-in channel.</summary>
    public void Type(ChannelType type)
    {
        if (type is not (ChannelType.OpenAI or ChannelType.Anthropic))
        {
            _errors.Add(new(Setting.Type, "Choose OpenAI or Anthropic."));
        }
    }

    /// <param name="channelUrl">The channel's base URL. An API with the same base URL is stored without its own.</param>
    public IReadOnlyList<ApiSettings> Apis(IReadOnlyList<ApiSettings> typed, string channelUrl)
    {
        if (ChannelRules.WrongApis(typed) is { } wrong)
        {
            _errors.Add(new(Setting.Apis, wrong));
        }

        return ApiUrls(typed, channelUrl);
    }

    /// <inheritdoc cref="Apis"/>
    public IReadOnlyList<ApiSettings> ApiUrls(IReadOnlyList<ApiSettings> typed, string channelUrl) =>
        [.. typed.Select(api =>
        {
            if (string.IsNullOrWhiteSpace(api.BaseUrl))
            {
                return api with { BaseUrl = null };
            }

            Note(Setting.Apis, ChannelRules.TryReadBaseUrl(api.BaseUrl, out var url, out var error), error);
            return api with { BaseUrl = url == channelUrl ? null : url };
        })];

    /// <param name="stored">The existing channel; null for a new one.</param>
    /// <param name="baseUrl">The requested base URL. A stored key is never sent
    /// anywhere new, because an editor of the channel could then read it.</param>
    public void ProviderKey(ProviderKeyChange change, Channel? stored, string baseUrl, IReadOnlyList<ApiSettings> apis)
    {
        if (change is ProviderKeyChange.Set(var typed))
        {
            Note(Setting.ProviderKey, ChannelRules.TryReadProviderKey(typed, out _, out var error), error);
        }
        else if (change is ProviderKeyChange.Keep && stored?.ProtectedApiKey is not null
            && apis.Select(a => a.BaseUrl ?? baseUrl).Append(baseUrl).Except(stored.BaseUrls(), StringComparer.Ordinal).Any())
        {
            _errors.Add(new(Setting.ProviderKey, "The stored provider key is for another base URL. Enter the key for this one."));
        }
    }

    /// <summary>Trims the names and drops provider model IDs that equal the model's own.</summary>
    public List<ModelSettings> Models(IReadOnlyList<ModelSettings> typed)
    {
        var models = typed.Select(Model).ToList();
        if (ChannelRules.WrongModels(models) is { } wrong)
        {
            _errors.Add(new(Setting.Models, wrong));
        }

        return models;
    }

    public void Numbers(int priority, int weight)
    {
        if (Math.Abs((long)priority) > ChannelRules.MaxPriority)
        {
            _errors.Add(new(Setting.Priority, $"Enter a whole number from -{ChannelRules.MaxPriority} to {ChannelRules.MaxPriority}."));
        }

        if (weight is < 1 or > ChannelRules.MaxWeight)
        {
            _errors.Add(new(Setting.Weight, $"Enter a whole number from 1 to {ChannelRules.MaxWeight}."));
        }
    }

    public async Task<List<ChannelGroup>> GroupsAsync(IReadOnlyList<long> ids, CancellationToken cancellation)
    {
        var groups = await db.LiveGroups().Where(g => ids.Contains(g.Id)).ToListAsync(cancellation);
        if (groups.Count < ids.Distinct().Count())
        {
            _errors.Add(new(Setting.Groups, "A selected group was deleted. Review your selection."));
        }

        return groups;
    }

    public async Task<List<Channel>> ChannelsAsync(IReadOnlyList<long> ids, CancellationToken cancellation)
    {
        var channels = await db.LiveChannels().Where(c => ids.Contains(c.Id)).ToListAsync(cancellation);
        if (channels.Count < ids.Distinct().Count())
        {
            _errors.Add(new(Setting.Channels, "A selected channel was deleted. Review your selection."));
        }

        return channels;
    }

    /// <summary>
    /// Membership of configured channels in <c>default</c> is decided by the
    /// configuration; a change here would be reverted at the next start.
    /// </summary>
    public void Provisioned(ChannelGroup group, IReadOnlyList<Channel> wanted)
    {
        var moved = group.IsDefault ? wanted.Except(group.Channels).Concat(group.Channels.Except(wanted)).FirstOrDefault(c => c.IsProvisioned) : null;
        if (moved is not null)
        {
            _errors.Add(new(Setting.Channels, $"{moved.Name} is managed in the server's configuration, so its groups can't be changed here."));
        }
    }

    private string Name(string typed, int most, IEnumerable<string> taken, string what)
    {
        Note(Setting.Name, ChannelRules.TryReadText(typed, most, out var name, out var error), error);
        if (taken.Any(other => ChannelRules.IsSameName(other, name)))
        {
            _errors.Add(new(Setting.Name, $"A {what} named “{name}” already exists. Choose another name."));
        }

        return name;
    }

    private ModelSettings Model(ModelSettings typed)
    {
        Note(Setting.Models, ChannelRules.TryReadText(typed.Name, ChannelRules.MaxModelName, out var name, out var error), error);
        var upstream = typed.UpstreamName;
        if (upstream is not null)
        {
            Note(Setting.Models, ChannelRules.TryReadText(upstream, ChannelRules.MaxModelName, out upstream, out error), error);
        }

        if (typed is { ContextTokens: < 1 } or { MaxOutputTokens: < 1 })
        {
            _errors.Add(new(Setting.Models, $"“{name}”: token limits must be at least 1."));
        }

        if (typed.Price is { } price && (!Enum.IsDefined(price.Unit) || price.Tokens is < 0 or > ChannelRules.MaxPrice))
        {
            _errors.Add(new(Setting.Models, string.Create(CultureInfo.InvariantCulture, $"“{name}”: enter a price from 0 to {ChannelRules.MaxPrice:N0} tokens.")));
        }

        return typed with { Name = name, UpstreamName = upstream == name ? null : upstream };
    }

    private void Note(Setting setting, bool isRead, string? error)
    {
        if (!isRead)
        {
            _errors.Add(new(setting, error!));
        }
    }
}
