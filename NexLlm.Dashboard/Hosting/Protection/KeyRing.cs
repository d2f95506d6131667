using System.Security.Cryptography;
using System.Xml.Linq;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.EntityFrameworkCore;
using NexLlm.Dashboard.Data;

namespace NexLlm.Dashboard.Hosting.Protection;

/// <summary>
/// Makes sure at start that the master key opens the key ring. Left alone, Data Protection would log the failure, begin a
/// new ring, and so log everybody out and lose every provider key.
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

        // The ring's first key is made here and not at first use, which may be inside a transaction that holds the write gate.
        protection.CreateProtector("NexLlm.Dashboard.Start").Protect([]);
    }

    /// <summary>Without the master key, or with another one, a command would record what nobody could verify.</summary>
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
                $"The master key does not match this database. Restore the correct {masterKey.Path} from your backup, or set NexLlm__MasterKey to its previous value.");
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
