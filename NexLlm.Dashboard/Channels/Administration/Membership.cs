namespace NexLlm.Dashboard.Channels.Administration;

/// <summary>Changes the channels of a group or the groups of a channel.</summary>
internal static class Membership
{
    /// <param name="touched">Called for every added or removed member. A concurrent
    /// edit of the member must detect the change, or it would revert it.</param>
    public static void Set<T>(List<T> members, IReadOnlyList<T> wanted, Action<T> touched)
        where T : class
    {
        foreach (var gone in members.Except(wanted).ToList())
        {
            members.Remove(gone);
            touched(gone);
        }

        foreach (var come in wanted.Except(members).ToList())
        {
            members.Add(come);
            touched(come);
        }
    }
}
