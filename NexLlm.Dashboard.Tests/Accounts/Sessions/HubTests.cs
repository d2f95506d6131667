using System.Net;
using System.Net.WebSockets;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using NexLlm.Dashboard.Access;
using NexLlm.Dashboard.Accounts.Sessions;
using NexLlm.Dashboard.Tests.TestKit;

namespace NexLlm.Dashboard.Tests.Accounts.Sessions;

public sealed class HubTests
{
    private static readonly CancellationToken _cancellation = TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("POST", "/_blazor/negotiate?negotiateVersion=1")]
    [InlineData("GET", "/_blazor/initializers")]
    [InlineData("POST", "/_blazor/disconnect")]
    [InlineData("GET", "/_blazor?id=x")]
    [InlineData("DELETE", "/_blazor?id=x")]
    public async Task Whoever_is_not_logged_in_is_401_everywhere_on_the_hub(string method, string path)
    {
        await using var app = new NexLlmApp();
        using var http = new HttpClient { BaseAddress = app.Address };
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        request.Headers.Add("Origin", Origin(app));

        Assert.Equal(HttpStatusCode.Unauthorized, (await http.SendAsync(request, _cancellation)).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, await RefusedAsync(app, cookies: null, Origin(app)));
    }

    [Fact]
    public async Task A_page_of_another_origin_or_of_none_is_403()
    {
        await using var app = new NexLlmApp();
        using var visitor = new AccountVisitor(app);
        await visitor.SignUpAsync("ada@example.com");
        var own = app.Address;

        foreach (var origin in (string?[])
            ["https://evil.example", "null", $"https://{own.Authority}", $"http://{own.Host}:{own.Port + 1}", $"http://{own.Authority}.evil.example",
             $"http://evil.example/{own.Authority}", $"http://user@{own.Authority}", null])
        {
            Assert.Equal((origin, HttpStatusCode.Forbidden), (origin, await RefusedAsync(app, visitor.Cookies, origin)));
        }

        Assert.Equal(HttpStatusCode.Forbidden, (await visitor.PostAsync("/_blazor/negotiate?negotiateVersion=1", [])).StatusCode);
        using var socket = await ConnectAsync(app, visitor.Cookies);
        Assert.Equal(WebSocketState.Open, socket.State);
    }

    [Fact]
    public async Task One_tab_too_many_is_refused_until_another_closes()
    {
        await using var app = new NexLlmApp { Settings = { ["Accounts:TabsPerAccount"] = "2", ["Accounts:Tabs"] = "3" } };
        using var ada = new AccountVisitor(app);
        using var bob = new AccountVisitor(app);
        await ada.SignUpAsync("ada@example.com");
        await bob.SignUpAsync("bob@example.com");

        using var first = await TabAsync(app, "ada@example.com");
        var second = await TabAsync(app, "ada@example.com");
        Assert.Equal(HttpStatusCode.TooManyRequests, await RefusedAsync(app, ada.Cookies, Origin(app)));
        Assert.Equal(HubGuard.TooManyTabsPath, AccountVisitor.Target(await ada.GetAsync("/keys")));
        Assert.Equal(HttpStatusCode.TooManyRequests, (await ada.GetAsync(HubGuard.TooManyTabsPath)).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await ada.GetAsync("/account")).StatusCode);

        using var others = await TabAsync(app, "bob@example.com");
        Assert.Equal(HttpStatusCode.ServiceUnavailable, await RefusedAsync(app, bob.Cookies, Origin(app)));
        second.Dispose();
        using var again = await ConnectAsync(app, bob.Cookies);
    }

    [Fact]
    public async Task Sockets_without_a_circuit_take_nobody_s_place_and_are_few_and_short_lived()
    {
        await using var app = new NexLlmApp { Settings = { ["Accounts:Tabs"] = "30" } };
        var sockets = new List<ClientWebSocket>();
        for (var account = 0; account < 3; account++)
        {
            using var hostile = new AccountVisitor(app);
            await hostile.SignUpAsync($"hostile{account}@example.com");
            for (var i = 0; i < LiveConnections.WaitingPerAccount; i++)
            {
                sockets.Add(await ConnectAsync(app, hostile.Cookies));
            }

            Assert.Equal(HttpStatusCode.TooManyRequests, await RefusedAsync(app, hostile.Cookies, Origin(app)));
        }

        using var honest = new AccountVisitor(app);
        await honest.SignUpAsync("honest@example.com");
        Assert.Equal(HttpStatusCode.OK, (await honest.GetAsync("/keys")).StatusCode);
        using var tab = await ConnectAsync(app, honest.Cookies);

        app.Clock.Advance(LiveConnections.TimeToBegin);
        await Task.WhenAll(sockets.Append(tab).Select(ClosedAsync));
        sockets.ForEach(socket => socket.Dispose());
    }

    [Fact]
    public async Task When_everybody_else_s_places_are_taken_an_administrator_still_gets_one()
    {
        await using var app = new NexLlmApp { Settings = { ["Accounts:Tabs"] = "20", ["Accounts:TabsForAdministrators"] = "2" } };
        using var root = new AccountVisitor(app);
        using var ada = new AccountVisitor(app);
        await root.SignUpAsync("root@example.com");
        await ada.SignUpAsync("ada@example.com");
        await using (var db = await app.Contexts.CreateDbContextAsync(_cancellation))
        {
            await TestAccounts.MakeAdministratorAsync(db, (await db.Users.SingleAsync(a => a.Email == "root@example.com", _cancellation)).Id);
        }

        var tabs = new List<IDisposable>();
        for (var i = 0; i < 18; i++)
        {
            tabs.Add(await TabAsync(app, "ada@example.com"));
        }

        Assert.Equal(HttpStatusCode.ServiceUnavailable, await RefusedAsync(app, ada.Cookies, Origin(app)));
        Assert.Equal(HubGuard.TooManyTabsPath, AccountVisitor.Target(await ada.GetAsync("/keys")));
        Assert.Equal(HttpStatusCode.OK, (await root.GetAsync("/keys")).StatusCode);
        using var administrators = await ConnectAsync(app, root.Cookies);
        tabs.ForEach(tab => tab.Dispose());
    }

    [Fact]
    public async Task One_address_cannot_take_every_place_and_another_still_gets_in()
    {
        await using var app = new NexLlmApp { Settings = { ["Accounts:TabsPerAddress"] = "3" } };
        await app.SignUpAsync("ada@example.com");
        await app.SignUpAsync("bob@example.com");
        var connections = app.Services.GetRequiredService<LiveConnections>();
        var ada = await app.ActorOfAsync("ada@example.com") with { Address = new IPAddress([0x20, 1, 0xd, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1]) };
        var bob = await app.ActorOfAsync("bob@example.com");

        for (var i = 0; i < 3; i++)
        {
            Assert.Null(connections.Open(ada, () => { }, asAdministrator: false, out _)!.Begin(asAdministrator: false));
        }

        Assert.Equal(LiveConnections.Rejection.AddressFull, connections.Refuses(bob with { Address = new IPAddress([0x20, 1, 0xd, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2]) }));
        Assert.Null(connections.Refuses(bob));
        Assert.Null(connections.Refuses(ada, asAdministrator: true));
    }

    [Fact]
    public async Task A_login_that_ends_here_closes_its_tabs_at_once_and_lets_none_back()
    {
        await using var app = new NexLlmApp();
        using var visitor = new AccountVisitor(app);
        await visitor.SignUpAsync("ada@example.com");
        var cookies = Copy(visitor.Cookies, app);
        var tabs = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => ConnectAsync(app, cookies)));

        await visitor.SubmitAsync("/account", "/account/logout");
        app.Clock.Advance(LiveConnections.Farewell);

        await Task.WhenAll(tabs.Select(ClosedAsync));
        Assert.Equal(HttpStatusCode.Unauthorized, await RefusedAsync(app, cookies, Origin(app)));
    }

    [Theory]
    [InlineData("ended")]
    [InlineData("disabled")]
    [InlineData("expired")]
    public async Task A_login_that_ends_elsewhere_closes_its_tabs_within_a_minute_and_nobody_else_s(string how)
    {
        await using var app = new NexLlmApp();
        using var ada = new AccountVisitor(app);
        using var bob = new AccountVisitor(app);
        await ada.SignUpAsync("ada@example.com");
        await bob.SignUpAsync("bob@example.com");
        using var tab = await ConnectAsync(app, ada.Cookies);
        using var others = await ConnectAsync(app, bob.Cookies);

        await using (var db = await app.Contexts.CreateDbContextAsync(_cancellation))
        {
            var account = await db.Users.SingleAsync(a => a.Email == "ada@example.com", _cancellation);
            var session = await db.Set<LoginSession>().SingleAsync(s => s.AccountId == account.Id, _cancellation);
            _ = how switch
            {
                "ended" => session.EndedAt = app.Clock.GetUtcNow(),
                "expired" => session.ExpiresAt = app.Clock.GetUtcNow(),
                _ => account.DisabledAt = app.Clock.GetUtcNow(),
            };
            await db.SaveChangesAsync(_cancellation);
        }

        var noticed = new TaskCompletionSource();
        app.Services.GetRequiredService<LiveConnections>().Ended += _ => noticed.TrySetResult();
        app.Clock.Advance(SessionWatcher.Period);
        await noticed.Task.WaitAsync(_cancellation);
        app.Clock.Advance(LiveConnections.Farewell);

        await ClosedAsync(tab);
        Assert.True(SessionWatcher.Period + LiveConnections.Farewell < TimeSpan.FromSeconds(60));
        Assert.Equal(WebSocketState.Open, others.State);
    }

    [Fact]
    public async Task The_end_of_a_login_makes_its_tabs_see_a_visitor_and_no_other_s()
    {
        await using var app = new NexLlmApp();
        var ada = await app.SignUpAsync("ada@example.com");
        var bob = await app.SignUpAsync("bob@example.com");
        using var adas = new SessionAuthenticationStateProvider(app.Services.GetRequiredService<LiveConnections>());
        using var bobs = new SessionAuthenticationStateProvider(app.Services.GetRequiredService<LiveConnections>());
        adas.SetAuthenticationState(CircuitOwnersTests.StateOf(ada.AccountId, ada.Login!.SessionId));
        bobs.SetAuthenticationState(CircuitOwnersTests.StateOf(bob.AccountId, bob.Login!.SessionId));

        await app.Services.GetRequiredService<SessionService>().LogOutAsync(new Actor(ada.AccountId, ada.Login.SessionId, null), _cancellation);

        Assert.Null((await adas.GetAuthenticationStateAsync()).User.ToActor(null));
        Assert.NotNull((await bobs.GetAuthenticationStateAsync()).User.ToActor(null));
    }

    /// <summary>A tab of this person, as one with a circuit counts.</summary>
    private static async Task<IDisposable> TabAsync(NexLlmApp app, string email)
    {
        var connection = app.Services.GetRequiredService<LiveConnections>().Open(
            await app.ActorOfAsync(email), () => { }, asAdministrator: false, out var refusal);
        Assert.Null(refusal);
        Assert.Null(connection!.Begin(asAdministrator: false));
        return connection;
    }

    private static async Task<ClientWebSocket> ConnectAsync(NexLlmApp app, CookieContainer cookies)
    {
        var socket = NewSocket(cookies, Origin(app));
        await socket.ConnectAsync(Hub(app), _cancellation);
        return socket;
    }

    /// <summary>The status with which the hub refuses a connection.</summary>
    private static async Task<HttpStatusCode> RefusedAsync(NexLlmApp app, CookieContainer? cookies, string? origin)
    {
        using var socket = NewSocket(cookies, origin);
        await Assert.ThrowsAsync<WebSocketException>(() => socket.ConnectAsync(Hub(app), _cancellation));
        return socket.HttpStatusCode;
    }

    private static ClientWebSocket NewSocket(CookieContainer? cookies, string? origin)
    {
        var socket = new ClientWebSocket { Options = { Cookies = cookies, CollectHttpResponseDetails = true, Proxy = null } };
        if (origin is not null)
        {
            socket.Options.SetRequestHeader("Origin", origin);
        }

        return socket;
    }

    private static async Task ClosedAsync(ClientWebSocket socket)
    {
        try
        {
            while ((await socket.ReceiveAsync(new byte[4096], _cancellation)).MessageType is not WebSocketMessageType.Close)
            {
            }
        }
        catch (WebSocketException)
        {
            // Cut without a farewell, which is as closed.
        }
    }

    private static CookieContainer Copy(CookieContainer cookies, NexLlmApp app)
    {
        var copy = new CookieContainer();
        copy.Add(cookies.GetCookies(app.Address));
        return copy;
    }

    private static string Origin(NexLlmApp app) => app.Address.GetLeftPart(UriPartial.Authority);

    private static Uri Hub(NexLlmApp app) => new UriBuilder(app.Address) { Scheme = "ws", Path = "/_blazor" }.Uri;
}
