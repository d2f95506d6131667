using System.Collections.Concurrent;
using Microsoft.Playwright;

namespace NexLlm.Dashboard.Tests.Browser;

/// <summary>
/// One person's browser, with nothing stored at first. It notes what somebody who keeps the developer tools open would see
/// go wrong: errors in the console, uncaught errors, violations of the content security policy, answers without their headers.
/// </summary>
public sealed class Profile : IAsyncDisposable
{
    public const string UsualPassword = "quiet harbour lantern 47";

    private const string ReportViolations =
        "addEventListener('securitypolicyviolation', e => console.error(`CSP: ${e.violatedDirective} blocked ${e.blockedURI}`));";

    private static readonly string[] _readByScripts = ["theme", "tz", "__Host-theme", "__Host-tz"];

    private readonly IBrowserContext _context;
    private readonly ConcurrentQueue<string> _faults = new();
    private readonly List<string> _foreseen = [];

    private Profile(IBrowserContext context, string host)
    {
        _context = context;
        context.SetDefaultTimeout(Chromium.Patience);
        context.Console += (_, message) =>
        {
            if (message.Type is "error")
            {
                _faults.Enqueue(message.Text);
            }
        };
        context.WebError += (_, error) => _faults.Enqueue(error.Error);
        context.Response += (_, answer) =>
        {
            // Not blob: and data:, which no server answers.
            if (new Uri(answer.Url).Host == host)
            {
                ResponseHeaders.FaultsOf(answer).ToList().ForEach(_faults.Enqueue);
            }
        };
    }

    /// <summary>The first tab.</summary>
    public IPage Page { get; private set; } = default!;

    public IBrowserContext Context => _context;

    /// <summary>Who signed up or logged in here last.</summary>
    public string Email { get; private set; } = "";

    public static async Task<Profile> OpenAsync(Chromium chromium, Uri address, BrowserNewContextOptions? options = null)
    {
        options ??= new();
        options.BaseURL = address.ToString();
        var profile = new Profile(await chromium.NewProfileAsync(options), address.Host);
        await profile._context.AddInitScriptAsync(ReportViolations);
        profile.Page = await profile._context.NewPageAsync();
        return profile;
    }

    /// <summary>Another tab, at this address of the application.</summary>
    public async Task<IPage> NewTabAsync(string path)
    {
        var page = await _context.NewPageAsync();
        await page.GotoAsync(path);
        return page;
    }

    public async Task SignUpAsync(string email)
    {
        Email = email;
        await Page.GotoAsync("account/register");
        await Page.EnterAccountAsync(email, UsualPassword);
        await Page.Button("Sign up").ClickAsync();
        await Page.InteractiveAsync();
    }

    public async Task LogInAsync(string email, string password = UsualPassword)
    {
        Email = email;
        await Page.GotoAsync("account/login");
        await Page.LogInAsync(email, password);
    }

    /// <summary>Browsers report some answers as errors that belong to the journey, such as the 404 of a page that is not there.</summary>
    /// <param name="part">Of the message in the console.</param>
    public void Foresee(string part) => _foreseen.Add(part);

    /// <summary>What went wrong so far; empty if all is well.</summary>
    public async Task<IReadOnlyList<string>> FaultsAsync()
    {
        var open = await _context.CookiesAsync();
        return
        [
            .. _faults.Distinct().Where(fault => !_foreseen.Exists(fault.Contains)),
            .. open.Where(c => !_readByScripts.Contains(c.Name) && !c.HttpOnly).Select(c => $"Scripts can read the cookie {c.Name}"),
            .. open.Where(c => c.SameSite is SameSiteAttribute.None).Select(c => $"Other sites send the cookie {c.Name}"),
        ];
    }

    public async ValueTask DisposeAsync() => await _context.DisposeAsync();
}
