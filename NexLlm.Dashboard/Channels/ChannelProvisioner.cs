using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using NexLlm.Dashboard.Data;

namespace NexLlm.Dashboard.Channels;

/// <summary>
/// Applies the configured groups and channels at every start. Those no longer configured are disabled and left to administrators. They are
/// never deleted, because keys and charges refer to them.
/// </summary>
public sealed class ChannelProvisioner(
    IDbContextFactory<NexLlmDbContext> contexts, IOptions<ProvisioningOptions> options, ProviderKeys keys) : IDataPreparation
{
    /// <summary>The name of the built-in channel, which echoes the last user message and needs no provider.</summary>
    public const string EchoName = "echo";

    private static readonly string[] _echoModels = ["nexllm-echo", "nexllm-echo-small"];

    /// <summary>Idempotent. Anything an administrator disabled stays disabled.</summary>
    public async Task PrepareAsync(CancellationToken cancellation)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellation);
        await using var transaction = await db.BeginWriteAsync(cancellation);
        var groups = await db.LiveGroups().ToDictionaryAsync(g => g.Name, StringComparer.OrdinalIgnoreCase, cancellation);
        var channels = await db.LiveChannels().Whole().ToDictionaryAsync(c => c.Name, StringComparer.OrdinalIgnoreCase, cancellation);

        BuiltIn(db, groups, channels);
        Groups(db, groups);
        Channels(db, groups, channels);
        await db.SaveChangesAsync(cancellation);
        await transaction.CommitAsync(cancellation);
    }

    private static void BuiltIn(NexLlmDbContext db, Dictionary<string, ChannelGroup> groups, Dictionary<string, Channel> channels)
    {
        if (!groups.ContainsKey(ChannelGroup.DefaultName))
        {
            Add(db, groups, new ChannelGroup { Name = ChannelGroup.DefaultName, Description = "All models, standard price" });
        }

        if (!channels.TryGetValue(EchoName, out var echo))
        {
            echo = new Channel { Name = EchoName, Type = ChannelType.Echo, IsEnabled = true };
            echo.Models.AddRange(_echoModels.Select(name => new ChannelModel { Name = name }));
            echo.Groups.Add(groups[ChannelGroup.DefaultName]);
            channels.Add(EchoName, echo);
            db.Add(echo);
        }

        // Repeated at every start, because a new version may support more APIs.
        echo.Speak(ApiSettings.DefaultsOf(ChannelType.Echo));
    }

    private void Groups(NexLlmDbContext db, Dictionary<string, ChannelGroup> groups)
    {
        var declared = options.Value.Groups;
        foreach (var group in declared)
        {
            if (!groups.TryGetValue(group.Name, out var stored))
            {
                stored = Add(db, groups, new ChannelGroup { Name = group.Name });
            }

            stored.Description = group.Description ?? stored.Description;
            stored.RatioMillionths = group.RatioMillionths;
            stored.IsEnabled = true;
            stored.IsProvisioned = true;
        }

        foreach (var gone in groups.Values.Where(g => g.IsProvisioned && !declared.Any(d => ChannelRules.IsSameName(d.Name, g.Name))))
        {
            // The default group stays enabled without a declaration, because keys use it when no group is chosen.
            gone.IsEnabled = gone.IsDefault;
            gone.IsProvisioned = false;
        }
    }

    private void Channels(NexLlmDbContext db, Dictionary<string, ChannelGroup> groups, Dictionary<string, Channel> channels)
    {
        var declared = options.Value.Channels;
        foreach (var channel in declared)
        {
            if (!channels.TryGetValue(channel.Name, out var stored))
            {
                stored = new Channel { Name = channel.Name };
                channels.Add(channel.Name, stored);
                db.Add(stored);
            }

            stored.Type = channel.Type;
            stored.BaseUrl = channel.BaseUrl;
            stored.Priority = channel.Priority;
            stored.Weight = channel.Weight;
            stored.IsEnabled = true;
            stored.IsProvisioned = true;
            stored.ProtectedApiKey = Protected(channel.ApiKey, stored.ProtectedApiKey);
            stored.Speak(channel.Apis ?? ApiSettings.DefaultsOf(channel.Type));
            stored.Serve(channel.Models);
            Join(stored, [.. channel.Groups.Select(name => groups[name])]);
        }

        foreach (var gone in channels.Values.Where(c => c.IsProvisioned && !declared.Any(d => ChannelRules.IsSameName(d.Name, c.Name))))
        {
            gone.IsEnabled = false;
            gone.IsProvisioned = false;
        }
    }

    /// <summary>Keeps the channel in the groups that administrators created.</summary>
    private static void Join(Channel channel, List<ChannelGroup> declared)
    {
        channel.Groups.RemoveAll(g => (g.IsProvisioned || g.IsDefault) && !declared.Contains(g));
        channel.Groups.AddRange(declared.Except(channel.Groups).ToList());
    }

    /// <summary>Keeps the stored value if the key is unchanged, because encrypting the same key twice yields different bytes.</summary>
    private string? Protected(string? apiKey, string? stored)
    {
        if (apiKey is null)
        {
            return null;
        }

        // A value encrypted with a lost key ring is replaced by the configured key.
        return stored is not null && keys.TryUnprotect(stored, out var before) && before == apiKey ? stored : keys.Protect(apiKey);
    }

    private static ChannelGroup Add(NexLlmDbContext db, Dictionary<string, ChannelGroup> groups, ChannelGroup group)
    {
        groups.Add(group.Name, group);
        db.Add(group);
        return group;
    }
}
