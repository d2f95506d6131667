using MudBlazor;

namespace NexLlm.Dashboard.Components.Accounts;

/// <summary>A link to hand over.</summary>
/// <param name="Title">What was created.</param>
/// <param name="For">The email of the recipient.</param>
/// <param name="Address">The full link, which is a secret.</param>
/// <param name="Until">When it expires.</param>
/// <param name="Subject">The subject of the email with the link.</param>
public sealed record OneTimeLink(string Title, string For, string Address, DateTimeOffset Until, string Subject)
{
    /// <summary>Opens the sender's email program with everything filled in; the server sends nothing.</summary>
    public string Mail => $"mailto:{Escaped(For)}?subject={Escaped(Subject)}&body={Escaped($"Open this link to set your password. It works once.\r\n\r\n{Address}")}";

    private static string Escaped(string text) => Uri.EscapeDataString(text).Replace("%40", "@", StringComparison.Ordinal);
}

internal static class OneTimeLinkExtensions
{
    /// <summary>Shows a link once; returns when the dialog is closed.</summary>
    public static async Task ShowAsync(this IDialogService dialogs, OneTimeLink link)
    {
        var parameters = new DialogParameters<OneTimeLinkDialog> { { dialog => dialog.Link, link } };
        // Clicking outside would lose the link.
        var shown = await dialogs.ShowAsync<OneTimeLinkDialog>(link.Title, parameters, new DialogOptions { BackdropClick = false });
        await shown.Result;
    }
}
