using System.Text.Json;
using NexLlm.Dashboard.Channels;
using NexLlm.Dashboard.Channels.Routing;
using NexLlm.Dashboard.Components.Models;

namespace NexLlm.Dashboard.Tests.Components.Models;

public sealed class ModelExampleTests
{
    private const string BaseUrl = "https://nexllm.example/v1";

    [Fact]
    public void Every_api_has_an_example_at_its_own_path_with_the_credential_that_it_takes()
    {
        var examples = ModelExample.All(BaseUrl, Model("it's \"odd\"", [.. Enum.GetValues<UpstreamApi>()]));

        Assert.Equal(Enum.GetValues<UpstreamApi>(), examples.Select(e => e.Api));
        foreach (var (api, curl) in examples)
        {
            Assert.StartsWith($"curl {BaseUrl}{api.Path()} \\\n", curl, StringComparison.Ordinal);
            Assert.Contains(api.IsAnthropic() ? "-H \"x-api-key: YOUR_API_KEY\"" : "-H \"Authorization: Bearer YOUR_API_KEY\"", curl, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_body_is_json_that_names_the_model_whatever_is_in_its_id()
    {
        var example = ModelExample.All(BaseUrl, Model("it's \"odd\"", UpstreamApi.Embeddings)).Single();
        var word = example.Curl[(example.Curl.IndexOf("-d ", StringComparison.Ordinal) + 3)..];
        var body = word[1..^1].Replace("'\\''", "'", StringComparison.Ordinal);

        Assert.Equal("it's \"odd\"", JsonDocument.Parse(body).RootElement.GetProperty("model").GetString());
    }

    private static CatalogModel Model(string name, params UpstreamApi[] apis) => new(name, [], apis, null, null, ChannelStatus.Healthy, []);
}
