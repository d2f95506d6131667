using System.Net;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using NexLlm.Dashboard.Access;
using NexLlm.Dashboard.Accounts.Profile;

namespace NexLlm.Dashboard.Tests.TestKit;

public sealed class NexLlmAppTests
{
    [Fact]
    public async Task The_real_application_serves_pages_over_a_real_socket()
    {
        await using var app = new NexLlmApp();
        using var client = app.CreateVisitor();

        var answer = await client.GetAsync("/not-found", TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.NotEqual(0, app.Address.Port);
        Assert.Contains("Page not found", await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_actor_passes_the_access_check_until_the_clock_ends_the_session()
    {
        await using var app = new NexLlmApp();
        var actor = await app.CreateActorAsync("ada@example.com", administrator: true);
        var accounts = app.Services.GetRequiredService<AccountService>();

        var overview = await accounts.GetAsync(actor, TestContext.Current.CancellationToken);
        Assert.Equal(new AccountOverview(actor.AccountId!.Value, "ada@example.com", true, 1_000_000, 0, HasPassword: false), overview);

        var end = app.Clock.GetUtcNow().AddHours(1).ToUnixTimeMilliseconds();
        await using var db = await app.Contexts.CreateDbContextAsync(TestContext.Current.CancellationToken);
        await db.Database.ExecuteSqlAsync($"UPDATE Sessions SET ExpiresAt = {end}", TestContext.Current.CancellationToken);
        app.Clock.Advance(TimeSpan.FromHours(1));
        await Assert.ThrowsAsync<AccessDeniedException>(() => accounts.GetAsync(actor, TestContext.Current.CancellationToken));
    }

    [SqliteOnly("The database is a file in the folder.")]
    [Fact]
    public async Task Disposing_deletes_the_folder()
    {
        var app = new NexLlmApp();
        await app.CreateActorAsync();
        Assert.True(File.Exists(app.DatabaseFile));

        await app.DisposeAsync();

        Assert.False(Directory.Exists(app.Folder.Path));
    }
}
