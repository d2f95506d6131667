using Microsoft.EntityFrameworkCore;
using NexLlm.Dashboard.Data;

namespace NexLlm.Dashboard.Access;

public static class Roles
{
    public const string Administrator = "Administrator";
}

/// <summary>Role membership, as queries that run inside the caller's transaction.</summary>
internal static class Administrators
{
    public static IQueryable<long> AdministratorIds(this NexLlmDbContext db) =>
        from member in db.UserRoles
        join role in db.Roles on member.RoleId equals role.Id
        where role.Name == Roles.Administrator
        select member.UserId;

    /// <summary>Whether removing this account would leave no active administrator.</summary>
    public static async Task<bool> IsLastAdministratorAsync(this NexLlmDbContext db, long accountId, CancellationToken cancellation)
    {
        var administrators = db.AdministratorIds();
        var active = await db.Users.Where(a => a.DisabledAt == null && administrators.Contains(a.Id)).Select(a => a.Id).Take(2).ToListAsync(cancellation);
        return active is [var only] && only == accountId;
    }
}
