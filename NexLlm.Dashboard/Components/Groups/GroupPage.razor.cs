using Microsoft.AspNetCore.Components;
using NexLlm.Dashboard.Access;
using NexLlm.Dashboard.Channels;
using NexLlm.Dashboard.Channels.Administration;
using NexLlm.Dashboard.Components.Channels;
using NexLlm.Dashboard.Components.Keys.Fields;
using NexLlm.Dashboard.Components.Shared;
using NexLlm.Dashboard.Components.Urls;
using NexLlm.Dashboard.Keys;

namespace NexLlm.Dashboard.Components.Groups;

/// <summary>Creates a group, or shows and edits one.</summary>
public sealed partial class GroupPage(
    AdministratorsOnly administrators, GroupAdministration groups, ChannelAdministration channels, ChannelImpact use, ChannelChanges changes, ImpactQuestions questions,
    Notifications notifications, KeysScript script, ReauthenticationDialogs reauthentication, NavigationManager navigation, TimeProvider time, UserClock clock, ILogger<GroupPage> log)
    : SettingsPage<GroupDetails, GroupForm>(administrators, changes, questions, notifications, script, reauthentication, navigation, time, log)
{
    private static readonly IReadOnlyList<(string Label, string Url)> _trail = [("Groups", PageUrls.Groups)];

    private KeyCount _keys;

    protected override string What => "group";

    protected override Task<GroupDetails?> FindAsync(Actor actor, long id) => groups.FindAsync(actor, id);

    protected override async Task<GroupForm> ReadFormAsync(Actor actor, GroupDetails? stored)
    {
        _keys = stored is null ? default : (await use.CountByGroupAsync(actor)).GetValueOrDefault(stored.Id);
        return new(stored, await channels.ListAsync(actor));
    }

    protected override GroupForm Refill(GroupForm form, GroupDetails stored) => new(stored, form.Channels);

    protected override Saving<GroupDetails>? Prepare(GroupForm form) => !form.TryRead(out var settings)
        ? null
        : Stored is not { } stored
            ? new(null, () => groups.CreateAsync(Actor!, settings))
            : new(new PlannedChange.GroupSaved(stored.Id, settings.ChannelIds), () => groups.UpdateAsync(Actor!, stored.Id, Stored.Version, settings));

    protected override Task<bool> SetEnabledAsync(Actor actor, long id, bool enabled) => groups.SetEnabledAsync(actor, id, enabled);

    protected override GroupDetails Follow(GroupDetails seen, GroupDetails now, long version) => seen with { IsEnabled = now.IsEnabled, Version = version };

    protected override string Switched(bool on) => on ? "Group enabled." : "Group disabled. Requests using its keys will fail.";

    protected override string UrlOf(long id) => PageUrls.Group(id);

    private void Choose(IReadOnlyCollection<long>? channels) => (Form!.ChannelIds, Form.ChannelsError) = (channels ?? [], null);

    /// <summary>A group in use can't be deleted, so no confirmation is shown.</summary>
    private Task AskToDeleteAsync() => GuardedAsync(async () =>
    {
        ClearStatus();
        if (await use.OfGroupAsync(Actor!, Stored!.Id) is { } used)
        {
            Refuse(used);
        }
        else
        {
            await AskAsync(ChannelQuestions.Delete(Stored, () => LeaveAfterAsync(DeleteAsync, PageUrls.Groups)));
        }
    });

    private async Task<bool> DeleteAsync()
    {
        if (await use.DeleteGroupAsync(Actor!, Stored!.Id) is not DeleteGroupOutcome.InUse(var used))
        {
            return true;
        }

        Refuse(used);
        StateHasChanged();
        return false;
    }

    private void Refuse(GroupUse used) => Error = used.RestorableUntil is { } until
        ? $"Can't delete this group: one of its deleted keys can be restored until {clock.Exact(until)}. You can disable the group instead."
        : $"Can't delete this group: it has {used.Keys} ({Examples(used)}). Their owners have to move or delete them first. You can disable the group instead.";

    private static string Examples(GroupUse used) =>
        string.Join(", ", used.First.Select(key => $"{key.Name} of {key.OwnerEmail}")) + (used.Keys.Count > used.First.Count ? " and more" : "");
}
