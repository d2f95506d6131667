using System.Text.Json;
using NexLlm.Dashboard.Components.Keys.Examples;
using NexLlm.Dashboard.Tests.TestKit;
using Example = NexLlm.Dashboard.Components.Keys.Examples.Snippet;

namespace NexLlm.Dashboard.Tests.Clients;

/// <summary>A gateway for the tests of one class, with the built-in models and one of each dialect that a test scripts.</summary>
public sealed class ClientGateway : IAsyncLifetime
{
    public const string Claude = "claude-9";

    public GatewayApp App { get; private set; } = default!;

    public async ValueTask InitializeAsync()
    {
        App = await GatewayApp.StartAsync();
        App.AddChannel(1, "anthropic", App.Upstream.BaseUrl, Claude, type: "Anthropic");
    }

    public ValueTask DisposeAsync() => App.DisposeAsync();
}

/// <summary>Runs a client in a home of its own, set up by the very text that the pages show for it.</summary>
public abstract class ClientTest(ClientGateway gateway) : IClassFixture<ClientGateway>, IDisposable
{
    protected const string Echo = "nexllm-echo";

    protected GatewayApp App => gateway.App;

    internal TemporaryFolder Home { get; } = new();

    protected static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    protected Task<Caller> CallerAsync(long? quota = null) => App.CreateCallerAsync(policy => policy with { TokenLimit = quota });

    /// <summary>What the reveal page shows, the key filled in.</summary>
    /// <param name="name">Of its tab.</param>
    protected static string Snippet(Caller caller, string name, ExampleModels? models = null) =>
        Example.All($"{caller.Http.BaseAddress}v1", models ?? new(Echo, Echo, Echo), caller.Secret).Single(s => s.Name == name).Text;

    /// <summary>Runs a scenario of a script with the <c>.env</c> of the pages; answers the JSON that it prints.</summary>
    protected async Task<JsonElement> RunAsync(Caller caller, string script, string scenario, ExampleModels? models = null)
    {
        await File.WriteAllTextAsync(Home.File(".env"), Snippet(caller, Example.Env, models), Cancellation);
        return JsonDocument.Parse(await ClientPrograms.RunScriptAsync(Home, script, scenario)).RootElement;
    }

    public void Dispose()
    {
        Home.Dispose();
        GC.SuppressFinalize(this);
    }
}
