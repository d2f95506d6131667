using MudBlazor;

namespace NexLlm.Dashboard.Components.Accounts;

/// <summary>A link to hand over.</summary>
/// <param name="Title">What was created.</param>
/// <param name="For">The email of the person it is for.</param>
/// <param name="Address">The whole link. It is a secret.</param>
/// <param name="Until">When it expires.</param>
/// <param name="Subject">Of the email that hands it over.</param>
public sealed record OneTimeLink(string Title, string For, string Address, DateTimeOffset Until, string Subject)
{
    /// <summary>Opens the email program of whoever sends it, with everything filled in; the server sends nothing.</summary>
    public string Mail => $"mailto:{Escaped(For)}?subject={Escaped(Subject)}&body={Escaped($"Open this link to set your password. It works once.\r\n\r\n{Address}")}";

    private static string Escaped(string text) => Uri.EscapeDataString(text).Replace("%40", "@", StringComparison.Ordinal);
}

internal static class OneTimeLinkExtensions
{
    /// <summary>Shows a link, once; returns when it was closed.</summary>
    public static async Task ShowAsync(this IDialogService dialogs, OneTimeLink link)
    {
        var parameters = new DialogParameters<OneTimeLinkDialog> { { dialog => dialog.Link, link } };
        // A click beside it would lose the link.
        var shown = await dialogs.ShowAsync<OneTimeLinkDialog>(link.Title, parameters, new DialogOptions { BackdropClick = false });
        await shown.Result;
    }
}
