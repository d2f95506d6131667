namespace NexLlm.Dashboard.Channels.Administration;

/// <summary>Which channels are in which groups can be changed from either side.</summary>
internal static class Membership
{
    /// <param name="touched">
    /// Told of everyone who comes or goes: whoever edits the other side at the same time must find it changed, or would undo this.
    /// </param>
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
