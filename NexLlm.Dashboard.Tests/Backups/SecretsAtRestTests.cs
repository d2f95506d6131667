using System.Text;
using NexLlm.Dashboard.Tests.TestKit;

namespace NexLlm.Dashboard.Tests.Backups;

/// <summary>Every secret goes every way that it can go through the real program; then nothing that is kept holds one.</summary>
public sealed class SecretsAtRestTests : BackupTest
{
    private const string ProviderKey = "provider-key-canary-3e9a";
    private const string Typed = "provider-key-canary-typed-41d7";
    private const string Password = "nine canaries whistle at dawn";
    private const string Refused = "sk-nexllm-canaryThatIsNoKeyAtAll0000000000000000000000000000";

    [Fact]
    public async Task Database_log_backup_and_output_hold_no_secret_in_any_form()
    {
        var settings = new Dictionary<string, string>(Settings())
        {
            ["Provisioning__Channels__0__Name"] = "main",
            ["Provisioning__Channels__0__Type"] = "OpenAI",
            ["Provisioning__Channels__0__BaseUrl"] = "http://127.0.0.1:9",
            ["Provisioning__Channels__0__ApiKey"] = ProviderKey,
            ["Provisioning__Channels__0__Models__0"] = "gpt-4o",
            ["Logging__LogLevel__Default"] = "Trace",
        };
        await using (var app = App())
        {
            app.Settings["Setup:AdminEmail"] = "root@example.com";
            app.Settings["Setup:AdminPassword"] = Password;
            await app.CreateChannelAsync(await app.CreateActorAsync(administrator: true), providerKey: Typed);
        }

        Ending ending;
        await using (var program = ProgramProcess.Start(Folder, settings: settings))
        {
            var address = await program.ReadyAsync();
            using (var http = Caller(address))
            {
                await CallAsync(http);
                // An upstream that is not there, the secret where a model belongs, and in the address.
                await SendAsync(http, "/v1/chat/completions", TestKit.Caller.ChatBody());
                await SendAsync(http, "/v1/chat/completions", TestKit.Caller.ChatBody(Key.Secret.Reveal()));
                await SendAsync(http, $"/v1/{Key.Secret.Reveal()}?key={Key.Secret.Reveal()}", "{}");
                http.DefaultRequestHeaders.Remove("Authorization");
                http.DefaultRequestHeaders.Add("x-api-key", Refused);
                await SendAsync(http, "/v1/messages", TestKit.Caller.ChatBody());
            }

            Assert.Equal(0, (await RunAsync(settings, "backup", Safe)).ExitCode);
            // Before it is stopped, the write-ahead logs hold what the files do not yet.
            Search(Directory.GetFiles(Folder.Path));
            ending = await program.StopAsync();
        }

        Search(Directory.GetFiles(Folder.Path));
        Assert.Empty(Found(ending.Output + ending.Errors));
    }

    private void Search(string[] files)
    {
        Assert.Contains(files, f => f == Safe);
        Assert.Contains(files, f => f == Folder.File("nexllm-log.db"));
        // The search finds what is there.
        Assert.Contains(Email, Content(Safe), StringComparison.Ordinal);
        foreach (var file in files.Where(f => f != Folder.File("master.key") && !f.EndsWith(".lock", StringComparison.Ordinal)))
        {
            Assert.Empty(Found(Content(file)).Select(secret => $"{secret} in {file}"));
        }
    }

    private IEnumerable<string> Found(string content) =>
        from secret in (string[])[Key.Secret.Reveal(), ProviderKey, Typed, Password, Refused, File.ReadAllText(Folder.File("master.key")).Trim()]
        from form in Forms(secret)
        where content.Contains(form, StringComparison.OrdinalIgnoreCase)
        select form;

    /// <summary>Plain, in hex, and in base64 wherever it stands in what was encoded: of three places, those characters that are its own alone.</summary>
    private static IEnumerable<string> Forms(string secret)
    {
        var bytes = Encoding.UTF8.GetBytes(secret);
        return
        [
            secret, Convert.ToHexString(bytes),
            .. Enumerable.Range(0, 3).Select(place => Convert.ToBase64String([.. new byte[place], .. bytes])[4..^4]),
        ];
    }

    private static string Content(string file)
    {
        using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        using var reader = new StreamReader(stream, Encoding.Latin1);
        return reader.ReadToEnd();
    }

    private static async Task SendAsync(HttpClient http, string address, string body)
    {
        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        using var answer = await http.PostAsync(address, content, Cancellation);
        Assert.False(answer.IsSuccessStatusCode);
    }
}
