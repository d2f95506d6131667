using System.Diagnostics;
using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using NexLlm.Dashboard.Access;
using NexLlm.Dashboard.Demo;
using NexLlm.Dashboard.Tests.TestKit;

namespace NexLlm.Dashboard.Benchmarks.KeyList;

/// <summary>The real application, on the real clock, with one account's demo keys among those of nine others.</summary>
internal sealed class Stage : IAsyncDisposable
{
    public const string OwnerEmail = "owner@example.com";

    private const int Others = 9;

    private Stage(NexLlmApp app, Actor owner, int total)
    {
        App = app;
        Owner = owner;
        Total = total;
    }

    public NexLlmApp App { get; }

    public Actor Owner { get; }

    /// <summary>Keys in the whole database.</summary>
    public int Total { get; }

    public static async Task<Stage> FillAsync(int own, int total)
    {
        var app = new NexLlmApp { ConfigureServices = services => services.Replace(ServiceDescriptor.Singleton(TimeProvider.System)) };
        var demo = app.Services.GetRequiredService<DemoData>();
        var owner = await app.CreateActorAsync(OwnerEmail, tokenLimit: null);
        var watch = Stopwatch.StartNew();
        await demo.FillAsync(owner.AccountId!.Value, own, seed: 1);
        for (var other = 0; other < Others && total > own; other++)
        {
            await demo.FillAsync((await app.CreateActorAsync()).AccountId!.Value, (total - own) / Others, seed: 2 + other);
        }

        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"Filled {total:N0} keys, {own:N0} of them in one account, in {watch.Elapsed:mm\\:ss}."));
        return new Stage(app, owner, total);
    }

    public ValueTask DisposeAsync() => App.DisposeAsync();
}
