using System.IO.Compression;
using System.Text;
using Microsoft.AspNetCore.Http;
using NexLlm.Dashboard.Channels.Upstream;

namespace NexLlm.Dashboard.Tests.Channels.Upstream;

/// <summary>Upstreams that compress though nobody asked them to.</summary>
public sealed class UnpackingTests : UpstreamTest
{
    [Theory]
    [InlineData("gzip")]
    [InlineData("X-GZIP")]
    [InlineData("br")]
    [InlineData("deflate")]
    [InlineData("identity")]
    [InlineData("gzip, br")]
    public async Task What_came_packed_is_read_unpacked(string encoding)
    {
        Upstream.Answer = context =>
        {
            context.Response.Headers.ContentEncoding = encoding;
            return context.Response.Body.WriteAsync(encoding.Split(", ").Aggregate("hello"u8.ToArray(), Pack)).AsTask();
        };

        Assert.Equal("hello", Encoding.UTF8.GetString(await AnswerAsync(Main)));
        Assert.DoesNotContain("Accept-Encoding", Assert.Single(Upstream.Received).Headers.Keys);
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("br")]
    [InlineData("deflate")]
    public async Task A_packed_stream_arrives_piece_by_piece(string encoding)
    {
        using var turn = new SemaphoreSlim(0);
        Upstream.Answer = async context =>
        {
            context.Response.Headers.ContentEncoding = encoding;
            await using var packing = Packing(encoding, context.Response.Body);
            foreach (var piece in (string[])["one", "two"])
            {
                await packing.WriteAsync(Encoding.UTF8.GetBytes(piece));
                await packing.FlushAsync();
                await context.Response.Body.FlushAsync();
                await turn.WaitAsync(Cancellation);
            }
        };
        using var answer = await SendAsync(streamed: true);
        var buffer = new byte[100];
        foreach (var piece in (string[])["one", "two"])
        {
            Assert.Equal(piece, Encoding.UTF8.GetString(buffer, 0, await answer.Body.ReadAsync(buffer, Cancellation)));
            turn.Release();
        }

        Assert.Equal(0, await answer.Body.ReadAsync(buffer, Cancellation));
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("br")]
    [InlineData("deflate")]
    public async Task What_is_damaged_is_a_failure_of_the_channel_and_stays_one(string encoding)
    {
        Upstream.Answer = context =>
        {
            context.Response.Headers.ContentEncoding = encoding;
            return context.Response.WriteAsync("surely not packed at all, whatever the header says");
        };
        using var answer = await SendAsync();
        for (var i = 0; i < 2; i++)
        {
            await Assert.ThrowsAsync<UpstreamException>(() => answer.Body.ReadAsync(new byte[100], Cancellation).AsTask());
        }

        Assert.Equal((1, 1), (Main.Circuit.Health.Calls, Main.Circuit.Health.Failures));
    }

    [Fact]
    public async Task What_unpacks_without_end_is_given_up()
    {
        await using var endless = new Unpacking.BoundedStream(new MemoryStream(new byte[1_000]), most: 600);
        var buffer = new byte[500];
        Assert.Equal(500, await endless.ReadAsync(buffer, Cancellation));

        await Assert.ThrowsAsync<InvalidDataException>(() => endless.ReadAsync(buffer, Cancellation).AsTask());
    }

    internal static byte[] Pack(byte[] bytes, string encoding)
    {
        using var to = new MemoryStream();
        using (var packing = Packing(encoding, to))
        {
            packing.Write(bytes);
        }

        return to.ToArray();
    }

    private static Stream Packing(string encoding, Stream to) => encoding.ToLowerInvariant() switch
    {
        "gzip" or "x-gzip" => new GZipStream(to, CompressionLevel.Fastest, leaveOpen: true),
        "br" => new BrotliStream(to, CompressionLevel.Fastest, leaveOpen: true),
        "deflate" => new ZLibStream(to, CompressionLevel.Fastest, leaveOpen: true),
        _ => new BufferedStream(to),
    };
}
