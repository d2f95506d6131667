using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;
using NexLlm.Dashboard.Tests.TestKit;

namespace NexLlm.Dashboard.Tests.Accounts;

/// <summary>A browser without scripts that fills in the account pages' forms. Redirects are answers to look at.</summary>
public sealed partial class AccountVisitor : IDisposable
{
    public const string Password = "seven green umbrellas";

    private readonly HttpClient _http;

    /// <param name="app">The application it visits.</param>
    /// <param name="from">The address it comes from, of 127.0.0.0/8.</param>
    public AccountVisitor(NexLlmApp app, IPAddress? from = null)
        : this(app.Address, from)
    {
    }

    /// <param name="address">Of the server that it visits.</param>
    /// <param name="from">The address it comes from, of 127.0.0.0/8.</param>
    public AccountVisitor(Uri address, IPAddress? from = null)
    {
        var handler = new SocketsHttpHandler { AllowAutoRedirect = false, CookieContainer = Cookies, UseProxy = false };
        if (from is not null)
        {
            handler.ConnectCallback = async (context, cancellation) =>
            {
                var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
                socket.Bind(new IPEndPoint(from, 0));
                // A provider that it is sent to has a loopback address of its own.
                var host = IPAddress.TryParse(context.DnsEndPoint.Host, out var own) ? own : IPAddress.Loopback;
                await socket.ConnectAsync(new IPEndPoint(host, context.DnsEndPoint.Port), cancellation);
                return new NetworkStream(socket, ownsSocket: true);
            };
        }

        _http = new HttpClient(handler) { BaseAddress = address };
        _http.DefaultRequestHeaders.UserAgent.ParseAdd("Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/149.0.0.0 Safari/537.36");
    }

    public CookieContainer Cookies { get; } = new();

    public Task<HttpResponseMessage> GetAsync(string path) => _http.GetAsync(path, TestContext.Current.CancellationToken);

    public async Task<string> ReadAsync(string path) =>
        await (await GetAsync(path)).Content.ReadAsStringAsync(TestContext.Current.CancellationToken);

    /// <summary>Opens the page, fills its form in and sends it.</summary>
    public async Task<HttpResponseMessage> SubmitAsync(string path, string form, params (string Name, string Value)[] entries)
    {
        var (action, values) = await PrepareAsync(path, form, entries);
        return await PostAsync(action, values);
    }

    /// <summary>Opens the page and fills in the form that has <paramref name="form"/> in it.</summary>
    public async Task<(string Action, Dictionary<string, string> Values)> PrepareAsync(
        string path, string form, params (string Name, string Value)[] entries)
    {
        var page = await ReadAsync(path);
        var shown = Forms().Matches(page).Select(f => f.Value).Single(f => f.Contains($"\"{form}\"", StringComparison.Ordinal));
        var values = Hidden().Matches(shown).Select(h => h.Value).Where(h => h.Contains(" name=", StringComparison.Ordinal))
            .ToDictionary(h => Attribute(h, "name"), h => WebUtility.HtmlDecode(Attribute(h, "value")));
        foreach (var (name, value) in entries)
        {
            values[name] = value;
        }

        return (WebUtility.HtmlDecode(Attribute(shown, "action")), values);
    }

    /// <summary>Where an answer leads to; null unless it is a redirect within the site.</summary>
    public static string? Target(HttpResponseMessage answer) =>
        answer is { StatusCode: HttpStatusCode.Redirect, Headers.Location: { } to, RequestMessage.RequestUri: { } from }
        && new Uri(from, to) is var target && target.Authority == from.Authority
            ? target.PathAndQuery
            : null;

    /// <summary>A page without what differs from one request to the next by design.</summary>
    public static string WithoutTokens(string page) => Tokens().Replace(page, "");

    public async Task<HttpResponseMessage> PostAsync(string path, IEnumerable<KeyValuePair<string, string>> values) =>
        await _http.PostAsync(path, new FormUrlEncodedContent(values), TestContext.Current.CancellationToken);

    public Task<HttpResponseMessage> SignUpAsync(string email, string password = Password) =>
        SubmitAsync("/account/register", "sign-up", ("Entry.Email", email), ("Entry.Password", password));

    public Task<HttpResponseMessage> LogInAsync(string email, string password = Password, string returnUrl = "/") =>
        SubmitAsync($"/account/login?returnUrl={Uri.EscapeDataString(returnUrl)}", "log-in", ("Entry.Email", email), ("Entry.Password", password));

    public void Dispose() => _http.Dispose();

    private static string Attribute(string tag, string name) => Regex.Match(tag, $" {name}=\"([^\"]*)\"").Groups[1].Value;

    [GeneratedRegex("<form .*?</form>", RegexOptions.Singleline)]
    private static partial Regex Forms();

    [GeneratedRegex("CfDJ8[A-Za-z0-9+/=_-]+")]
    private static partial Regex Tokens();

    [GeneratedRegex("<input type=\"hidden\"[^>]*>")]
    private static partial Regex Hidden();
}
