using Microsoft.AspNetCore.Components;

namespace NexLlm.Dashboard.Components.SignIn;

/// <summary>The page of a one-time link, on which a user sets a password.</summary>
/// <typeparam name="T">What a valid link grants.</typeparam>
public abstract class OneTimeLinkForm<T> : AccountForm
    where T : class
{
    /// <summary>Null if the link is invalid or has expired.</summary>
    protected T? Offer { get; private set; }

    protected string? PasswordError { get; private set; }

    [SupplyParameterFromQuery]
    protected string? Token { get; set; }

    [SupplyParameterFromForm(FormName = SetPasswordForm.FormName)]
    protected LinkEntry? Entry { get; set; }

    protected abstract Task<T?> FindAsync(string? token);

    protected override async Task OnInitializedAsync()
    {
        Entry ??= new LinkEntry { Token = Token };
        Offer = await FindAsync(Entry.Token);
        if (Offer is null)
        {
            RejectLink();
        }
    }

    protected void RejectLink()
    {
        Offer = null;
        Fail(StatusCodes.Status403Forbidden);
    }

    /// <param name="message">An error unrelated to the password.</param>
    protected void RejectPassword(string? error, string? message = null)
    {
        PasswordError = error;
        Fail(StatusCodes.Status400BadRequest, message);
    }

    protected sealed class LinkEntry
    {
        public string? Token { get; set; }

        public string? Password { get; set; }
    }
}
