using NexLlm.Dashboard.Tests.TestKit;

namespace NexLlm.Dashboard.Tests.Data.Sqlite;

/// <summary>A write-ahead log that was lost or spoiled after a kill is never taken for a new installation.</summary>
[SqliteOnly("A damaged log is a damaged file.")]
[Collection(Undisturbed.Name)]
public sealed class DamagedLogTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string Log => _folder.File("data/nexllm.db-wal");

    public static TheoryData<string> Damages => ["random", "random behind the header", "cut to nothing", "cut in half", "missing"];

    [Theory]
    [MemberData(nameof(Damages))]
    public async Task A_damaged_log_is_refused_in_plain_words_and_goes_on_when_told(string damage)
    {
        await KillAfterFirstStartAsync();
        Damage(damage);

        await using (var refused = ProgramProcess.Start(_folder))
        {
            var ending = await refused.EndAsync();
            Assert.Equal(1, ending.ExitCode);
            Assert.Contains("write-ahead log", ending.Errors, StringComparison.Ordinal);
            Assert.Contains("restore a backup", ending.Errors, StringComparison.Ordinal);
            Assert.DoesNotContain("   at ", ending.Errors, StringComparison.Ordinal);
            Assert.DoesNotContain("/account/setup", ending.Output, StringComparison.Ordinal);
        }

        File.Delete(Log);
        File.Delete(_folder.File("data/nexllm.db.position"));
        await using var told = ProgramProcess.Start(_folder);
        await told.ReadyAsync();
    }

    [Fact]
    public async Task An_undamaged_log_is_taken()
    {
        await KillAfterFirstStartAsync();
        await using var next = ProgramProcess.Start(_folder);
        await next.ReadyAsync();
    }

    public void Dispose() => _folder.Dispose();

    private async Task KillAfterFirstStartAsync()
    {
        await using var first = ProgramProcess.Start(_folder);
        await first.ReadyAsync();
        await first.KillAsync();
        Assert.NotEqual(0, new FileInfo(Log).Length);
    }

    private void Damage(string how)
    {
        var bytes = File.ReadAllBytes(Log);
        var random = new Random(7);
        switch (how)
        {
            case "random":
                random.NextBytes(bytes);
                File.WriteAllBytes(Log, bytes);
                break;
            case "random behind the header":
                random.NextBytes(bytes.AsSpan(32));
                File.WriteAllBytes(Log, bytes);
                break;
            case "cut to nothing":
                File.WriteAllBytes(Log, []);
                break;
            case "cut in half":
                File.WriteAllBytes(Log, bytes[..(bytes.Length / 2)]);
                break;
            default:
                File.Delete(Log);
                break;
        }
    }
}
