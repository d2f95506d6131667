using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Runtime.Versioning;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.RegularExpressions;
using NexLlm.Dashboard.Tests.TestKit;

namespace NexLlm.Dashboard.Tests.Hosting.Https;

/// <summary>The real program over real TLS, with clients that trust only the test's own root.</summary>
[UnsupportedOSPlatform("windows")]
public sealed partial class HttpsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly TestCertificates _authority = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private string Certificate => _folder.File("live/fullchain.pem");

    private string Key => _folder.File("live/privkey.pem");

    [Fact]
    public async Task A_renewed_certificate_is_served_from_the_next_connection_on_and_the_others_go_on()
    {
        var (first, second, third) = (_authority.Issue(), _authority.Issue(), _authority.Issue());
        Renew(first);
        await using var program = Start();
        var address = await program.ReadyAsync();
        await using var early = await ConnectAsync(address);
        Assert.Equal(first.Serial, early.Serial);
        Assert.Equal("HTTP/1.1 200 OK", await early.AskAsync());

        Renew(second);
        await ServesAsync(address, second);
        Assert.Equal("HTTP/1.1 200 OK", await early.AskAsync());
        await program.SaysAsync($"The renewed certificate in {Certificate} is in use.");

        // The key is another's: what was there stays in use.
        Renew(third with { Key = first.Key });
        await program.SaysAsync("The renewed certificate can't be used, so the previous one stays in use. "
            + $"Https:Key is “{Key}”. The private key doesn't belong to the certificate in {Certificate}");
        await ServesAsync(address, second);

        Renew(third);
        await ServesAsync(address, third);
        Assert.Equal("HTTP/1.1 200 OK", await early.AskAsync());
    }

    [Fact]
    public async Task Browsers_get_only_secure_and_prefixed_cookies_and_are_told_to_stay_with_https()
    {
        Renew(_authority.Issue());
        await using var program = Start(("AllowedHosts", "keys.example.com"));
        var address = await program.ReadyAsync();
        using var http = Client();
        using var page = await SendAsync(http, address, "/account/register", [], null);
        Assert.Equal("max-age=31536000; includeSubDomains", Assert.Single(page.Headers.GetValues("Strict-Transport-Security")));
        var form = AssertPrefixed(page);
        var token = Token().Match(await page.Content.ReadAsStringAsync(Cancellation)).Groups[1].Value;
        Dictionary<string, string> entries = new()
        {
            ["_handler"] = "sign-up",
            ["__RequestVerificationToken"] = token,
            ["Entry.Email"] = "ada@example.com",
            ["Entry.Password"] = "violet harbour tango 73",
        };

        // A neighbouring host could set the cookie by its plain name: it counts for nothing.
        var plain = form.Select(c => c.Replace("__Host-", "", StringComparison.Ordinal)).ToList();
        using var forged = await SendAsync(http, address, "/account/register", plain, entries);
        Assert.Equal(HttpStatusCode.BadRequest, forged.StatusCode);

        using var signedUp = await SendAsync(http, address, "/account/register", form, entries);
        Assert.Equal(HttpStatusCode.Redirect, signedUp.StatusCode);
        var cookies = AssertPrefixed(signedUp);
        Assert.Contains(cookies, c => c.StartsWith("__Host-nexllm.login=", StringComparison.Ordinal));
        using var account = await SendAsync(http, address, "/account", cookies, null);
        Assert.Equal(HttpStatusCode.OK, account.StatusCode);
    }

    [Theory]
    [InlineData("00:00:00", "true", null)]
    [InlineData("730.00:00:00", "false", "max-age=63072000")]
    public async Task For_how_long_browsers_stay_with_https_can_be_set(string maxAge, string subDomains, string? expected)
    {
        await using var app = new NexLlmApp
        {
            Settings = { ["Https:HstsMaxAge"] = maxAge, ["Https:HstsIncludeSubDomains"] = subDomains, ["Proxies:Known:0"] = "127.0.0.1" },
        };
        using var http = app.CreateVisitor();
        using var request = new HttpRequestMessage(HttpMethod.Get, "/account/login") { Headers = { Host = "keys.example.com" } };
        request.Headers.Add("X-Forwarded-Proto", "https");
        request.Headers.Add("X-Forwarded-For", "203.0.113.7");
        using var answer = await http.SendAsync(request, Cancellation);

        Assert.Equal(expected, answer.Headers.TryGetValues("Strict-Transport-Security", out var values) ? Assert.Single(values) : null);
    }

    [Fact]
    public async Task An_expired_certificate_is_a_warning_and_a_missing_one_no_start()
    {
        Renew(_authority.Issue(until: new DateTimeOffset(2021, 1, 1, 0, 0, 0, TimeSpan.Zero)));
        await using (var program = Start())
        {
            await program.ReadyAsync();
            await program.SaysAsync($"The certificate in {Certificate} expired on 2021-01-01 00:00:00Z.");
        }

        File.Delete(Certificate);
        await using var refused = Start();
        var ending = await refused.EndAsync();
        Assert.Equal(1, ending.ExitCode);
        Assert.Contains($"  - Https:Certificate is “{Certificate}”. File not found.", ending.Errors, StringComparison.Ordinal);
    }

    public void Dispose()
    {
        _folder.Dispose();
        _authority.Dispose();
    }

    private ProgramProcess Start(params (string Name, string Value)[] more) => ProgramProcess.Start(
        _folder, ["--urls", "https://127.0.0.1:0"], new Dictionary<string, string>(more.ToDictionary(m => m.Name, m => m.Value))
        {
            ["Https__Certificate"] = Certificate,
            ["Https__Key"] = Key,
            ["Https__CheckInterval"] = "00:00:01",
        });

    /// <summary>As certbot does: new files in an archive, and links that lead to them from now on.</summary>
    private void Renew(PemPair pair)
    {
        var archive = Directory.CreateDirectory(_folder.File($"archive-{Guid.NewGuid():N}")).FullName;
        Directory.CreateDirectory(_folder.File("live"));
        foreach (var (link, text) in new[] { (Certificate, pair.Certificate), (Key, pair.Key) })
        {
            var file = Path.Combine(archive, Path.GetFileName(link));
            File.WriteAllText(file, text);
            File.Delete(link + ".new");
            File.CreateSymbolicLink(link + ".new", file);
            File.Move(link + ".new", link, overwrite: true);
        }
    }

    private async Task ServesAsync(Uri address, PemPair pair)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        patience.CancelAfter(TimeSpan.FromSeconds(60));
        while (true)
        {
            patience.Token.ThrowIfCancellationRequested();
            await using var connection = await ConnectAsync(address);
            Assert.Equal("HTTP/1.1 200 OK", await connection.AskAsync());
            if (connection.Serial == pair.Serial)
            {
                return;
            }
        }
    }

    private static async Task<HttpResponseMessage> SendAsync(
        HttpClient http, Uri address, string path, IEnumerable<string> cookies, Dictionary<string, string>? form)
    {
        using var request = new HttpRequestMessage(form is null ? HttpMethod.Get : HttpMethod.Post, new Uri(address, path));
        request.Headers.Host = "keys.example.com";
        _ = request.Headers.TryAddWithoutValidation("Cookie", string.Join("; ", cookies));
        request.Content = form is null ? null : new FormUrlEncodedContent(form);
        return await http.SendAsync(request, Cancellation);
    }

    /// <summary>The cookies that an answer sets, as the browser sends them back.</summary>
    private static List<string> AssertPrefixed(HttpResponseMessage answer)
    {
        var cookies = answer.Headers.GetValues("Set-Cookie").ToList();
        Assert.NotEmpty(cookies);
        Assert.All(cookies, c =>
        {
            Assert.StartsWith("__Host-", c, StringComparison.Ordinal);
            Assert.Contains("; path=/;", c + ";", StringComparison.Ordinal);
            Assert.Contains("; secure", c, StringComparison.Ordinal);
            Assert.Contains("; httponly", c, StringComparison.Ordinal);
            Assert.DoesNotContain("domain=", c, StringComparison.OrdinalIgnoreCase);
        });
        return [.. cookies.Select(c => c.Split(';')[0])];
    }

    private HttpClient Client() => new(new SocketsHttpHandler
    {
        UseProxy = false,
        UseCookies = false,
        AllowAutoRedirect = false,
        SslOptions = { CertificateChainPolicy = Trust() },
    });

    private X509ChainPolicy Trust() => new()
    {
        TrustMode = X509ChainTrustMode.CustomRootTrust,
        CustomTrustStore = { _authority.Root },
        RevocationMode = X509RevocationMode.NoCheck,
        // The one in between has to come from the server.
        DisableCertificateDownloads = true,
    };

    private async Task<Connection> ConnectAsync(Uri address)
    {
        var socket = new TcpClient();
        await socket.ConnectAsync(IPAddress.Loopback, address.Port, Cancellation);
        var tls = new SslStream(socket.GetStream());
        await tls.AuthenticateAsClientAsync(new SslClientAuthenticationOptions { TargetHost = "localhost", CertificateChainPolicy = Trust() }, Cancellation);
        return new Connection(socket, tls);
    }

    [GeneratedRegex("name=\"__RequestVerificationToken\" value=\"([^\"]+)\"")]
    private static partial Regex Token();

    private sealed class Connection(TcpClient socket, SslStream tls) : IAsyncDisposable
    {
        public string Serial => new X509Certificate2(tls.RemoteCertificate!).SerialNumber;

        /// <summary>The first line of the answer to a health check.</summary>
        public async Task<string> AskAsync()
        {
            await tls.WriteAsync("GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n"u8.ToArray(), Cancellation);
            var buffer = new byte[16_384];
            var read = 0;
            do
            {
                var more = await tls.ReadAsync(buffer.AsMemory(read), Cancellation);
                Assert.NotEqual(0, more);
                read += more;
            }
            while (!Encoding.ASCII.GetString(buffer, 0, read).EndsWith("Healthy\r\n0\r\n\r\n", StringComparison.Ordinal)
                && !Encoding.ASCII.GetString(buffer, 0, read).EndsWith("\r\n\r\nHealthy", StringComparison.Ordinal));
            return Encoding.ASCII.GetString(buffer, 0, read).Split("\r\n")[0];
        }

        public async ValueTask DisposeAsync()
        {
            await tls.DisposeAsync();
            socket.Dispose();
        }
    }
}
