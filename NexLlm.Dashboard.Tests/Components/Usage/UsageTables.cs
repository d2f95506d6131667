using Bunit;
using Microsoft.AspNetCore.Components;

namespace NexLlm.Dashboard.Tests.Components.Usage;

internal static class UsageTables
{
    /// <summary>Opens "View as table", where there is one.</summary>
    public static void OpenTable(this IRenderedComponent<IComponent> page)
    {
        if (page.FindAll("details") is [var table, ..])
        {
            table.TriggerEvent("ontoggle", EventArgs.Empty);
            page.WaitForState(() => page.FindAll("tfoot").Count > 0);
        }
    }
}
