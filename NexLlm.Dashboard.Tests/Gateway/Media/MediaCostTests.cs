using System.Text;
using CsCheck;
using Microsoft.Extensions.Time.Testing;
using NexLlm.Dashboard.Channels;
using NexLlm.Dashboard.Channels.Routing;
using NexLlm.Dashboard.Channels.Tokens;
using NexLlm.Dashboard.Gateway.Costs;
using NexLlm.Dashboard.Gateway.Dialects;
using NexLlm.Dashboard.Gateway.Json;
using NexLlm.Dashboard.Gateway.Media;
using NexLlm.Dashboard.Gateway.Settings;
using NexLlm.Dashboard.Keys.Policy;
using NexLlm.Dashboard.Tests.TestKit;
using NexLlm.Dashboard.Usage;
using static NexLlm.Dashboard.Channels.UpstreamApi;

namespace NexLlm.Dashboard.Tests.Gateway.Media;

/// <summary>What requests for images, audio and judgements can cost, and what they are charged.</summary>
public sealed class MediaCostTests
{
    private static readonly GatewayOptions _options = new();
    private static readonly TokenCounter _tokens = new();

    private readonly TestChannels _channels = new(new FakeTimeProvider());

    public static TheoryData<UpstreamApi, PriceUnit, long?> Prices => new()
    {
        { ImageGenerations, PriceUnit.Image, 30 },
        { ImageGenerations, PriceUnit.Request, 10 },
        { ImageGenerations, PriceUnit.Second, null },
        { ImageEdits, PriceUnit.Image, 30 },
        { ImageEdits, PriceUnit.ThousandCharacters, null },
        { Speech, PriceUnit.ThousandCharacters, 16 }, // ceil(1,501 x 10 / 1,000)
        { Speech, PriceUnit.Request, 10 },
        { Speech, PriceUnit.Image, null },
        { Transcriptions, PriceUnit.Second, 30 }, // 2,001 bytes are three seconds begun
        { Translations, PriceUnit.Second, 30 },
        { Transcriptions, PriceUnit.Image, null },
        { Moderations, PriceUnit.Request, 10 },
        { Rerank, PriceUnit.ThousandCharacters, 16 },
    };

    [Theory]
    [MemberData(nameof(Prices))]
    public void A_price_counts_what_its_unit_says_and_nothing_else(UpstreamApi api, PriceUnit unit, long? tokens)
    {
        var asked = new MediaRequest { Answers = 3, Characters = 1_501, AudioBytes = 2_001 };

        Assert.Equal(tokens, MediaPrice.Of(new ModelPrice(unit, 10), DialectRegistry.Describe(api).Media!, asked, MediaPrice.MostSeconds(asked, _options)));
    }

    [Fact]
    public void No_price_and_no_number_overflow_the_bound()
    {
        Gen.Select(Gen.Long[0, long.MaxValue], Gen.Long[0, long.MaxValue], Gen.Enum<PriceUnit>(), Gen.Int[0, UpstreamApis.All.Count - 1]).Sample((quantity, tokens, unit, i) =>
        {
            if (DialectRegistry.Describe(UpstreamApis.All[i]).Media is not { } api) return true;
            var asked = new MediaRequest { Answers = quantity, Characters = quantity, AudioBytes = quantity / 2 };
            return MediaPrice.Of(new ModelPrice(unit, tokens), api, asked, quantity) is null or >= 0;
        });
    }

    [Theory]
    [InlineData(ImageGenerations)]
    [InlineData(ImageEdits)]
    [InlineData(Speech)]
    [InlineData(Transcriptions)]
    [InlineData(Translations)]
    public void Without_a_price_and_limits_of_the_model_nothing_bounds_what_is_made(UpstreamApi api) =>
        Assert.Null(MediaCostBound.Of(api, new MediaRequest { AudioBytes = Bytes(api) }, Routes(new ChannelModel { Name = "m" }), _options));

    [Theory]
    [InlineData(Moderations)]
    [InlineData(Rerank)]
    public void Judgements_cost_their_text_which_its_bytes_bound(UpstreamApi api) =>
        Assert.Equal(1_016, MediaCostBound.Of(api, new MediaRequest { TextBytes = 1_000 }, Routes(new ChannelModel { Name = "m" }), _options)!.Value.Total);

    [Fact]
    public void The_limits_of_a_model_bound_what_its_upstream_can_report()
    {
        var routes = Routes(new ChannelModel { Name = "m", ContextTokens = 16_000, MaxOutputTokens = 2_000 });

        Assert.Equal(18_000, MediaCostBound.Of(Transcriptions, new MediaRequest { AudioBytes = 1 }, routes, _options)!.Value.Total);
        Assert.Equal(16 + 100 + (3 * 2_000), MediaCostBound.Of(ImageGenerations, new MediaRequest { TextBytes = 100, Answers = 3 }, routes, _options)!.Value.Total);
        Assert.Equal(16_000 + 2_000, MediaCostBound.Of(ImageEdits, new MediaRequest { Images = 2 }, routes, _options)!.Value.Total);
    }

    [Fact]
    public void The_dearest_of_the_channels_that_may_answer_is_reserved()
    {
        var routes = TestChannels.Routes(
            (_channels.Create("cheap"), new ChannelModel { Name = "m", Price = new ModelPrice(PriceUnit.Image, 100) }),
            (_channels.Create("dear"), new ChannelModel { Name = "m", Price = new ModelPrice(PriceUnit.Request, 700) }));

        Assert.Equal(700, MediaCostBound.Of(ImageGenerations, new MediaRequest { Answers = 2 }, routes, _options)!.Value.Total);
        Assert.Equal(900, MediaCostBound.Of(ImageGenerations, new MediaRequest { Answers = 9 }, routes, _options)!.Value.Total);
    }

    [Fact]
    public void One_channel_without_price_leaves_the_request_without_a_bound()
    {
        var routes = TestChannels.Routes(
            (_channels.Create("priced"), new ChannelModel { Name = "m", Price = new ModelPrice(PriceUnit.Image, 100) }),
            (_channels.Create("not"), new ChannelModel { Name = "m" }));

        Assert.Null(MediaCostBound.Of(ImageGenerations, new MediaRequest(), routes, _options));
    }

    [Fact]
    public void Where_tokens_and_price_may_both_come_the_larger_is_reserved()
    {
        var routes = Routes(new ChannelModel { Name = "m", ContextTokens = 100, MaxOutputTokens = 100, Price = new ModelPrice(PriceUnit.Second, 1_000) });

        Assert.Equal(5_000, MediaCostBound.Of(Transcriptions, new MediaRequest { AudioBytes = 5_000 }, routes, _options)!.Value.Total);
        Assert.Equal(1_000, MediaCostBound.Of(Transcriptions, new MediaRequest { AudioBytes = 1 }, routes, _options)!.Value.Total);
    }

    [Fact]
    public void A_recording_at_an_address_has_no_bound_by_its_size() =>
        Assert.Null(MediaCostBound.Of(Transcriptions, new MediaRequest { HasUnknownPart = true }, Routes(new ChannelModel { Name = "m", Price = new ModelPrice(PriceUnit.Second, 1) }), _options));

    public static TheoryData<UpstreamApi, string, long, long> Reports => new()
    {
        { ImageGenerations, """{"created":1,"data":[{"b64_json":"AAAA"}],"usage":{"input_tokens":50,"output_tokens":1056,"total_tokens":1106,"input_tokens_details":{"text_tokens":10,"image_tokens":40}}}""", 50, 1056 },
        { Transcriptions, """{"text":"one two","usage":{"type":"tokens","input_tokens":14,"input_token_details":{"text_tokens":0,"audio_tokens":14},"output_tokens":45,"total_tokens":59}}""", 14, 45 },
        { Rerank, """{"model":"m","usage":{"total_tokens":813},"results":[{"index":0,"relevance_score":0.7}]}""", 813, 0 },
        { Rerank, """{"results":[],"usage":{"prompt_tokens":813,"total_tokens":813}}""", 813, 0 },
        { Rerank, """{"id":"x","results":[],"meta":{"api_version":{"version":"2"},"billed_units":{"search_units":1},"tokens":{"input_tokens":77,"output_tokens":3}}}""", 80, 0 },
        { Moderations, """{"id":"m","results":[{"flagged":false}],"usage":{"prompt_tokens":9,"total_tokens":9}}""", 9, 0 },
    };

    [Theory]
    [MemberData(nameof(Reports))]
    public void What_the_upstream_reports_is_charged_whatever_the_price(UpstreamApi api, string answer, long input, long output)
    {
        var charge = Charge(api, new MediaRequest(), new ModelPrice(PriceUnit.Request, 1), answer);

        Assert.Equal(new Settlement(input, output, UsageSource.Upstream), charge);
    }

    [Theory]
    [InlineData("""{"text":"a","usage":{"type":"duration","seconds":9}}""", 90)]
    [InlineData("""{"task":"transcribe","duration":8.470000267028809,"text":"a","segments":[{"id":0,"text":"a","tokens":[1,2]}]}""", 90)]
    [InlineData("""{"duration":"8.5","text":"a"}""", 90)]
    [InlineData("""{"duration":0.2,"text":"a"}""", 10)]
    [InlineData("""{"text":"a"}""", 500)] // Not told: as long as the recording can be.
    [InlineData("""{"text":"a","usage":{"type":"duration","seconds":-9}}""", 500)]
    [InlineData("""{"text":"a","usage":{"type":"duration","seconds":1e99}}""", 500)]
    [InlineData("""{"text":"a","usage":{"input_tokens":0,"output_tokens":0}}""", 500)]
    public void Audio_is_charged_by_the_seconds_that_are_told(string answer, long charged)
    {
        var charge = Charge(Transcriptions, new MediaRequest { AudioBytes = 50_000, MostSeconds = 50 }, new ModelPrice(PriceUnit.Second, 10), answer);

        Assert.Equal(new Settlement(charged, 0, UsageSource.Priced), charge);
    }

    [Theory]
    [InlineData(ImageGenerations, """{"data":[{"url":"https://example.com/a.png"}]}""")]
    [InlineData(Speech, "")]
    [InlineData(Transcriptions, """{"text":"one two three"}""")]
    [InlineData(Moderations, """{"results":[]}""")]
    [InlineData(Rerank, """{"results":[]}""")]
    public void What_nobody_prices_and_nobody_reports_still_costs_something(UpstreamApi api, string answer)
    {
        var charge = Charge(api, new MediaRequest { Characters = 100 }, null, answer);

        Assert.Equal(UsageSource.Counted, charge.Source);
        Assert.True(charge.InputTokens + charge.OutputTokens > 0);
    }

    [Fact]
    public void A_price_of_nothing_is_the_administrators_word_for_free() =>
        Assert.Equal(new Settlement(0, 0, UsageSource.Priced), Charge(Moderations, new MediaRequest(), new ModelPrice(PriceUnit.Request, 0), """{"results":[]}"""));

    [Fact]
    public void Whatever_honest_figures_come_the_charge_is_within_the_bound()
    {
        var routes = Routes(new ChannelModel { Name = "m", ContextTokens = 900, MaxOutputTokens = 300, Price = new ModelPrice(PriceUnit.Second, 7) });
        Gen.Select(Gen.Long[1, 100_000], Gen.Int[0, 900], Gen.Int[0, 300], Gen.Double[0, 1]).Sample((bytes, input, output, part) =>
        {
            var asked = new MediaRequest { AudioBytes = bytes };
            asked = asked with { MostSeconds = MediaPrice.MostSeconds(asked, _options) };
            var bound = MediaCostBound.Of(Transcriptions, asked, routes, _options)!.Value;
            var seconds = FormattableString.Invariant($"{asked.MostSeconds * part:0.000}");
            var byTokens = Charge(Transcriptions, asked, routes.Targets[0].Price, $$$"""{"text":"","usage":{"input_tokens":{{{input}}},"output_tokens":{{{output}}}}}""");
            var bySeconds = Charge(Transcriptions, asked, routes.Targets[0].Price, $$$"""{"text":"","duration":{{{seconds}}}}""");
            return byTokens.InputTokens + byTokens.OutputTokens <= bound.Total && bySeconds.InputTokens + bySeconds.OutputTokens <= bound.Total && bound.Total <= TokenQuota.MaxTokens;
        });
    }

    private static long Bytes(UpstreamApi api) => api is Transcriptions or Translations ? 100 : 0;

    private ModelRoutes Routes(ChannelModel model) => TestChannels.Routes((_channels.Create("one"), model));

    private static Settlement Charge(UpstreamApi api, MediaRequest asked, ModelPrice? price, string answer)
    {
        using var reader = ResponseReader.Rent(api, dropUsage: true);
        reader.ReadJson(Encoding.UTF8.GetBytes(answer), last: false);
        reader.ReadJson([], last: true);
        var kind = DialectRegistry.Describe(api).Media!;
        return MediaCharge.Known(kind, asked, price, reader) ?? MediaCharge.Estimated(kind, asked, textTokens: 4, reader, _tokens);
    }
}
