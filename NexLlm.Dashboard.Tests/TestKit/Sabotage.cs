using System.Net;
using System.Runtime.Loader;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using NexLlm.Dashboard.Tests.TestKit;

[assembly: HostingStartup(typeof(Sabotage))]

namespace NexLlm.Dashboard.Tests.TestKit
{
    /// <summary>Breaks the real program from inside, in a process of its own, by the framework's ways to add to a program from outside.</summary>
    public sealed class Sabotage : IHostingStartup
    {
        private const string Variable = "NEXLLM_TEST_SABOTAGE";
        private const string Listener = "listener";
        private const string Memory = "memory";

        /// <summary>The listener dies after the first connection.</summary>
        public static IReadOnlyDictionary<string, string> OfListener { get; } = By(Listener);

        /// <summary>Once the program is ready, all memory that it may have is taken.</summary>
        public static IReadOnlyDictionary<string, string> OfMemory { get; } = By(Memory, ("DOTNET_GCHeapHardLimit", "0xC000000"));

        public void Configure(IWebHostBuilder builder) => builder.ConfigureServices(services =>
        {
            // Nothing at all in the process of the tests, whose own servers come by here too.
            switch (Environment.GetEnvironmentVariable(Variable))
            {
                case Listener:
                    // The framework's own is registered only where there is none.
                    services.AddSingleton<IConnectionListenerFactory, DyingListeners>();
                    break;
                case Memory:
                    services.AddHostedService<MemoryEater>();
                    break;
            }
        });

        private static Dictionary<string, string> By(string what, params (string Name, string Value)[] more) => new(more.Select(m => KeyValuePair.Create(m.Name, m.Value)))
        {
            [Variable] = what,
            ["DOTNET_STARTUP_HOOKS"] = typeof(Sabotage).Assembly.Location,
            ["ASPNETCORE_HOSTINGSTARTUPASSEMBLIES"] = typeof(Sabotage).Assembly.GetName().Name!,
        };

        private sealed class DyingListeners(IOptions<SocketTransportOptions> options, ILoggerFactory logs) : IConnectionListenerFactory
        {
            public async ValueTask<IConnectionListener> BindAsync(EndPoint endpoint, CancellationToken cancellationToken = default) =>
                new Dying(await new SocketTransportFactory(options, logs).BindAsync(endpoint, cancellationToken));
        }

        private sealed class Dying(IConnectionListener listener) : IConnectionListener
        {
            private int _accepted;

            public EndPoint EndPoint => listener.EndPoint;

            public ValueTask<ConnectionContext?> AcceptAsync(CancellationToken cancellationToken = default) => _accepted++ == 0
                ? listener.AcceptAsync(cancellationToken)
                : throw new InvalidOperationException("The listener is broken.");

            public ValueTask UnbindAsync(CancellationToken cancellationToken = default) => listener.UnbindAsync(cancellationToken);

            public ValueTask DisposeAsync() => listener.DisposeAsync();
        }

        private sealed class MemoryEater(IHostApplicationLifetime lifetime) : IHostedService
        {
            private static readonly LinkedList<byte[]> _eaten = [];

            public Task StartAsync(CancellationToken cancellationToken)
            {
                lifetime.ApplicationStarted.Register(() => new Thread(() =>
                {
                    for (var size = 1_024 * 1_024; size > 0;)
                    {
                        try
                        {
                            _eaten.AddLast(new byte[size]);
                        }
                        catch (OutOfMemoryException)
                        {
                            size = size > 16 ? size / 2 : 0;
                        }
                    }
                })
                { IsBackground = true }.Start());
                return Task.CompletedTask;
            }

            public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
        }
    }
}

/// <summary>By its name and place the runtime finds it. It lets the program find what this assembly needs.</summary>
internal static class StartupHook
{
    public static void Initialize() => AssemblyLoadContext.Default.Resolving += static (context, name) =>
        Path.Combine(Path.GetDirectoryName(typeof(StartupHook).Assembly.Location)!, $"{name.Name}.dll") is var file && File.Exists(file)
            ? context.LoadFromAssemblyPath(file)
            : null;
}
