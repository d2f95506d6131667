using Microsoft.EntityFrameworkCore;
using NexLlm.Dashboard.Access;
using NexLlm.Dashboard.Audit;
using NexLlm.Dashboard.Tests.TestKit;

namespace NexLlm.Dashboard.Tests.Audit;

public sealed class AuditTrailTests(NexLlmApp app) : IClassFixture<NexLlmApp>
{
    [Fact]
    public async Task A_line_break_in_a_value_cannot_forge_a_second_event()
    {
        await using var db = await app.Contexts.CreateDbContextAsync(TestContext.Current.CancellationToken);
        AuditTrail.Record(
            db, Actor.Machine, app.Clock.GetUtcNow(), AuditActions.KeyEdited, null, 1, new AuditChange("name", "a", "b\r\n2026 key.deleted\u2028\u0085"));
        await db.SaveChangesAsync(TestContext.Current.CancellationToken);

        var stored = (await db.Set<AuditEvent>().SingleAsync(e => e.KeyId == 1, TestContext.Current.CancellationToken)).Changes!;

        Assert.DoesNotContain(stored, c => char.IsControl(c) || c is '\u2028' or '\u2029');
    }

    [Fact]
    public async Task What_did_not_change_is_not_recorded()
    {
        await using var db = await app.Contexts.CreateDbContextAsync(TestContext.Current.CancellationToken);
        AuditTrail.Record(db, Actor.Machine, app.Clock.GetUtcNow(), AuditActions.KeyEdited, null, 2, new("same", 5, 5), new("other", null, 6));

        Assert.Equal("""{"other":{"before":null,"after":6}}""", db.Set<AuditEvent>().Local.Single().Changes);
    }
}
