using System.Diagnostics;
using System.Text.RegularExpressions;
using NexLlm.Dashboard.Tests.TestKit;

namespace NexLlm.Dashboard.Tests.Hosting;

/// <summary>What a first visit loads, from the program as it is built and as it is published.</summary>
public sealed partial class StaticFilesTests : IDisposable
{
    private const int MostUncompressed = 10 * 1024;
    private const int MostOfAFirstVisit = 250 * 1024;

    private readonly TemporaryFolder _folder = new();

    [Fact]
    public Task Run_from_the_build_all_of_a_first_visit_is_compressed() => CheckAsync(ProgramProcess.BuiltProgram);

    [Fact]
    public async Task Published_and_started_from_any_folder_all_of_a_first_visit_is_compressed()
    {
        using var published = new TemporaryFolder();
        await PublishAsync(published.Path);

        await CheckAsync(published.File("NexLlm.Dashboard.dll"));
    }

    public void Dispose() => _folder.Dispose();

    private async Task CheckAsync(string program)
    {
        await using var process = ProgramProcess.Start(_folder, program: program);
        using var client = new HttpClient { BaseAddress = await process.ReadyAsync() };
        var (page, visit) = await LoadAsync(client, "account/login");
        using var plain = new HttpClient { BaseAddress = client.BaseAddress };
        var files = Reference().Matches(await plain.GetStringAsync("account/login", TestContext.Current.CancellationToken))
            .Select(m => m.Groups["file"].Value).Distinct().ToList();

        Assert.Contains("_content/MudBlazor/MudBlazor.min.css", files);
        Assert.Contains("_framework/blazor.web.js", files);
        foreach (var file in files)
        {
            visit += (await LoadAsync(client, file)).Bytes;
        }

        Assert.NotEmpty(page);
        Assert.InRange(visit, 1, MostOfAFirstVisit);
    }

    /// <returns>How it was encoded and how many bytes that took.</returns>
    private static async Task<(string Encoding, int Bytes)> LoadAsync(HttpClient client, string path)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.AcceptEncoding.ParseAdd("gzip, br");
        using var answer = await client.SendAsync(request, TestContext.Current.CancellationToken);
        answer.EnsureSuccessStatusCode();
        var bytes = (await answer.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken)).Length;
        var encoding = string.Join(", ", answer.Content.Headers.ContentEncoding);
        // A woff2 font is compressed as it is.
        Assert.True(encoding.Length > 0 || bytes <= MostUncompressed || path.EndsWith(".woff2", StringComparison.Ordinal), $"{path} comes as {bytes} bytes, uncompressed.");
        return (encoding, bytes);
    }

    private static async Task PublishAsync(string folder)
    {
        var project = Path.Combine(Path.GetDirectoryName(ProgramProcess.BuiltProgram)!, "..", "..", "..");
        var configuration = Path.GetFileName(Path.GetDirectoryName(Path.GetDirectoryName(ProgramProcess.BuiltProgram)))!;
        var start = new ProcessStartInfo("dotnet", ["publish", project, "--no-build", "--nologo", "-v", "q", "-c", configuration, "-o", folder])
        {
            RedirectStandardOutput = true,
        };
        using var publish = Process.Start(start)!;
        var output = await publish.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await publish.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.True(publish.ExitCode == 0, output);
    }

    [GeneratedRegex("""<(?:script[^>]* src|link[^>]* href)="(?<file>[^"]+)""")]
    private static partial Regex Reference();
}
