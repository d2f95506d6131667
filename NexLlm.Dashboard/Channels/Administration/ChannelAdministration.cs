using Microsoft.EntityFrameworkCore;
using NexLlm.Dashboard.Access;
using NexLlm.Dashboard.Audit;
using NexLlm.Dashboard.Channels.Routing;
using NexLlm.Dashboard.Channels.Upstream;
using NexLlm.Dashboard.Data;

namespace NexLlm.Dashboard.Channels.Administration;

/// <summary>
/// Manages channels for administrators. A change applies from the next request on; running requests continue on the channel they were sent
/// to. Configured channels are read-only here, and the built-in channel can only be enabled or disabled.
/// </summary>
/// <remarks>
/// Every operation throws <see cref="AccessDeniedException"/> unless the actor is an administrator with a live session. Operations that set
/// or remove a provider key throw <see cref="ReauthenticationRequiredException"/> if the actor authenticated too long ago.
/// </remarks>
public sealed class ChannelAdministration(
    IDbContextFactory<NexLlmDbContext> contexts, ProviderKeys keys, ChannelDirectory directory, ChannelActivation activation, ChannelProbe probe,
    ModelProbe models, TimeProvider clock)
{
    /// <summary>Lists all channels by name.</summary>
    public async Task<IReadOnlyList<ChannelDetails>> ListAsync(Actor actor, CancellationToken cancellation = default)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellation);
        await db.RequireAdministratorAsync(actor, clock.GetUtcNow(), cancellation);
        return await db.ChannelDetailsAsync(directory, only: null, cancellation);
    }

    /// <summary>Returns null if the channel doesn't exist.</summary>
    public async Task<ChannelDetails?> FindAsync(Actor actor, long id, CancellationToken cancellation = default)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellation);
        await db.RequireAdministratorAsync(actor, clock.GetUtcNow(), cancellation);
        return (await db.ChannelDetailsAsync(directory, id, cancellation)).SingleOrDefault();
    }

    /// <summary>The current health of each usable channel, by channel ID.</summary>
    public async Task<IReadOnlyDictionary<long, ChannelHealth>> HealthAsync(Actor actor, CancellationToken cancellation = default)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellation);
        await db.RequireAdministratorAsync(actor, clock.GetUtcNow(), cancellation);
        return directory.Current.Channels.ToDictionary(c => c.Id, c => c.Health);
    }

    public async Task<SaveOutcome<ChannelDetails>> CreateAsync(
        Actor actor, ChannelSettings settings, ProviderKeyChange providerKey, CancellationToken cancellation = default)
    {
        var encrypted = Encrypted(providerKey);
        await using var db = await contexts.CreateDbContextAsync(cancellation);
        var channel = new Channel { Name = settings.Name, IsEnabled = true };
        await using (var transaction = await db.BeginWriteAsync(cancellation))
        {
            var now = clock.GetUtcNow();
            RequireFor(providerKey, channel, await db.RequireAdministratorAsync(actor, now, cancellation), now);
            if (await ApplyAsync(db, channel, settings, providerKey, encrypted, cancellation) is { Count: > 0 } errors)
            {
                return new SaveOutcome<ChannelDetails>.Refused(errors);
            }

            db.Add(channel);
            ChannelAudit.Changed(db, actor, now, AuditActions.ChannelCreated, ChannelAudit.ChannelState.None, ChannelAudit.ChannelState.Of(channel));
            await db.SaveChangesAsync(cancellation);
            await transaction.CommitAsync(cancellation);
        }

        return await SavedAsync(db, channel.Id);
    }

    /// <summary>Updates a channel created in the dashboard, unless it changed after the actor loaded it.</summary>
    /// <param name="version">The version the actor saw.</param>
    public async Task<SaveOutcome<ChannelDetails>> UpdateAsync(
        Actor actor, long id, long version, ChannelSettings settings, ProviderKeyChange providerKey, CancellationToken cancellation = default)
    {
        var encrypted = Encrypted(providerKey);
        await using var db = await contexts.CreateDbContextAsync(cancellation);
        await using (var transaction = await db.BeginWriteAsync(cancellation))
        {
            var now = clock.GetUtcNow();
            var administrator = await db.RequireAdministratorAsync(actor, now, cancellation);
            if (await FindAsync(db, id, cancellation) is not { } channel || ChannelReading.OriginOf(channel) is not Provenance.Dashboard)
            {
                return new SaveOutcome<ChannelDetails>.NotFound();
            }

            RequireFor(providerKey, channel, administrator, now);
            if (channel.Version != version)
            {
                return new SaveOutcome<ChannelDetails>.Conflict((await db.ChannelDetailsAsync(directory, id, cancellation)).Single());
            }

            var before = ChannelAudit.ChannelState.Of(channel);
            if (await ApplyAsync(db, channel, settings, providerKey, encrypted, cancellation) is { Count: > 0 } errors)
            {
                return new SaveOutcome<ChannelDetails>.Refused(errors);
            }

            channel.Version++;
            ChannelAudit.Changed(db, actor, now, AuditActions.ChannelEdited, before, ChannelAudit.ChannelState.Of(channel, isKeyNew: encrypted is not null));
            await db.SaveChangesAsync(cancellation);
            await transaction.CommitAsync(cancellation);
        }

        return await SavedAsync(db, id);
    }

    /// <summary>Enables or disables a channel.</summary>
    /// <returns>False if the channel doesn't exist or is managed by the configuration.</returns>
    public Task<bool> SetEnabledAsync(Actor actor, long id, bool enabled, CancellationToken cancellation = default) =>
        ChangeAsync(actor, id, channel => ChannelReading.OriginOf(channel) is not Provenance.Configuration, (db, channel, now) =>
        {
            if (channel.IsEnabled != enabled)
            {
                channel.IsEnabled = enabled;
                channel.Version++;
                ChannelAudit.Done(db, actor, now, enabled ? AuditActions.ChannelEnabled : AuditActions.ChannelDisabled, channel);
            }
        }, cancellation);

    /// <summary>Deletes a channel permanently and erases its provider key. Charges and logs keep its name.</summary>
    /// <returns>False if no such channel was created in the dashboard.</returns>
    public Task<bool> DeleteAsync(Actor actor, long id, CancellationToken cancellation = default) =>
        ChangeAsync(actor, id, channel => ChannelReading.OriginOf(channel) is Provenance.Dashboard, (db, channel, now) =>
        {
            channel.Delete(now);
            ChannelAudit.Done(db, actor, now, AuditActions.ChannelDeleted, channel);
        }, cancellation);

    /// <summary>Queries a provider for its models and APIs, with settings that aren't necessarily saved.</summary>
    /// <param name="apis">All APIs of the channel, including those with their own base URL.</param>
    /// <param name="id">The channel whose stored provider key is used if it is kept; null for a new channel.</param>
    public async Task<ProbeResult> TestAsync(
        Actor actor, long? id, ChannelType type, string baseUrl, IReadOnlyList<ApiSettings> apis, ProviderKeyChange providerKey,
        CancellationToken cancellation = default)
    {
        var asked = await ReadAsync(actor, id, baseUrl, apis, providerKey, cancellation);
        if (asked.Answer is { } known)
        {
            return known;
        }

        var beganAt = clock.GetUtcNow();
        var found = await probe.AskAsync(type, asked.Url, asked.Apis, asked.ProviderKey, cancellation);
        // If the stored channel itself was tested, publish the result as its health.
        if (asked.Stored is { } stored && stored.Type == type && stored.BaseUrl == asked.Url && providerKey is ProviderKeyChange.Keep
            && directory.Current.Channels.FirstOrDefault(c => c.Id == stored.Id) is { } live && HealthAnswer.Of(found) is { } health)
        {
            live.Circuit.Learn(health.Status, beganAt, health.Latency, health.Error);
        }

        return found;
    }

    /// <summary>
    /// Queries a provider for its models only, with settings that aren't necessarily saved. Takes up to <see cref="ModelProbe.TimeLimit"/>.
    /// The stored provider key is sent only to the base URLs it was entered for.
    /// </summary>
    /// <param name="id">The channel whose stored provider key is used if it is kept; null for a new channel.</param>
    public async Task<ProbeResult> LoadModelsAsync(
        Actor actor, long? id, ChannelType type, string baseUrl, ProviderKeyChange providerKey, CancellationToken cancellation = default)
    {
        var asked = await ReadAsync(actor, id, baseUrl, [], providerKey, cancellation);
        return asked.Answer ?? await models.AskAsync(type, asked.Url, asked.ProviderKey, cancellation);
    }

    /// <summary>Ensures that the actor may query the provider, and that the stored provider key may be sent there.</summary>
    private async Task<Asked> ReadAsync(
        Actor actor, long? id, string baseUrl, IReadOnlyList<ApiSettings> apis, ProviderKeyChange providerKey, CancellationToken cancellation)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellation);
        await db.RequireAdministratorAsync(actor, clock.GetUtcNow(), cancellation);
        var stored = id is null ? null : await db.LiveChannels().AsNoTracking().Whole().SingleOrDefaultAsync(c => c.Id == id, cancellation);
        if (stored?.Type is ChannelType.Echo)
        {
            return new Asked(stored, "", [], null, new ProbeResult.Answered(TimeSpan.Zero, [.. stored.Models.Select(m => m.Name)])
            {
                Apis = [.. stored.Apis.Select(a => a.Api).Order().Select(ApiFinding.Offered)],
            });
        }

        var check = new ChannelCheck(db);
        var url = check.BaseUrl(baseUrl);
        var elsewhere = check.ApiUrls(apis, url);
        check.ProviderKey(providerKey, stored, url, elsewhere);
        if (check.Errors is [var error, ..])
        {
            return new Asked(stored, url, elsewhere, null, NotAsked(error.Message));
        }

        var plain = providerKey is ProviderKeyChange.Set(var typed) ? typed.Trim() : null;
        return providerKey is ProviderKeyChange.Keep && stored?.ProtectedApiKey is { } encrypted && !keys.TryUnprotect(encrypted, out plain)
            ? new Asked(stored, url, elsewhere, null, NotAsked("Can't decrypt the stored provider key. Enter the key again."))
            : new Asked(stored, url, elsewhere, plain, Answer: null);
    }

    /// <summary>Setting or removing a provider key requires a recent authentication.</summary>
    private static void RequireFor(ProviderKeyChange change, Channel channel, ActingAccount administrator, DateTimeOffset now)
    {
        if (change is ProviderKeyChange.Set || (change is ProviderKeyChange.Remove && channel.ProtectedApiKey is not null))
        {
            administrator.RequireRecent(now);
        }
    }

    private static ProbeResult.Failed NotAsked(string reason) => new(reason) { Fault = ProbeFault.NotAsked };

    private static Task<Channel?> FindAsync(NexLlmDbContext db, long id, CancellationToken cancellation) =>
        db.LiveChannels().Whole().SingleOrDefaultAsync(c => c.Id == id, cancellation);

    /// <summary>Call before a transaction: the key ring is in the same database and may have to create a key first.</summary>
    private string? Encrypted(ProviderKeyChange change) =>
        change is ProviderKeyChange.Set(var typed) && ChannelRules.TryReadProviderKey(typed, out var plain, out _) ? keys.Protect(plain) : null;

    private static async Task<IReadOnlyList<SettingError>> ApplyAsync(
        NexLlmDbContext db, Channel channel, ChannelSettings settings, ProviderKeyChange providerKey, string? encrypted, CancellationToken cancellation)
    {
        var check = new ChannelCheck(db);
        var name = await check.ChannelNameAsync(settings.Name, channel.Id, cancellation);
        check.Type(settings.Type);
        var baseUrl = check.BaseUrl(settings.BaseUrl);
        var apis = check.Apis(settings.Apis ?? ApiSettings.DefaultsOf(settings.Type), baseUrl);
        check.ProviderKey(providerKey, channel, baseUrl, apis);
        var models = check.Models(settings.Models);
        check.Numbers(settings.Priority, settings.Weight);
        var groups = await check.GroupsAsync(settings.GroupIds, cancellation);
        if (check.Errors is not [])
        {
            return check.Errors;
        }

        channel.Name = name;
        channel.Type = settings.Type;
        channel.BaseUrl = baseUrl;
        channel.Priority = settings.Priority;
        channel.Weight = settings.Weight;
        channel.ProtectedApiKey = providerKey is ProviderKeyChange.Keep ? channel.ProtectedApiKey : encrypted;
        channel.Speak(apis);
        channel.Serve(models);
        Membership.Set(channel.Groups, groups, group => group.Version++);
        return [];
    }

    private async Task<bool> ChangeAsync(
        Actor actor, long id, Func<Channel, bool> may, Action<NexLlmDbContext, Channel, DateTimeOffset> change, CancellationToken cancellation)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellation);
        await using (var transaction = await db.BeginWriteAsync(cancellation))
        {
            var now = clock.GetUtcNow();
            await db.RequireAdministratorAsync(actor, now, cancellation);
            if (await FindAsync(db, id, cancellation) is not { } channel || !may(channel))
            {
                return false;
            }

            change(db, channel, now);
            await db.SaveChangesAsync(cancellation);
            await transaction.CommitAsync(cancellation);
        }

        await activation.FollowAsync();
        return true;
    }

    private async Task<SaveOutcome<ChannelDetails>> SavedAsync(NexLlmDbContext db, long id)
    {
        await activation.FollowAsync();
        return (await db.ChannelDetailsAsync(directory, id, CancellationToken.None)) is [var saved]
            ? new SaveOutcome<ChannelDetails>.Saved(saved)
            : new SaveOutcome<ChannelDetails>.NotFound();
    }

    /// <summary>The input for querying a provider.</summary>
    /// <param name="Answer">Set if the provider needn't or can't be queried.</param>
    private sealed record Asked(Channel? Stored, string Url, IReadOnlyList<ApiSettings> Apis, string? ProviderKey, ProbeResult? Answer)
    {
        /// <summary>Keeps the key out of logs.</summary>
        public override string ToString() => nameof(Asked);
    }
}
