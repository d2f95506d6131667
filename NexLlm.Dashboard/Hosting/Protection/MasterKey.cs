using System.Security.Cryptography;
using NexLlm.Dashboard.Data;

namespace NexLlm.Dashboard.Hosting.Protection;

/// <summary>
/// The key that encrypts Data Protection's keys in the database, so that a stolen database reveals no session and no provider key. Read
/// from <c>NexLlm:MasterKey</c> or from a file beside the database; never stored in the database or its backups.
/// </summary>
internal sealed class MasterKey(IConfiguration configuration, IDatabaseEngine engine)
{
    public const string Setting = "NexLlm:MasterKey";
    public const int Bytes = 32;

    private byte[]? _key;

    /// <summary>The file of the key; null if the database is on a server, which other machines use with the same key.</summary>
    public string? Path => engine.Folder is { } folder ? System.IO.Path.Combine(folder, "master.key") : null;

    /// <summary>The location of the key, worded for operators.</summary>
    public string Whereabouts => FromSetting() is null && Path is { } path ? path : "the setting NexLlm__MasterKey";

    /// <summary>What a database elsewhere needs to use the same key, as a sentence.</summary>
    public string Continuation => FromSetting() is null ? $"Set NexLlm__MasterKey to the content of {Path}." : "Keep NexLlm__MasterKey as it is.";

    /// <summary>What to do to use the correct key again, as a sentence.</summary>
    public string Remedy => Path is null ? "Set NexLlm__MasterKey to its previous value." : $"Restore the correct {Path} from your backup, or set NexLlm__MasterKey to its previous value.";

    /// <summary>Returns null if there is no key yet.</summary>
    /// <exception cref="StartRefusedException">The file doesn't contain a valid key.</exception>
    public byte[]? Find() => _key ??= FromSetting() ?? FromFile();

    /// <summary>Derives a key for one purpose, which doesn't reveal the master key.</summary>
    /// <exception cref="StartRefusedException">There is no master key.</exception>
    public byte[] Derive(string purpose) => HKDF.DeriveKey(
        HashAlgorithmName.SHA256, Find() ?? throw Missing(), Bytes, info: System.Text.Encoding.ASCII.GetBytes($"NexLlm.Dashboard {purpose}"));

    public StartRefusedException Missing() =>
        new($"The master key of this database is missing. {Remedy}");

    /// <summary>Creates the file. Beside no file, the setting is mandatory.</summary>
    public void Create()
    {
        var path = Path ?? throw new InvalidOperationException($"{Setting} was validated.");
        var key = RandomNumberGenerator.GetBytes(Bytes);
        // Written completely under another name first, so that a crash never leaves a partial key.
        var draft = path + ".new";
        File.Delete(draft);
        using (var file = PrivateFiles.Open(draft, FileMode.CreateNew, FileAccess.Write, FileShare.None))
        {
            file.Write(System.Text.Encoding.ASCII.GetBytes(Convert.ToBase64String(key) + '\n'));
            file.Flush(flushToDisk: true);
        }

        File.Move(draft, path);
        _key = key;
    }

    /// <summary>Returns null unless the text is base64 for exactly <see cref="Bytes"/> bytes.</summary>
    public static byte[]? Decode(string text)
    {
        var key = new byte[Bytes + 1];
        return Convert.TryFromBase64String(text.Trim(), key, out var length) && length == Bytes ? key[..Bytes] : null;
    }

    private byte[]? FromSetting() => configuration[Setting] is { Length: > 0 } text ? Decode(text) : null;

    private byte[]? FromFile()
    {
        if (Path is not { } path || !File.Exists(path))
        {
            return null;
        }

        PrivateFiles.Restrict(path);
        return Decode(File.ReadAllText(path)) ?? throw new StartRefusedException(
            $"{path} is not a valid master key ({Bytes} bytes in base64). Restore the correct file from your backup.");
    }
}
