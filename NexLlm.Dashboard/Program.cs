using Microsoft.EntityFrameworkCore;
using NexLlm.Dashboard.Accounts;
using NexLlm.Dashboard.Channels;
using NexLlm.Dashboard.Components;
using NexLlm.Dashboard.Data;
using NexLlm.Dashboard.Demo;
using NexLlm.Dashboard.Keys;

var builder = WebApplication.CreateBuilder(args);
builder.Services.AddSingleton(TimeProvider.System);
builder.Services.AddData();
builder.Services.AddAccounts();
builder.Services.AddChannels();
builder.Services.AddKeys();
builder.Services.AddDemo();
builder.Services.AddComponents();

var app = builder.Build();
app.UseAccounts();
app.UseAntiforgery();
app.MapAccounts();
app.MapComponents();
await using (var db = await app.Services.GetRequiredService<IDbContextFactory<NexLlmDbContext>>().CreateDbContextAsync())
{
    await db.Database.MigrateAsync();
}

await app.Services.GetRequiredService<ChannelProvisioner>().ApplyAsync();

app.Run();
