using System.Net.Http.Headers;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using NexLlm.Dashboard.Access;
using NexLlm.Dashboard.Accounts;
using NexLlm.Dashboard.Keys.Policy;
using NexLlm.Dashboard.Usage;

namespace NexLlm.Dashboard.Tests.TestKit;

/// <summary>The real application with one upstream that a test scripts, behind the channel <c>main</c>.</summary>
public sealed class GatewayApp : NexLlmApp
{
    public const string Model = "gpt-4o";

    private GatewayApp(FakeUpstream upstream) => Upstream = upstream;

    public FakeUpstream Upstream { get; }

    public static Task<GatewayApp> StartAsync(params (string Name, string Value)[] settings) => StartAsync(null, settings);

    /// <summary>With its data in a folder that outlives it.</summary>
    public static async Task<GatewayApp> StartAsync(TemporaryFolder? folder, params (string Name, string Value)[] settings)
    {
        var upstream = await FakeUpstream.StartAsync();
        var app = new GatewayApp(upstream) { LastingFolder = folder };
        app.AddChannel(0, "main", upstream.BaseUrl, Model);
        foreach (var (name, value) in settings)
        {
            app.Settings[name] = value;
        }

        return app;
    }

    /// <summary>Declares a channel, before first use.</summary>
    public void AddChannel(int number, string name, string baseUrl, string model, string type = "OpenAI", int priority = 0)
    {
        var section = $"Provisioning:Channels:{number}";
        Settings[$"{section}:Name"] = name;
        Settings[$"{section}:Type"] = type;
        Settings[$"{section}:BaseUrl"] = baseUrl;
        Settings[$"{section}:ApiKey"] = $"provider-key-of-{name}";
        Settings[$"{section}:Models:0"] = model;
        Settings[$"{section}:Priority"] = $"{priority}";
    }

    /// <summary>A program with a key of its own, in an account of its own unless one is named.</summary>
    public async Task<Caller> CreateCallerAsync(Func<KeyPolicy, KeyPolicy>? restrict = null, Actor? owner = null, long? accountLimit = null)
    {
        var actor = owner ?? await this.CreateActorAsync(tokenLimit: accountLimit);
        var created = await this.CreateKeyAsync(actor, $"key-{Guid.NewGuid():N}", restrict);
        return new Caller(this, actor, created.Key.Id, created.Secret.Reveal());
    }

    /// <summary>One of the program's own.</summary>
    public T Service<T>()
        where T : notnull => Services.GetRequiredService<T>();

    /// <summary>The caller's account as the gateway has it in memory.</summary>
    public LiveAccount LiveAccountOf(Caller caller) => Service<AccountDirectory>().FindLoaded(caller.Owner.AccountId!.Value)!;

    /// <summary>Asks again and again until it holds, for half a minute at most. For what happens on other threads, unannounced.</summary>
    public static async Task UntilAsync(Func<Task<bool>> holds)
    {
        using var pace = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (!await holds())
        {
            await pace.WaitForNextTickAsync(patience.Token);
        }
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        await Upstream.DisposeAsync();
    }
}

/// <summary>A program that calls the gateway.</summary>
public sealed class Caller : IDisposable
{
    private readonly GatewayApp _app;

    internal Caller(GatewayApp app, Actor owner, long keyId, string secret)
    {
        _app = app;
        Owner = owner;
        KeyId = keyId;
        Secret = secret;
        Http = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = app.Address };
        Http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", secret);
    }

    public Actor Owner { get; }

    public long KeyId { get; }

    public string Secret { get; }

    /// <summary>Sends the key with every request.</summary>
    public HttpClient Http { get; }

    public static string ChatBody(string model = GatewayApp.Model, string text = "Hi", string more = "") =>
        $$"""{"model":"{{model}}","messages":[{"role":"user","content":"{{text}}"}]{{more}}}""";

    public Task<HttpResponseMessage> ChatAsync(string model = GatewayApp.Model, string text = "Hi", string more = "") =>
        PostAsync("/v1/chat/completions", ChatBody(model, text, more));

    /// <summary>Returns once the answer's head is there.</summary>
    public Task<HttpResponseMessage> PostAsync(string path, string body) => Http.SendAsync(
        new HttpRequestMessage(HttpMethod.Post, path) { Content = new StringContent(body, Encoding.UTF8, "application/json") },
        HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);

    /// <summary>The key's charges, oldest first.</summary>
    public async Task<List<Charge>> ChargesAsync()
    {
        await using var db = await _app.Contexts.CreateDbContextAsync(TestContext.Current.CancellationToken);
        return await db.Set<Charge>().AsNoTracking().Where(c => c.KeyId == KeyId).OrderBy(c => c.Id).ToListAsync(TestContext.Current.CancellationToken);
    }

    /// <summary>The key's only charge, once its request is settled.</summary>
    public async Task<Charge> SettledAsync()
    {
        await GatewayApp.UntilAsync(async () => await ChargesAsync() is [{ State: ChargeState.Settled }]);
        return (await ChargesAsync()).Single();
    }

    public async Task<long> ChargedAsync() => (await ChargesAsync()).Sum(c => c.ChargedTokens);

    public void Dispose() => Http.Dispose();
}
