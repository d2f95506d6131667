using Microsoft.AspNetCore.Components;
using NexLlm.Dashboard.Access;
using NexLlm.Dashboard.Channels;
using NexLlm.Dashboard.Channels.Administration;
using NexLlm.Dashboard.Channels.Presets;
using NexLlm.Dashboard.Components.Keys.Fields;
using NexLlm.Dashboard.Components.Shared;
using NexLlm.Dashboard.Components.Urls;

namespace NexLlm.Dashboard.Components.Channels;

/// <summary>Creates a channel, or shows and edits one; its health is reloaded every two seconds.</summary>
public sealed partial class ChannelPage(
    AdministratorsOnly administrators, ChannelAdministration channels, GroupAdministration groups, ChannelChanges changes, ImpactQuestions questions,
    Notifications notifications, KeysScript script, ReauthenticationDialogs reauthentication, NavigationManager navigation, TimeProvider time, ILogger<ChannelPage> log)
    : SettingsPage<ChannelDetails, ChannelForm>(administrators, changes, questions, notifications, script, reauthentication, navigation, time, log)
{
    private static readonly TimeSpan _healthEvery = TimeSpan.FromSeconds(2);

    private static readonly IReadOnlyList<(string Label, string Url)> _trail = [("Channels", PageUrls.Channels())];

    private readonly TimeProvider _time = time;
    private ListedModels? _listed;

    /// <summary>The id of the preset of a new channel.</summary>
    [SupplyParameterFromQuery(Name = "provider")]
    private string? Provider { get; set; }

    protected override string What => "channel";

    protected override async Task OnParametersSetAsync()
    {
        await base.OnParametersSetAsync();
        if (Stored is null && Form is { } form && ProviderPresets.Find(Provider) is { } preset && form.Preset != preset)
        {
            form.Begin(preset);
        }
    }

    protected override void Listen()
    {
        base.Listen();
        Every(_time, _healthEvery, () => _ = QuietlyAsync(ReadHealthAsync));
    }

    protected override Task<ChannelDetails?> FindAsync(Actor actor, long id) => channels.FindAsync(actor, id);

    protected override async Task<ChannelForm> ReadFormAsync(Actor actor, ChannelDetails? stored) => new(stored, await groups.ListAsync(actor));

    protected override ChannelForm Refill(ChannelForm form, ChannelDetails stored) => new(stored, form.Groups);

    protected override Saving<ChannelDetails>? Prepare(ChannelForm form) => !form.TryRead(out var settings)
        ? null
        : Stored is not { } stored
            ? new(null, () => channels.CreateAsync(Actor!, settings, form.ReadKey()))
            : new(
                stored.IsEnabled ? new PlannedChange.ChannelSaved(stored.Id, [.. settings.Apis!.Select(a => a.Api)], [.. settings.Models.Select(m => m.Name)], settings.GroupIds) : null,
                () => channels.UpdateAsync(Actor!, stored.Id, Stored.Version, settings, form.ReadKey()));

    protected override Task<bool> SetEnabledAsync(Actor actor, long id, bool enabled) => channels.SetEnabledAsync(actor, id, enabled);

    protected override ChannelDetails Follow(ChannelDetails seen, ChannelDetails now, long version) =>
        seen with { IsEnabled = now.IsEnabled, Health = now.Health, IsKeyLost = now.IsKeyLost, Version = version };

    protected override string Switched(bool on) => on ? "Channel enabled." : "Channel disabled. New requests use other channels.";

    protected override string UrlOf(long id) => PageUrls.Channel(id);

    private Task AskToDeleteAsync() => GuardedAsync(() => AskAsync(ChannelQuestions.Delete(Stored!, () => LeaveAfterAsync(DeleteAsync, PageUrls.Channels()))));

    private async Task<bool> DeleteAsync()
    {
        await channels.DeleteAsync(Actor!, Stored!.Id);
        return true;
    }

    private void Choose(IReadOnlyCollection<long>? groups) => (Form!.GroupIds, Form.GroupsError) = (groups ?? [], null);

    private async Task ReadHealthAsync()
    {
        if (Stored is { IsEnabled: true } shown && Actor is not null)
        {
            var health = await channels.HealthAsync(Actor);
            Stored = Stored == shown ? shown with { Health = health.TryGetValue(shown.Id, out var now) ? now : null } : Stored;
        }
    }
}
