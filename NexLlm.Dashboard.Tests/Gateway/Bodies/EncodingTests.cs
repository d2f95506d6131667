using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using NexLlm.Dashboard.Gateway.Buffers;
using NexLlm.Dashboard.Tests.TestKit;

namespace NexLlm.Dashboard.Tests.Gateway.Bodies;

/// <summary>Compressed bodies: what is understood, and that they are no way around the limits.</summary>
public sealed class EncodingTests
{
    private const int Limit = 1_024 * 1_024;

    public static TheoryData<string> Encodings => ["gzip", "x-gzip", "br", "zstd", "deflate", "raw-deflate"];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(Encodings))]
    public async Task A_compressed_body_is_answered_and_goes_upstream_uncompressed(string encoding)
    {
        await using var app = await GatewayApp.StartAsync();
        using var caller = await app.CreateCallerAsync();
        foreach (var text in (string[])["Hi", new string('x', 700_000)])
        {
            var body = Encoding.UTF8.GetBytes(Caller.ChatBody(text: text));
            using var answer = await PostAsync(caller, Packed(encoding, body), Header(encoding));

            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            var received = app.Upstream.Received.Last();
            Assert.Equal(body, received.Bytes);
            Assert.DoesNotContain("Content-Encoding", received.Headers.Keys);
        }

        await NothingHeldAsync(app);
    }

    [Theory]
    [InlineData("identity")]
    [InlineData("")]
    [InlineData("identity, identity")]
    public async Task No_encoding_is_an_encoding_too(string encoding)
    {
        await using var app = await GatewayApp.StartAsync();
        using var caller = await app.CreateCallerAsync();
        using var answer = await PostAsync(caller, Encoding.UTF8.GetBytes(Caller.ChatBody()), encoding);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    [Fact]
    public async Task An_encoding_may_stand_beside_identity_and_in_any_case()
    {
        await using var app = await GatewayApp.StartAsync();
        using var caller = await app.CreateCallerAsync();
        using var answer = await PostAsync(caller, Packed("gzip", Encoding.UTF8.GetBytes(Caller.ChatBody())), "identity, GZip");

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    [Theory]
    [InlineData("compress")]
    [InlineData("gzip, gzip")]
    [InlineData("gzip, br")]
    [InlineData("aws-chunked")]
    public async Task What_is_not_understood_is_refused_with_what_is(string encoding)
    {
        await using var app = await GatewayApp.StartAsync();
        using var caller = await app.CreateCallerAsync();
        using var answer = await PostAsync(caller, Encoding.UTF8.GetBytes(Caller.ChatBody()), encoding);

        var error = await RejectionTests.ExpectAsync(answer, 415, "invalid_request_error", "unsupported_content_encoding");
        Assert.Contains("gzip, br, zstd, deflate", error.GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.Equal("gzip, br, zstd, deflate", answer.Headers.GetValues("Accept-Encoding").Single());
    }

    [Theory]
    [MemberData(nameof(Encodings))]
    public async Task A_body_that_would_be_too_large_is_unpacked_no_further_than_the_limit(string encoding)
    {
        await using var app = await GatewayApp.StartAsync(("Gateway:MaxBodyBytes", $"{Limit}"), ("Gateway:MaxBodyMemory", $"{3 * Limit}"));
        using var caller = await app.CreateCallerAsync();
        var bomb = Packed(encoding, new byte[64 * Limit]);
        Assert.InRange(bomb.Length, 1, Limit);
        using var answer = await PostAsync(caller, bomb, Header(encoding));

        var error = await RejectionTests.ExpectAsync(answer, 413, "invalid_request_error", "request_too_large");
        Assert.Contains("1,048,576 bytes", error.GetProperty("message").GetString(), StringComparison.Ordinal);
        await NothingHeldAsync(app);
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("br")]
    [InlineData("zstd")]
    [InlineData("deflate")]
    public async Task Damaged_data_is_refused_wherever_the_damage_is(string encoding)
    {
        await using var app = await GatewayApp.StartAsync();
        using var caller = await app.CreateCallerAsync();
        var random = new Random(21);
        var body = new byte[40_000];
        random.NextBytes(body);
        var packed = Packed(encoding, Encoding.UTF8.GetBytes(Caller.ChatBody(text: Convert.ToBase64String(body))));
        byte[][] damaged = [packed[..^3], packed[..^9], packed[..(packed.Length / 2)], packed[..1], Encoding.UTF8.GetBytes(Caller.ChatBody())];
        foreach (var wrong in damaged)
        {
            using var answer = await PostAsync(caller, wrong, encoding);
            var error = await RejectionTests.ExpectAsync(answer, 400, "invalid_request_error", "invalid_request");
            Assert.Contains(encoding, error.GetProperty("message").GetString(), StringComparison.Ordinal);
        }

        Assert.Empty(app.Upstream.Received);
        await NothingHeldAsync(app);
    }

    /// <summary>A frame may ask its reader to keep up to 2 GB.</summary>
    [Fact]
    public async Task A_zstd_frame_cannot_ask_for_a_large_window()
    {
        await using var app = await GatewayApp.StartAsync();
        using var caller = await app.CreateCallerAsync();
        byte[] frame = [0x28, 0xb5, 0x2f, 0xfd, 0x00, 0xa8, 0x01, 0x00, 0x00];
        using var answer = await PostAsync(caller, frame, "zstd");

        await RejectionTests.ExpectAsync(answer, 400, "invalid_request_error", "invalid_request");
    }

    private static async Task<HttpResponseMessage> PostAsync(Caller caller, byte[] body, string encoding)
    {
        var content = new ByteArrayContent(body);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        content.Headers.TryAddWithoutValidation("Content-Encoding", encoding);
        return await caller.Http.PostAsync("/v1/chat/completions", content, Cancellation);
    }

    /// <summary>Bodies are given back a moment after their answer.</summary>
    private static Task NothingHeldAsync(GatewayApp app) =>
        GatewayApp.UntilAsync(() => Task.FromResult(app.Service<BodyMemoryBudget>().Held == 0));

    private static string Header(string encoding) => encoding.Replace("raw-", "", StringComparison.Ordinal);

    private static byte[] Packed(string encoding, byte[] body)
    {
        using var packed = new MemoryStream();
        using (Stream stream = encoding switch
        {
            "br" => new BrotliStream(packed, CompressionLevel.Fastest),
            "zstd" => new ZstdSharp.CompressionStream(packed),
            "deflate" => new ZLibStream(packed, CompressionLevel.Fastest),
            "raw-deflate" => new DeflateStream(packed, CompressionLevel.Fastest),
            _ => new GZipStream(packed, CompressionLevel.Fastest),
        })
        {
            stream.Write(body);
        }

        return packed.ToArray();
    }
}
