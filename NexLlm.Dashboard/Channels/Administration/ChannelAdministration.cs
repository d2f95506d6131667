using Microsoft.EntityFrameworkCore;
using NexLlm.Dashboard.Access;
using NexLlm.Dashboard.Audit;
using NexLlm.Dashboard.Channels.Routing;
using NexLlm.Dashboard.Channels.Upstream;
using NexLlm.Dashboard.Data;

namespace NexLlm.Dashboard.Channels.Administration;

/// <summary>
/// Channels as administrators see and change them. A change holds for the next request; requests that run go on where they
/// were sent. What configuration declares is not changed here, the built-in channel is only switched.
/// </summary>
/// <remarks>
/// Every operation throws <see cref="AccessDeniedException"/> when the actor is not an administrator with a live login; those that enter or
/// remove a provider key throw <see cref="ReauthenticationRequiredException"/> when the last proof of who asks is too old.
/// </remarks>
public sealed class ChannelAdministration(
    IDbContextFactory<NexLlmDbContext> contexts, ProviderKeys keys, ChannelDirectory directory, ChannelActivation activation, ChannelProbe probe,
    ModelProbe models, TimeProvider clock)
{
    /// <summary>By name.</summary>
    public async Task<IReadOnlyList<ChannelDetails>> ListAsync(Actor actor, CancellationToken cancellation = default)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellation);
        await db.RequireAdministratorAsync(actor, clock.GetUtcNow(), cancellation);
        return await db.ChannelDetailsAsync(directory, only: null, cancellation);
    }

    /// <summary>Null if there is none.</summary>
    public async Task<ChannelDetails?> FindAsync(Actor actor, long id, CancellationToken cancellation = default)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellation);
        await db.RequireAdministratorAsync(actor, clock.GetUtcNow(), cancellation);
        return (await db.ChannelDetailsAsync(directory, id, cancellation)).SingleOrDefault();
    }

    /// <summary>How each channel that can be used does at this moment, by its id.</summary>
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

    /// <summary>Changes a channel that was made here, if nobody else changed it since the actor read it.</summary>
    /// <param name="version">The version that the person saw.</param>
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

    /// <summary>Switches a channel off or on.</summary>
    /// <returns>False if there is none, or configuration decides it.</returns>
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

    /// <summary>Deletes a channel for good and erases its provider key; what was charged and logged goes on naming it.</summary>
    /// <returns>False if there is none that was made here.</returns>
    public Task<bool> DeleteAsync(Actor actor, long id, CancellationToken cancellation = default) =>
        ChangeAsync(actor, id, channel => ChannelReading.OriginOf(channel) is Provenance.Dashboard, (db, channel, now) =>
        {
            channel.Delete(now);
            ChannelAudit.Done(db, actor, now, AuditActions.ChannelDeleted, channel);
        }, cancellation);

    /// <summary>Asks the upstream for its models and for its APIs, with settings that need not be saved.</summary>
    /// <param name="apis">Those with a base URL of their own, among others.</param>
    /// <param name="id">The channel whose stored provider key is used, where it is kept; null for a new one.</param>
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
        // What was tested may be the channel itself, and then everybody should know.
        if (asked.Stored is { } stored && stored.Type == type && stored.BaseUrl == asked.Url && providerKey is ProviderKeyChange.Keep
            && directory.Current.Channels.FirstOrDefault(c => c.Id == stored.Id) is { } live && HealthAnswer.Of(found) is { } health)
        {
            live.Circuit.Learn(health.Status, beganAt, health.Latency, health.Error);
        }

        return found;
    }

    /// <summary>
    /// Asks the upstream for its models only, with settings that need not be saved. It may take <see cref="ModelProbe.TimeLimit"/>; the stored
    /// provider key goes nowhere but to the base URLs that it was entered for.
    /// </summary>
    /// <param name="id">The channel whose stored provider key is used, where it is kept; null for a new one.</param>
    public async Task<ProbeResult> LoadModelsAsync(
        Actor actor, long? id, ChannelType type, string baseUrl, ProviderKeyChange providerKey, CancellationToken cancellation = default)
    {
        var asked = await ReadAsync(actor, id, baseUrl, [], providerKey, cancellation);
        return asked.Answer ?? await models.AskAsync(type, asked.Url, asked.ProviderKey, cancellation);
    }

    /// <summary>Sees to it that the actor may ask the upstream, and that the stored provider key may go there.</summary>
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

    /// <summary>A provider key is entered or removed only by somebody who proved a moment ago who they are.</summary>
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

    /// <summary>Before a transaction: the key ring is in the same database, and may have to write a key of its own first.</summary>
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

    /// <summary>What an upstream shall be asked with.</summary>
    /// <param name="Answer">Set where there is no need, or no way, to ask.</param>
    private sealed record Asked(Channel? Stored, string Url, IReadOnlyList<ApiSettings> Apis, string? ProviderKey, ProbeResult? Answer)
    {
        /// <summary>Keeps the key out of logs.</summary>
        public override string ToString() => nameof(Asked);
    }
}
