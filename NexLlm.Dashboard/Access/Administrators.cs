using Microsoft.EntityFrameworkCore;
using NexLlm.Dashboard.Data;

namespace NexLlm.Dashboard.Access;

/// <summary>Names of roles.</summary>
public static class Roles
{
    public const string Administrator = "Administrator";
}

/// <summary>Who has the role, as queries for the transactions of those who ask.</summary>
internal static class Administrators
{
    public static IQueryable<long> AdministratorIds(this NexLlmDbContext db) =>
        from member in db.UserRoles
        join role in db.Roles on member.RoleId equals role.Id
        where role.Name == Roles.Administrator
        select member.UserId;

    /// <summary>Whether nobody could administer any more without this account.</summary>
    public static async Task<bool> IsLastAdministratorAsync(this NexLlmDbContext db, long accountId, CancellationToken cancellation)
    {
        var administrators = db.AdministratorIds();
        var active = await db.Users.Where(a => a.DisabledAt == null && administrators.Contains(a.Id)).Select(a => a.Id).Take(2).ToListAsync(cancellation);
        return active is [var only] && only == accountId;
    }
}
