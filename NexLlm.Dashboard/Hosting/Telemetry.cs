using NexLlm.Dashboard.Data;
using OpenTelemetry.Exporter;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace NexLlm.Dashboard.Hosting;

/// <summary>
/// Sends traces and metrics to a collector if one is configured with OpenTelemetry's
/// standard environment variables. Otherwise, nothing is collected.
/// </summary>
public static class Telemetry
{
    /// <summary>The name of the application's meters and its activity source.</summary>
    private const string Name = "NexLlm.Dashboard";

    private const string Endpoint = "OTEL_EXPORTER_OTLP_ENDPOINT";

    /// <exception cref="StartRefusedException">A variable doesn't contain a valid address.</exception>
    public static void AddTelemetry(this WebApplicationBuilder builder)
    {
        var all = Address(builder.Configuration, Endpoint);
        var traces = Address(builder.Configuration, "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT");
        var metrics = Address(builder.Configuration, "OTEL_EXPORTER_OTLP_METRICS_ENDPOINT");
        if ((all ?? traces ?? metrics) is null)
        {
            return;
        }

        // Service attributes from the environment variables take precedence over these.
        var telemetry = builder.Services.AddOpenTelemetry()
            .ConfigureResource(resource => resource.AddService("nexllm-dashboard", serviceVersion: DashboardHost.Version).AddEnvironmentVariableDetector());
        if ((all ?? traces) is not null)
        {
            // Includes the framework's source: a request's activity is the parent of
            // ours, and unless it is recorded, its children aren't either.
            telemetry.WithTracing(tracing => tracing
                .AddSource(Name, "Microsoft.AspNetCore")
                .AddOtlpExporter(exporter => Send(exporter, traces)));
        }

        if ((all ?? metrics) is not null)
        {
            telemetry.WithMetrics(metering => metering
                .AddMeter(Name, "Microsoft.AspNetCore.Hosting", "System.Runtime")
                .AddOtlpExporter(exporter => Send(exporter, metrics)));
        }
    }

    /// <summary>The exporter itself reads the variable for all signals, but not those for a single signal.</summary>
    private static void Send(OtlpExporterOptions exporter, Uri? ownEndpoint)
    {
        if (ownEndpoint is not null)
        {
            exporter.Endpoint = ownEndpoint;
        }
    }

    private static Uri? Address(ConfigurationManager configuration, string variable)
    {
        var text = configuration[variable];
        if (string.IsNullOrWhiteSpace(text))
        {
            return null;
        }

        return Uri.TryCreate(text, UriKind.Absolute, out var address) && address.Scheme is "http" or "https"
            ? address
            : throw new StartRefusedException($"{variable} is “{text}”. Enter the collector's URL, such as http://localhost:4317.");
    }
}
