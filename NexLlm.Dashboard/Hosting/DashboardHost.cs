using System.Reflection;
using NexLlm.Dashboard.Hosting.Logging;

namespace NexLlm.Dashboard.Hosting;

/// <summary>What the program is before any feature is added: where its files, its settings and its address come from.</summary>
public static class DashboardHost
{
    public const string DefaultAddress = "http://localhost:5080";

    public static WebApplicationBuilder CreateBuilder(string[] args)
    {
        // appsettings.json and wwwroot stand beside the program, whatever directory it is started from. A command's
        // arguments are its own: --keys is not the section Keys.
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions
        {
            ApplicationName = typeof(DashboardHost).Assembly.GetName().Name,
            Args = CommandLine.IsCommand(args) ? [] : args,
            ContentRootPath = AppContext.BaseDirectory,
        });

        // `dotnet run` is Production too: static files of packages come from the build's manifest there. Published, there is none.
        builder.WebHost.UseStaticWebAssets();
        if (!builder.Environment.IsDevelopment())
        {
            // Or a package's file whose time differs from its manifest's counts as edited, and is "compressed" without compression.
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

    /// <summary>The version that is built into the program.</summary>
    public static string Version =>
        typeof(DashboardHost).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion;

    private static bool NamesAddress(ConfigurationManager configuration) =>
        configuration[WebHostDefaults.ServerUrlsKey] is { Length: > 0 }
        || configuration[WebHostDefaults.HttpPortsKey] is { Length: > 0 }
        || configuration[WebHostDefaults.HttpsPortsKey] is { Length: > 0 }
        || configuration.GetSection("Kestrel:Endpoints").GetChildren().Any();
}
