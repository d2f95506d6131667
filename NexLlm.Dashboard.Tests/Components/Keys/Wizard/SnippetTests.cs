using NexLlm.Dashboard.Components.Keys.Wizard;

namespace NexLlm.Dashboard.Tests.Components.Keys.Wizard;

public sealed class SnippetTests
{
    [Fact]
    public void Every_example_holds_the_address_and_the_key_once_and_each_request_the_model()
    {
        foreach (var snippet in Snippet.All("https://llm.example/v1", "aws/claude-haiku-4-5", "sk-nexllm-AbC…wXyZ"))
        {
            Assert.Contains("https://llm.example/v1", snippet.Text, StringComparison.Ordinal);
            Assert.Equal(2, snippet.Text.Split("sk-nexllm-AbC…wXyZ").Length);
            Assert.Equal(snippet.Name != Snippet.Env, snippet.Text.Contains("\"aws/claude-haiku-4-5\"", StringComparison.Ordinal));
        }
    }

    [Fact]
    public void A_model_with_quotes_in_its_id_breaks_out_of_no_example()
    {
        foreach (var snippet in Snippet.All("https://llm.example/v1", "a\"b'c\\d", "key").Where(s => s.Name != Snippet.Env))
        {
            var quoted = snippet.Name == "curl" ? """
                "a\"b'\''c\\d"
                """ : """
                "a\"b'c\\d"
                """;
            Assert.Contains(quoted, snippet.Text, StringComparison.Ordinal);
        }
    }
}
