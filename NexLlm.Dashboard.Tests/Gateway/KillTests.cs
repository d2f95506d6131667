using System.Collections.Concurrent;
using System.Net.Http.Headers;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using NexLlm.Dashboard.Logs.Writing;
using NexLlm.Dashboard.Tests.TestKit;
using NexLlm.Dashboard.Usage;

namespace NexLlm.Dashboard.Tests.Gateway;

/// <summary>The real program, killed as by kill -9 at the worst moments while programs call it: nothing acknowledged is lost, nothing is charged twice.</summary>
[Collection(Undisturbed.Name)]
public sealed class KillTests : IAsyncLifetime
{
    private const int Clients = 8;
    private const int MostCalls = 5_000;
    private const int Prompt = 10;
    private const int Completion = 3;

    private readonly TemporaryFolder _folder = new();
    private FakeUpstream _upstream = null!;
    private string _secret = "";
    private long _keyId;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private Dictionary<string, string> Settings => new()
    {
        ["ConnectionStrings__NexLlm"] = $"Data Source={_folder.File("nexllm.db")}",
        ["Provisioning__Channels__0__Name"] = "main",
        ["Provisioning__Channels__0__Type"] = "OpenAI",
        ["Provisioning__Channels__0__BaseUrl"] = _upstream.BaseUrl,
        ["Provisioning__Channels__0__Models__0"] = GatewayApp.Model,
    };

    public async ValueTask InitializeAsync()
    {
        _upstream = await FakeUpstream.StartAsync();
        var whole = FakeUpstream.ChatOf("one two three", Prompt, Completion);
        var streamed = FakeUpstream.ChatStreamOf(["one", " two", " three"], Prompt, Completion);
        _upstream.Answer = http => FakeUpstream.BodyOf(http).Contains("\"stream\"", StringComparison.Ordinal) ? streamed(http) : whole(http);
        await using var app = App();
        var created = await app.CreateKeyAsync(await app.CreateActorAsync(tokenLimit: 100_000_000), "killed", policy => policy with { TokenLimit = 50_000_000 });
        (_keyId, _secret) = (created.Key.Id, created.Secret.Reveal());
    }

    public async ValueTask DisposeAsync()
    {
        await _upstream.DisposeAsync();
        _folder.Dispose();
    }

    [Theory]
    [InlineData("after_reserve", 20)]
    [InlineData("before_insert_commit", 40)]
    [InlineData("after_insert_commit", 40)]
    [InlineData("before_settle_commit", 40)]
    [InlineData("after_settle_commit", 40)]
    [InlineData("before_flush_commit", 1)]
    [InlineData("after_flush_commit", 1)]
    [InlineData("before_log_commit", 1)]
    [InlineData("after_first_byte", 20)]
    [InlineData("before_done", 20)]
    public async Task Killed_at_a_named_point_it_has_charged_all_that_it_answered_and_nothing_twice(string point, int nth)
    {
        var seen = new Seen();
        await using (var program = ProgramProcess.Start(_folder, settings: new Dictionary<string, string>(Settings) { ["NEXLLM_FAILPOINT"] = $"{point}:{nth}" }))
        {
            await LoadAsync(await program.ReadyAsync(), seen, () => false);
            await program.EndAsync();
        }

        await ExpectSoundAsync(seen);
    }

    [Fact]
    public async Task Killed_at_any_moment_under_load_again_and_again_it_stays_sound()
    {
        var seen = new Seen();
        var random = new Random(20_261_123);
        for (var round = 0; round < Scale.Of(4, 200); round++)
        {
            await using var program = ProgramProcess.Start(_folder, settings: Settings);
            var until = seen.Complete.Count + random.Next(1, 400);
            var killing = new TaskCompletionSource();
            var load = LoadAsync(await program.ReadyAsync(), seen, () => seen.Complete.Count >= until && killing.TrySetResult());
            await killing.Task.WaitAsync(TimeSpan.FromSeconds(60), Cancellation);
            await program.KillAsync();
            await load;
        }

        await ExpectSoundAsync(seen);
    }

    /// <summary>On the real clock, as the program that is killed: to the other, today's charges are old enough to be pruned.</summary>
    private NexLlmApp App() => new()
    {
        LastingFolder = _folder,
        ConfigureServices = services => services.Replace(ServiceDescriptor.Singleton(TimeProvider.System)),
    };

    /// <summary>Calls until the program is gone.</summary>
    private async Task LoadAsync(Uri address, Seen seen, Func<bool> onAnswer)
    {
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = address };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", _secret);
        await Task.WhenAll(Enumerable.Range(0, Clients).Select(client => Task.Run(async () =>
        {
            for (var i = client; await CallAsync(http, streamed: i % 2 == 0, seen); i++)
            {
                onAnswer();
                Assert.True(i < MostCalls, "The program was never killed.");
            }
        })));
    }

    private static async Task<bool> CallAsync(HttpClient http, bool streamed, Seen seen)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/chat/completions")
        {
            Content = new StringContent(Caller.ChatBody(more: streamed ? ",\"stream\":true,\"max_tokens\":50" : ",\"max_tokens\":50"), Encoding.UTF8, "application/json"),
        };
        try
        {
            using var answer = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Cancellation);
            answer.EnsureSuccessStatusCode();
            var id = answer.Headers.GetValues("x-request-id").Single();
            await using var body = await answer.Content.ReadAsStreamAsync(Cancellation);
            var buffer = new byte[8_192];
            var length = 0;
            while (await body.ReadAsync(buffer.AsMemory(length), Cancellation) is > 0 and var read)
            {
                seen.Begun.TryAdd(id, 0);
                length += read;
            }

            if (!streamed || Encoding.UTF8.GetString(buffer, 0, length).Contains("[DONE]", StringComparison.Ordinal))
            {
                seen.Complete.Add(id);
            }

            return true;
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            return false;
        }
    }

    private async Task ExpectSoundAsync(Seen seen)
    {
        Assert.NotEmpty(seen.Begun);
        await using (var restarted = ProgramProcess.Start(_folder, settings: Settings))
        {
            await restarted.ReadyAsync();
            var verify = await ProgramProcess.Start(_folder, ["verify"], Settings).EndAsync();
            Assert.True(verify.ExitCode == 0, verify.Output + verify.Errors);
        }

        await using var app = App();
        await using var db = await app.Contexts.CreateDbContextAsync(Cancellation);
        var charges = await db.Set<Charge>().AsNoTracking().Where(c => c.KeyId == _keyId).ToListAsync(Cancellation);
        var byId = charges.ToDictionary(c => c.RequestId);
        Assert.DoesNotContain(charges, c => c.State is ChargeState.Reserved || c.ReservedTokens != 0);
        Assert.DoesNotContain(seen.Begun.Keys, id => !byId.ContainsKey(id));
        Assert.All(
            seen.Complete.Select(id => byId[id]),
            charge => Assert.Equal((ChargeState.Settled, Prompt, Completion), (charge.State, charge.InputTokens, charge.OutputTokens)));
        var key = await db.Set<Dashboard.Keys.ApiKey>().SingleAsync(k => k.Id == _keyId, Cancellation);
        Assert.Equal(charges.Sum(c => c.ChargedTokens), key.UsedTokens);
        await ExpectLoggedAsync(app, charges);
    }

    /// <summary>The log adds up to the charges too: each has one line.</summary>
    private static async Task ExpectLoggedAsync(NexLlmApp app, IEnumerable<Charge> charges)
    {
        _ = app.Address;
        await app.Services.GetRequiredService<LogRecovery>().Done;
        var charged = charges.Where(c => c.State is not ChargeState.Abandoned).ToList();

        Assert.Equal(charged.Count, app.AskLog("SELECT count(*) FROM Lines WHERE ChargeId IS NOT NULL"));
        Assert.Equal(charged.Count, app.AskLog("SELECT count(DISTINCT ChargeId) FROM Lines"));
        Assert.Equal(charged.Sum(c => c.ChargedTokens), app.AskLog("SELECT sum(ChargedTokens) FROM Lines"));
    }

    /// <summary>What clients saw, by request id.</summary>
    private sealed class Seen
    {
        /// <summary>At least a byte of the answer.</summary>
        public ConcurrentDictionary<string, byte> Begun { get; } = [];

        /// <summary>All of it.</summary>
        public ConcurrentBag<string> Complete { get; } = [];
    }
}
