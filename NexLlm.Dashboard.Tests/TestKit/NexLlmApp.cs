using System.Diagnostics;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using NexLlm.Dashboard.Data;
using NexLlm.Dashboard.Data.Sqlite;
using NexLlm.Dashboard.Hosting.Protection;

namespace NexLlm.Dashboard.Tests.TestKit;

/// <summary>
/// The real application: its own Program on Kestrel at a free port, a real database of its own, and a clock that moves only when told. Starts at
/// first use; disposing it deletes its data. Usable as a class fixture. The database is an SQLite file in <see cref="Folder"/>, or on the
/// PostgreSQL server of the tests if <see cref="TestEngine"/> says so.
/// </summary>
/// <remarks>
/// What of the framework counts real time goes on doing so: Kestrel, SignalR, Data Protection. Cookies and login sessions
/// follow <see cref="Clock"/>.
/// </remarks>
public class NexLlmApp : WebApplicationFactory<Program>
{
    /// <summary>Later than any real day on which these tests run, or browsers would drop the cookies it dates as expired.</summary>
    public static readonly DateTimeOffset Start = new(2040, 3, 1, 12, 0, 0, TimeSpan.Zero);

    private readonly Lazy<TemporaryFolder> _ownFolder = new(() => new TemporaryFolder());

    public NexLlmApp() => UseKestrel(0);

    /// <summary>
    /// Settings by their configuration names (<c>Keys:MaxPerAccount</c>); change them before first use. Channels are not checked in the background
    /// unless a test wants it: upstreams of tests keep what they were sent.
    /// </summary>
    public Dictionary<string, string?> Settings { get; } = new() { ["ChannelHealth:Enabled"] = "false" };

    /// <summary>Whether a password costs what it costs in use, for tests of just that: in most, hashing would take longer than all else.</summary>
    public bool PasswordsAreCostly { get; init; }

    /// <summary>Replaces services, before first use.</summary>
    public Action<IServiceCollection>? ConfigureServices { get; set; }

    public TestClock Clock { get; } = new(Start);

    public CapturedLogs Logs { get; } = new();

    /// <summary>A folder that outlives this application, so that another can start on its database; null for one of its own.</summary>
    public TemporaryFolder? LastingFolder { get; init; }

    public TemporaryFolder Folder => LastingFolder ?? _ownFolder.Value;

    /// <summary>SQLite's.</summary>
    public string DatabaseFile => Folder.File("nexllm.db");

    public IDbContextFactory<NexLlmDbContext> Contexts => Services.GetRequiredService<IDbContextFactory<NexLlmDbContext>>();

    /// <summary>Where a browser finds it.</summary>
    public Uri Address
    {
        get
        {
            StartServer();
            return ClientOptions.BaseAddress;
        }
    }

    /// <summary>
    /// A visitor's browser, as far as cookies go. Redirects are answers to look at, not to follow, which the factory's own
    /// clients do in spite of their options when the server is a real one.
    /// </summary>
    public HttpClient CreateVisitor() => new(new HttpClientHandler { AllowAutoRedirect = false }, disposeHandler: true) { BaseAddress = Address };

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        await (TestEngine.IsPostgres ? Folder.FreeDatabaseAsync() : FileFreeAsync());
        if (LastingFolder is null)
        {
            Folder.Dispose();
        }

        GC.SuppressFinalize(this);
    }

    /// <summary>
    /// The program's own thread, which the factory does not wait for, takes part in disposing it: whoever uses the file
    /// next, or deletes it, must find it given up.
    /// </summary>
    private async Task FileFreeAsync()
    {
        var since = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(since) < TimeSpan.FromSeconds(10))
        {
            using var taken = InstanceLock.TryTake(DatabaseFile);
            if (taken is not null)
            {
                return;
            }

            await Task.Yield();
        }

        throw new TimeoutException("The application did not let go of its database.");
    }

    protected override void ConfigureWebHost(IWebHostBuilder builder)
    {
        builder.UseEnvironment("Production");
        UseDatabase(builder);
        // The clock stands still, and with it whatever waits for its turn.
        builder.UseSetting("Server:BodyBytesPerSecond", $"{long.MaxValue}");
        foreach (var (name, value) in Settings)
        {
            builder.UseSetting(name, value);
        }

        builder.ConfigureLogging(logging => logging.ClearProviders().AddProvider(Logs));
        builder.ConfigureServices(services =>
        {
            services.Replace(ServiceDescriptor.Singleton<TimeProvider>(Clock));
            if (!PasswordsAreCostly)
            {
                services.Configure<PasswordHasherOptions>(hasher => hasher.IterationCount = 1);
            }

            ConfigureServices?.Invoke(services);
        });
    }

    private void UseDatabase(IWebHostBuilder builder)
    {
        if (TestEngine.IsPostgres)
        {
            var database = Task.Run(Folder.DatabaseAsync).GetAwaiter().GetResult();
            builder.UseSetting(DatabaseOptions.ConnectionSetting, database.ConnectionString);
            builder.UseSetting(MasterKey.Setting, TestEngine.MasterKey);
            return;
        }

        if (!File.Exists(DatabaseFile))
        {
            Task.Run(() => EmptyDatabase.WriteAsync(DatabaseFile)).GetAwaiter().GetResult();
        }

        builder.UseSetting(DatabaseOptions.ConnectionSetting, $"Data Source={DatabaseFile}");
    }
}
