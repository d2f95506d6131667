using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using NexLlm.Dashboard.Access;
using NexLlm.Dashboard.Demo;
using NexLlm.Dashboard.Logs;
using NexLlm.Dashboard.Tests.TestKit;

namespace NexLlm.Dashboard.Benchmarks.Logs;

/// <summary>The real application, on the real clock, with a log of so many lines.</summary>
internal sealed class LogStage : IAsyncDisposable
{
    private readonly TemporaryFolder _folder;

    private LogStage(NexLlmApp app, TemporaryFolder folder, Actor owner, Actor administrator)
    {
        _folder = folder;
        App = app;
        Owner = owner;
        Administrator = administrator;
    }

    public NexLlmApp App { get; }

    /// <summary>Of the account that makes most requests.</summary>
    public Actor Owner { get; }

    public Actor Administrator { get; }

    public RequestLog Log => App.Services.GetRequiredService<RequestLog>();

    public static async Task<LogStage> FillAsync(int lines)
    {
        var folder = new TemporaryFolder();
        Actor owner, administrator;
        await using (var first = Application(folder))
        {
            administrator = await first.CreateActorAsync(administrator: true);
            owner = await first.CreateActorAsync(tokenLimit: null);
            await first.Services.GetRequiredService<DemoData>().FillAsync(owner.AccountId!.Value, LogDatabase.Keys, seed: 1);
        }

        LogDatabase.Fill(folder.File("nexllm-log.db"), lines, owner.AccountId!.Value);
        var app = Application(folder);
        _ = app.Address;
        return new LogStage(app, folder, owner, administrator);
    }

    public async ValueTask DisposeAsync()
    {
        await App.DisposeAsync();
        _folder.Dispose();
    }

    private static NexLlmApp Application(TemporaryFolder folder) => new()
    {
        LastingFolder = folder,
        ConfigureServices = services => services.Replace(ServiceDescriptor.Singleton(TimeProvider.System)),
    };
}
