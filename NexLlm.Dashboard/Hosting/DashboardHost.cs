using System.Reflection;
using NexLlm.Dashboard.Hosting.Logging;

namespace NexLlm.Dashboard.Hosting;

/// <summary>The base of the host before any feature is added: the origin of its files, its settings and its address.</summary>
public static class DashboardHost
{
    public const string DefaultAddress = "http://localhost:5080";

    public static WebApplicationBuilder CreateBuilder(string[] args)
    {
        // appsettings.json and wwwroot are beside the executable, whatever the working directory.
        // Command arguments aren't configuration: --keys doesn't mean the section Keys.
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions
        {
            ApplicationName = typeof(DashboardHost).Assembly.GetName().Name,
            Args = CommandLine.IsCommand(args) ? [] : args,
            ContentRootPath = AppContext.BaseDirectory,
        });

        // `dotnet run` also uses the Production environment, where static files of packages
        // come from the build manifest. A published application has no such manifest.
        builder.WebHost.UseStaticWebAssets();
        if (!builder.Environment.IsDevelopment())
        {
            // Otherwise, a package file whose timestamp differs from the manifest counts
            // as edited and is served uncompressed as “compressed”.
            builder.WebHost.UseSetting("ReloadStaticAssetsAtRuntime", "false");
        }

        builder.WebHost.ConfigureKestrel(kestrel => kestrel.AddServerHeader = false);
        if (!NamesAddress(builder.Configuration))
        {
            builder.WebHost.UseUrls(DefaultAddress);
        }

        builder.Logging.AddCleanConsole();
        return builder;
    }

    /// <summary>The version compiled into the assembly.</summary>
    public static string Version =>
        typeof(DashboardHost).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion;

    private static bool NamesAddress(ConfigurationManager configuration) =>
        configuration[WebHostDefaults.ServerUrlsKey] is { Length: > 0 }
        || configuration[WebHostDefaults.HttpPortsKey] is { Length: > 0 }
        || configuration[WebHostDefaults.HttpsPortsKey] is { Length: > 0 }
        || configuration.GetSection("Kestrel:Endpoints").GetChildren().Any();
}
