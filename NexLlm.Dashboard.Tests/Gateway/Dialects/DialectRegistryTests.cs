using System.Text;
using NexLlm.Dashboard.Channels;
using NexLlm.Dashboard.Gateway.Dialects;
using NexLlm.Dashboard.Gateway.Dialects.Anthropic;

namespace NexLlm.Dashboard.Tests.Gateway.Dialects;

/// <summary>A new API, or a new dialect, fails here until it is described and registered.</summary>
public sealed class DialectRegistryTests
{
    [Fact]
    public void Every_API_is_described_by_exactly_one_dialect() =>
        Assert.Equal(UpstreamApis.All, DialectRegistry.All.SelectMany(dialect => dialect.Apis).Select(described => described.Api).Order());

    [Fact]
    public void Every_dialect_of_the_program_is_registered() =>
        Assert.Equal(
            typeof(Dialect).Assembly.GetTypes().Where(type => type.IsSubclassOf(typeof(Dialect))).OrderBy(type => type.Name, StringComparer.Ordinal),
            DialectRegistry.All.Select(dialect => dialect.GetType()).OrderBy(type => type.Name, StringComparer.Ordinal));

    /// <summary>The headers of channels are chosen there, before the gateway is involved.</summary>
    [Fact]
    public void Channels_and_dialects_agree_which_APIs_are_Anthropics() =>
        Assert.All(UpstreamApis.All, api => Assert.Equal(api.IsAnthropic(), DialectRegistry.Of(api) is AnthropicDialect));

    /// <summary>All fields of usage, or a response of the API could only be charged by an estimate.</summary>
    [Fact]
    public void Every_API_names_the_tokens_of_its_usage_report() => Assert.All(
        UpstreamApis.All,
        api => Assert.Contains(
            ResponseField.InputTokens, ((string[])["input_tokens", "prompt_tokens"]).Select(name => DialectRegistry.Describe(api).FieldOf(Encoding.UTF8.GetBytes(name)))));
}
