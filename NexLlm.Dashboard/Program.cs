using NexLlm.Dashboard.Accounts;
using NexLlm.Dashboard.Audit;
using NexLlm.Dashboard.Backups;
using NexLlm.Dashboard.Channels;
using NexLlm.Dashboard.Components;
using NexLlm.Dashboard.Data;
using NexLlm.Dashboard.Demo;
using NexLlm.Dashboard.Gateway;
using NexLlm.Dashboard.Hosting;
using NexLlm.Dashboard.Keys;
using NexLlm.Dashboard.Logs;
using NexLlm.Dashboard.Usage;

try
{
    var builder = DashboardHost.CreateBuilder(args);
    builder.Services.AddSingleton(TimeProvider.System);
    builder.Services.AddData(builder.Configuration);
    builder.Services.AddHosting();
    builder.AddTelemetry();
    builder.Services.AddAudit();
    builder.Services.AddAccounts();
    builder.Services.AddChannels();
    builder.Services.AddKeys();
    builder.Services.AddUsage();
    builder.Services.AddLogs();
    builder.Services.AddGateway();
    builder.Services.AddDemo();
    builder.Services.AddBackups();
    builder.Services.AddComponents();

    var app = builder.Build();
    app.UseFrontDoor();
    app.UseGateway();
    app.UsePages();
    app.UseAccounts();
    app.UseAntiforgery();
    app.MapHealth();
    app.MapAccounts();
    app.MapComponents();
    return await app.RunAsync(args);
}
catch (Exception failure) when (StartFailure.InWords(failure) is { } words)
{
    await Console.Error.WriteLineAsync(words);
    return 1;
}
