using System.Runtime.Versioning;
using System.Security.Cryptography;
using System.Xml.Linq;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using NexLlm.Dashboard.Hosting.Protection;
using NexLlm.Dashboard.Tests.TestKit;

namespace NexLlm.Dashboard.Tests.Hosting.Protection;

public sealed class MasterKeyTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string KeyFile => _folder.File("data/master.key");

    [Fact]
    public async Task The_database_holds_the_key_ring_only_wrapped()
    {
        await using var app = new NexLlmApp();
        await using var db = await app.Contexts.CreateDbContextAsync(TestContext.Current.CancellationToken);
        var stored = await db.DataProtectionKeys.Select(k => k.Xml!).ToListAsync(TestContext.Current.CancellationToken);

        // What would open cookies: the ring's own key material, once unwrapped.
        var wrapping = app.Services.GetRequiredService<MasterKeyWrapping>();
        var wrapped = Assert.Single(stored.SelectMany(xml => XElement.Parse(xml).Descendants()), MasterKeyWrapping.IsWrapped);
        var material = wrapping.Decrypt(wrapped).Value;
        var bytes = Convert.FromBase64String(material);

        Assert.True(bytes.Length >= 32);
        foreach (var file in Directory.GetFiles(app.Folder.Path, "nexllm.db*").Where(f => !f.EndsWith(".lock", StringComparison.Ordinal)))
        {
            // Shared, because the application has it open.
            await using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            using var content = new MemoryStream();
            await stream.CopyToAsync(content, TestContext.Current.CancellationToken);
            Assert.Equal(-1, content.ToArray().AsSpan().IndexOf(bytes));
            Assert.Equal(-1, content.ToArray().AsSpan().IndexOf(System.Text.Encoding.ASCII.GetBytes(material)));
        }
    }

    [Fact]
    public async Task What_one_wrapping_made_no_change_of_a_bit_survives()
    {
        await using var app = new NexLlmApp();
        var wrapping = app.Services.GetRequiredService<MasterKeyWrapping>();
        var wrapped = Convert.FromBase64String(wrapping.Encrypt(new XElement("secret", "value")).EncryptedElement.Value);

        for (var i = 0; i < wrapped.Length; i++)
        {
            wrapped[i] ^= 1;
            var changed = new XElement("any", Convert.ToBase64String(wrapped));
            Assert.ThrowsAny<CryptographicException>(() => wrapping.Decrypt(changed));
            wrapped[i] ^= 1;
        }
    }

    [Fact]
    public async Task After_a_restart_what_was_protected_can_be_read()
    {
        string secret;
        Guid[] keys;
        await using (var first = new NexLlmApp { LastingFolder = _folder })
        {
            secret = Protector(first).Protect("a cookie");
            keys = Keys(first);
        }

        await using var second = new NexLlmApp { LastingFolder = _folder };

        Assert.Equal("a cookie", Protector(second).Unprotect(secret));
        Assert.Equal(keys, Keys(second));
    }

    [Fact]
    [UnsupportedOSPlatform("windows")]
    public async Task The_first_start_makes_the_file_for_the_owner_alone()
    {
        await StartAndStopAsync();

        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(KeyFile));
        Assert.Equal(32, Convert.FromBase64String(await File.ReadAllTextAsync(KeyFile, TestContext.Current.CancellationToken)).Length);
    }

    [Fact]
    public async Task A_key_from_the_settings_makes_no_file_and_is_needed_from_then_on()
    {
        var setting = NewKey();
        await StartAndStopAsync(setting);
        Assert.False(File.Exists(KeyFile));

        await StartAndStopAsync(setting);
        Assert.StartsWith("The master key of this database is missing.", await RefusedAsync(null), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Another_key_than_the_databases_refuses_to_start()
    {
        await StartAndStopAsync();

        Assert.StartsWith("The master key does not match this database.", await RefusedAsync(NewKey()), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_that_holds_no_key_refuses_to_start()
    {
        await StartAndStopAsync();
        await File.WriteAllTextAsync(KeyFile, "rubbish", TestContext.Current.CancellationToken);

        Assert.StartsWith($"{KeyFile} is not a valid master key", await RefusedAsync(null), StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Dispose();

    private static IDataProtector Protector(NexLlmApp app) =>
        app.Services.GetRequiredService<IDataProtectionProvider>().CreateProtector("test");

    private static Guid[] Keys(NexLlmApp app) =>
        [.. app.Services.GetRequiredService<IKeyManager>().GetAllKeys().Select(k => k.KeyId)];

    private static string NewKey() => Convert.ToBase64String(RandomNumberGenerator.GetBytes(MasterKey.Bytes));

    private async Task StartAndStopAsync(string? masterKey = null)
    {
        await using var program = Start(masterKey);
        await program.ReadyAsync();
        await program.StopAsync();
    }

    private async Task<string> RefusedAsync(string? masterKey)
    {
        await using var program = Start(masterKey);
        var ending = await program.EndAsync();
        Assert.Equal(1, ending.ExitCode);
        Assert.DoesNotContain("   at ", ending.Errors + ending.Output, StringComparison.Ordinal);
        return ending.Errors;
    }

    private ProgramProcess Start(string? masterKey) => ProgramProcess.Start(
        _folder, settings: masterKey is null ? null : new Dictionary<string, string> { ["NexLlm__MasterKey"] = masterKey });
}
