using System.Diagnostics;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using NexLlm.Dashboard.Data;
using NexLlm.Dashboard.Hosting;
using NexLlm.Dashboard.Tests.TestKit;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;

namespace NexLlm.Dashboard.Tests.Hosting;

public sealed class TelemetryTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("OTEL_EXPORTER_OTLP_ENDPOINT", "", new[] { "/v1/metrics", "/v1/traces" })]
    [InlineData("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "/own/traces", new[] { "/own/traces" })]
    [InlineData("OTEL_EXPORTER_OTLP_METRICS_ENDPOINT", "/own/metrics", new[] { "/own/metrics" })]
    public async Task A_collector_that_the_standard_variables_name_gets_what_they_name_it_for(string variable, string path, string[] targets)
    {
        await using var collector = await FakeUpstream.StartAsync();
        await using (var app = new NexLlmApp())
        {
            app.Settings[variable] = collector.Address + path;
            app.Settings["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf";
            app.Settings["OTEL_EXPORTER_OTLP_TIMEOUT"] = "60000";
            using var visitor = app.CreateVisitor();
            using (await visitor.GetAsync("/healthz?token=canary-in-an-address", Cancellation))
            {
                // As the program's rooms do it.
                using var source = new ActivitySource("NexLlm.Dashboard");
                using var meter = new Meter("NexLlm.Dashboard");
                using var activity = source.StartActivity("canary of a trace");
                meter.CreateCounter<long>("canary.of.a.meter").Add(1);
            }

            // A program that ends sends what it has too, but only for so long as it may take to end.
            Assert.True(app.Services.GetService<TracerProvider>()?.ForceFlush() ?? true);
            Assert.True(app.Services.GetService<MeterProvider>()?.ForceFlush() ?? true);
        }

        Assert.Equal(targets, collector.Received.Select(r => r.Path).Distinct().Order());
        Assert.All(collector.Received, r => Assert.Contains("nexllm-dashboard", r.Body, StringComparison.Ordinal));
        Assert.All(collector.Received, r => Assert.DoesNotContain("canary-in-an-address", r.Body, StringComparison.Ordinal));
        Assert.All(targets, target => Assert.Contains(collector.Received, r => r.Path == target && r.Body.Contains(
            target.EndsWith("traces", StringComparison.Ordinal) ? "canary of a trace" : "canary.of.a.meter", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Without_a_collector_nothing_is_gathered()
    {
        await using var app = new NexLlmApp();

        Assert.Null(app.Services.GetService<TracerProvider>());
        Assert.Null(app.Services.GetService<MeterProvider>());
    }

    [Fact]
    public void A_collector_that_is_no_address_refuses_the_start_and_is_named()
    {
        var builder = DashboardHost.CreateBuilder(["--OTEL_EXPORTER_OTLP_ENDPOINT=localhost:4317"]);

        Assert.Equal(
            "OTEL_EXPORTER_OTLP_ENDPOINT is “localhost:4317”. Enter the collector's URL, such as http://localhost:4317.",
            Assert.Throws<StartRefusedException>(builder.AddTelemetry).Message);
    }
}
