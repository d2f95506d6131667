using System.Security.Cryptography;
using System.Xml.Linq;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.EntityFrameworkCore;
using NexLlm.Dashboard.Data;

namespace NexLlm.Dashboard.Hosting.Protection;

/// <summary>
/// Verifies at startup that the master key decrypts the key ring. Otherwise, Data Protection would log the failure and create a new key
/// ring, which would end all sessions and make every provider key unreadable.
/// </summary>
internal sealed class KeyRing(
    IDbContextFactory<NexLlmDbContext> contexts, MasterKey masterKey, MasterKeyWrapping wrapping, IDataProtectionProvider protection)
    : IDataPreparation
{
    public async Task PrepareAsync(CancellationToken cancellation)
    {
        await RequireAsync(cancellation);
        if (masterKey.Find() is null)
        {
            masterKey.Create();
        }

        // Creates the first key of the ring now, because its first use may be inside a transaction that holds the write gate.
        protection.CreateProtector("NexLlm.Dashboard.Start").Protect([]);
    }

    /// <summary>Without the correct master key, a command would record audit events that can't be verified.</summary>
    public async Task RequireAsync(CancellationToken cancellation)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellation);
        var stored = await db.DataProtectionKeys.AsNoTracking().Select(k => k.Xml).ToListAsync(cancellation);
        var wrapped = stored.OfType<string>().SelectMany(xml => XElement.Parse(xml).Descendants()).Where(MasterKeyWrapping.IsWrapped).ToList();
        if (wrapped is not [] && masterKey.Find() is null)
        {
            throw masterKey.Missing();
        }

        if (!wrapped.TrueForAll(Opens))
        {
            throw new StartRefusedException(
                $"The master key does not match this database. {masterKey.Remedy}");
        }
    }

    private bool Opens(XElement element)
    {
        try
        {
            wrapping.Decrypt(element);
            return true;
        }
        catch (CryptographicException)
        {
            return false;
        }
    }
}
