using System.Globalization;
using NexLlm.Dashboard.Components.Shared;
using NexLlm.Dashboard.Keys;

namespace NexLlm.Dashboard.Components.Keys.Fields;

internal static class PolicyWords
{
    /// <summary>Every option with its full value, in the documentation's order.</summary>
    public static IReadOnlyList<(KeyOption Option, string Value)> All(KeySettings settings, UserClock clock) =>
        [.. KeyOption.All.Select(option => (option, option.InWords(settings, clock.Now, clock.Exact)))];

    public static string Count(int count, string noun) => string.Create(CultureInfo.InvariantCulture, $"{count:N0} {noun}{(count == 1 ? "" : "s")}");
}
