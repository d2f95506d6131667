using System.Collections.Concurrent;
using System.Net.Http.Headers;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using NexLlm.Dashboard.Audit;
using NexLlm.Dashboard.Backups;
using NexLlm.Dashboard.Keys;
using NexLlm.Dashboard.Tests.TestKit;
using NexLlm.Dashboard.Usage;

namespace NexLlm.Dashboard.Tests.Backups;

/// <summary>The commands as an operator runs them, on the real program.</summary>
[Collection(Undisturbed.Name)]
public sealed class BackupTests : IAsyncLifetime
{
    private const int Clients = 6;

    private readonly TemporaryFolder _folder = new();
    private Actor _owner = null!;
    private CreateOutcome.Created _key = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private string File => _folder.File("safe.db");

    public async ValueTask InitializeAsync()
    {
        await using var app = App();
        _owner = await app.CreateActorAsync("ada@example.com", tokenLimit: 100_000_000);
        _key = await app.CreateKeyAsync(_owner, "production-app");
    }

    public ValueTask DisposeAsync()
    {
        _folder.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task A_backup_made_under_load_holds_all_that_was_acknowledged_before_and_its_ledger_is_sound()
    {
        var acknowledged = new ConcurrentQueue<string>();
        string[] before;
        await using (var program = Start())
        {
            using var enough = new CancellationTokenSource();
            var load = LoadAsync(await program.ReadyAsync(), acknowledged, enough.Token);
            await GatewayApp.UntilAsync(() => Task.FromResult(acknowledged.Count > 200));
            before = [.. acknowledged];
            var backup = await RunAsync("backup", File);
            Assert.True(backup.ExitCode == 0, backup.Errors);
            await enough.CancelAsync();
            await load;
            Assert.True(acknowledged.Count > before.Length, "Nothing was answered while the backup was made.");
            await program.StopAsync();
        }

        var restored = await RunAsync("restore", File);

        Assert.True(restored.ExitCode == 0, restored.Errors);
        Assert.Contains("The ledger is in order", restored.Output, StringComparison.Ordinal);
        await using var app = App();
        await using var db = await app.Contexts.CreateDbContextAsync(Cancellation);
        var charges = await db.Set<Charge>().AsNoTracking().ToListAsync(Cancellation);
        Assert.Empty(before.Except(charges.Select(c => c.RequestId)));
        Assert.DoesNotContain(charges, c => c.State is ChargeState.Dispatched || c.ReservedTokens != 0);
        Assert.Equal(charges.Sum(c => c.ChargedTokens), (await db.Set<ApiKey>().SingleAsync(k => k.Id == _key.Key.Id, Cancellation)).UsedTokens);
        Assert.Single(Directory.GetFiles(_folder.Path, "nexllm.db.replaced-*"), f => !f.EndsWith("-wal", StringComparison.Ordinal) && !f.EndsWith("-shm", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Restoring_names_the_keys_that_were_stopped_since_and_work_again()
    {
        Assert.Equal(0, (await RunAsync("backup", File)).ExitCode);
        await using (var app = App())
        {
            await app.Keys.DeleteAsync(_owner, [_key.Key.Id], Cancellation);
        }

        var restored = await RunAsync("restore", File);

        Assert.Contains("WORK AGAIN", restored.Output, StringComparison.Ordinal);
        Assert.Contains($"{_key.Key.DisplayForm}  production-app, of ada@example.com", restored.Output, StringComparison.Ordinal);
        await using var again = App();
        Assert.NotNull(await again.Keys.FindAsync(_owner, _key.Key.Id, Cancellation));
    }

    [Fact]
    public async Task After_a_restore_nobody_sees_the_requests_of_an_account_that_is_not_there_yet()
    {
        Assert.Equal(0, (await RunAsync("backup", File)).ExitCode);
        await using (var app = App())
        {
            var later = await app.CreateActorAsync();
            app.AddLine(TimeSpan.Zero, line => line with { AccountId = later.AccountId, Model = "hers" });
            Assert.Single(await app.LinesAsync(later));
        }

        Assert.Equal(0, (await RunAsync("restore", File)).ExitCode);

        await using var again = App();
        var other = await again.CreateActorAsync();
        Assert.Empty(await again.LinesAsync(other));
        Assert.Single(Directory.GetFiles(_folder.Path, "nexllm-log.db.replaced-*"), f => !f.EndsWith("-wal", StringComparison.Ordinal) && !f.EndsWith("-shm", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_backup_holds_no_secret_and_belongs_to_its_owner_alone()
    {
        Assert.Equal(0, (await RunAsync("backup", File)).ExitCode);

        var bytes = Encoding.Latin1.GetString(await System.IO.File.ReadAllBytesAsync(File, Cancellation));
        var secret = _key.Secret.Reveal();
        Assert.DoesNotContain(secret, bytes, StringComparison.Ordinal);
        Assert.DoesNotContain(Convert.ToHexString(Encoding.ASCII.GetBytes(secret)), bytes, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain(Convert.ToBase64String(Encoding.ASCII.GetBytes(secret))[..40], bytes, StringComparison.Ordinal);
        Assert.DoesNotContain((await System.IO.File.ReadAllTextAsync(_folder.File("master.key"), Cancellation)).Trim(), bytes, StringComparison.Ordinal);
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, System.IO.File.GetUnixFileMode(File));
        }
    }

    [Fact]
    public async Task A_file_that_is_no_backup_is_refused_and_nothing_changes()
    {
        await System.IO.File.WriteAllTextAsync(File, "Not a database, but long enough to be taken for the beginning of one.", Cancellation);

        var refused = await RunAsync("restore", File);

        Assert.Equal((1, $"{File} is no database of this program. Nothing was changed."), (refused.ExitCode, refused.Errors.Trim()));
        Assert.Equal($"{_folder.File("none.db")} is not there. Nothing was changed.", (await RunAsync("restore", _folder.File("none.db"))).Errors.Trim());
        await using var app = App();
        Assert.NotNull(await app.Keys.FindAsync(_owner, _key.Key.Id, Cancellation));
    }

    [Fact]
    public async Task A_backup_that_this_machine_cannot_open_leaves_everything_as_it_was()
    {
        Assert.Equal(0, (await RunAsync("backup", File)).ExitCode);
        var before = await System.IO.File.ReadAllBytesAsync(_folder.File("nexllm.db"), Cancellation);
        System.IO.File.Move(_folder.File("master.key"), _folder.File("elsewhere.key"));

        var refused = await RunAsync("restore", File);

        Assert.Equal(1, refused.ExitCode);
        Assert.Contains("everything is as it was before", refused.Errors, StringComparison.Ordinal);
        Assert.Contains("The master key of this database is missing", refused.Errors, StringComparison.Ordinal);
        Assert.Equal(before, await System.IO.File.ReadAllBytesAsync(_folder.File("nexllm.db"), Cancellation));
        Assert.Empty(Directory.GetFiles(_folder.Path, "*.replaced-*"));
    }

    [Fact]
    public async Task Beside_a_running_server_a_backup_works_and_a_restore_does_not()
    {
        await using var program = Start();
        await program.ReadyAsync();
        Assert.Equal(0, (await RunAsync("backup", File)).ExitCode);

        var refused = await RunAsync("restore", File);

        Assert.Equal(1, refused.ExitCode);
        Assert.Contains("Stop it first", refused.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_backup_overwrites_nothing_and_says_where_it_cannot_write()
    {
        await System.IO.File.WriteAllTextAsync(File, "mine", Cancellation);

        Assert.Equal($"{File} exists already. Name another file.", (await RunAsync("backup", File)).Errors.Trim());
        Assert.Equal("mine", await System.IO.File.ReadAllTextAsync(File, Cancellation));
        Assert.Contains("Make it first", (await RunAsync("backup", _folder.File("nowhere/safe.db"))).Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Administrators_see_when_the_last_one_was_made_and_nobody_else_does()
    {
        var since = TimeProvider.System.GetUtcNow();
        await using (var app = App())
        {
            Assert.Null(await Last(app, await app.CreateActorAsync(administrator: true)));
        }

        Assert.Equal(0, (await RunAsync("backup", File)).ExitCode);

        await using var later = App();
        Assert.InRange((await Last(later, await later.CreateActorAsync(administrator: true)))!.Value, since, TimeProvider.System.GetUtcNow());
        await Assert.ThrowsAsync<Dashboard.Accounts.AccessDeniedException>(() => Last(later, _owner));
    }

    private static Task<DateTimeOffset?> Last(NexLlmApp app, Actor actor) =>
        app.Services.GetRequiredService<BackupHistory>().LastAsync(actor, Cancellation);

    /// <summary>On the real clock, as the processes beside it.</summary>
    private NexLlmApp App() => new()
    {
        LastingFolder = _folder,
        ConfigureServices = services => services.Replace(ServiceDescriptor.Singleton(TimeProvider.System)),
    };

    private Dictionary<string, string> Settings => new() { ["ConnectionStrings__NexLlm"] = $"Data Source={_folder.File("nexllm.db")}" };

    private ProgramProcess Start() => ProgramProcess.Start(_folder, settings: Settings);

    private async Task<Ending> RunAsync(params string[] arguments)
    {
        await using var program = ProgramProcess.Start(_folder, arguments, Settings);
        return await program.EndAsync();
    }

    /// <summary>Calls until it is told to stop, and notes the requests that were answered to the end.</summary>
    private async Task LoadAsync(Uri address, ConcurrentQueue<string> acknowledged, CancellationToken enough)
    {
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = address };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", _key.Secret.Reveal());
        await Task.WhenAll(Enumerable.Range(0, Clients).Select(_ => Task.Run(async () =>
        {
            while (!enough.IsCancellationRequested)
            {
                using var body = new StringContent(Caller.ChatBody("nexllm-echo", more: ",\"max_tokens\":5"), Encoding.UTF8, "application/json");
                using var answer = await http.PostAsync("/v1/chat/completions", body, Cancellation);
                answer.EnsureSuccessStatusCode();
                acknowledged.Enqueue(answer.Headers.GetValues("x-request-id").Single());
            }
        })));
    }
}
