using System.Buffers;
using System.Text;
using CsCheck;
using Microsoft.AspNetCore.WebUtilities;
using NexLlm.Dashboard.Gateway.Media;
using static NexLlm.Dashboard.Tests.Gateway.Media.Forms;

namespace NexLlm.Dashboard.Tests.Gateway.Media;

/// <summary>That a form is read in one way only, and that what goes upstream is what was read.</summary>
public sealed class MultipartFormTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public void Fields_and_files_are_found_with_their_values()
    {
        var body = Of(Field("model", "whisper-1"), Field("prompt", ""), File("file", "\0\r\n--x\r\n\r\n--"), Field("timestamp_granularities[]", "word"), Field("timestamp_granularities[]", "segment"));

        var form = Read(body);

        Assert.Equal(
            ["model=whisper-1", "prompt=", "file=\0\r\n--x\r\n\r\n--", "timestamp_granularities[]=word", "timestamp_granularities[]=segment"],
            form.Fields.Select(f => $"{f.Name}={Encoding.Latin1.GetString(body[f.Value])}"));
        Assert.Equal(("a.mp3", "audio/mpeg"), (form.Fields[2].FileName, form.Fields[2].ContentType));
    }

    [Fact]
    public async Task What_is_written_is_read_by_the_frameworks_reader_as_it_was_read_here()
    {
        var value = Gen.OneOf(
            Gen.Byte.Array[0, 300],
            AnyOf("\r\n", "--", Boundary, "\r\n--", $"--{Boundary}x", "\n", "\r", "a", "\0").List[0, 12].Select(pieces => Bytes(string.Concat(pieces))));
        await value.List[1, 6].SampleAsync(async values =>
        {
            var parts = values.Select((v, i) => File($"f{i}", Encoding.Latin1.GetString(v))).ToArray();
            var body = Of([Field("model", "asked"), .. parts]);
            if (!MultipartForm.TryRead(body, ContentType, out var form, out _))
            {
                Assert.Contains(values, v => Encoding.Latin1.GetString(v).Contains(Boundary, StringComparison.Ordinal));
                return;
            }

            var read = await WrittenAsync(form!, body, "upstream-name");
            Assert.Equal(form!.Fields.Select(f => f.Name), read.Select(f => f.Name));
            Assert.Equal("upstream-name"u8.ToArray(), read[0].Value);
            Assert.All(read.Skip(1).Zip(form.Fields.Skip(1)), pair => Assert.Equal(body[pair.Second.Value], pair.First.Value));
        });
    }

    [Fact]
    public void No_bytes_at_all_make_the_reader_throw()
    {
        var piece = AnyOf(
            "\r\n", "\n", "--", Boundary, $"--{Boundary}", $"--{Boundary}\r\n", $"\r\n--{Boundary}--", "Content-Disposition: form-data; name=\"model\"", "\r\n\r\n",
            "Content-Disposition: form-data; name=\"file\"; filename=\"a\"", ":", "\0", "\"", "é", "x", "Content-Type: audio/mpeg");
        piece.List[0, 20].Sample(pieces =>
        {
            var body = Bytes(string.Concat(pieces));
            var right = MultipartForm.TryRead(body, ContentType, out var form, out var error);
            return right ? form is { Fields.Count: > 0 } && error is null : error is { Message.Length: > 0 };
        }, iter: 20_000);
    }

    public static TheoryData<string, string> Hostile => new()
    {
        { "no final boundary", $"--{Boundary}\r\n{Field("model", "m")}\r\n" },
        { "a final boundary cut short", $"--{Boundary}\r\n{Field("model", "m")}\r\n--{Boundary}-" },
        { "a boundary that goes on", $"--{Boundary}\r\n{Field("model", "m")}\r\n--{Boundary}x\r\n{Field("n", "1")}\r\n--{Boundary}--" },
        { "a boundary with a space after it", $"--{Boundary} \r\n{Field("model", "m")}\r\n--{Boundary}--" },
        { "a preamble", $"Hello\r\n--{Boundary}\r\n{Field("model", "m")}\r\n--{Boundary}--" },
        { "an epilogue", $"--{Boundary}\r\n{Field("model", "m")}\r\n--{Boundary}--\r\n--{Boundary}\r\n{Field("model", "other")}\r\n--{Boundary}--" },
        { "line feeds alone", $"--{Boundary}\n{Field("model", "m")}\n--{Boundary}--\n" },
        { "line feeds alone in headers", $"--{Boundary}\r\nContent-Disposition: form-data; name=\"model\"\n\nm\r\n--{Boundary}--" },
        { "a carriage return alone in a header", $"--{Boundary}\r\nContent-Disposition: form-data; name=\"mo\rdel\"\r\n\r\nm\r\n--{Boundary}--" },
        { "a folded header", $"--{Boundary}\r\nContent-Disposition: form-data;\r\n name=\"model\"\r\n\r\nm\r\n--{Boundary}--" },
        { "headers that do not end", $"--{Boundary}\r\nContent-Disposition: form-data; name=\"model\"\r\nm\r\n--{Boundary}--" },
        { "huge headers", $"--{Boundary}\r\nX: {new string('x', 5_000)}\r\n{Field("model", "m")}\r\n--{Boundary}--" },
        { "a boundary right after the headers", $"--{Boundary}\r\nContent-Disposition: form-data; name=\"model\"\r\n\r\n--{Boundary}\r\n{Field("n", "1")}\r\n--{Boundary}--" },
        { "no headers", $"--{Boundary}\r\n\r\nm\r\n--{Boundary}--" },
        { "no disposition", $"--{Boundary}\r\nContent-Type: text/plain\r\n\r\nm\r\n--{Boundary}--" },
        { "two dispositions", $"--{Boundary}\r\nContent-Disposition: form-data; name=\"a\"\r\n{Field("model", "m")}\r\n--{Boundary}--" },
        { "a disposition with two names", $"--{Boundary}\r\nContent-Disposition: form-data; name=\"a\"; name=\"model\"\r\n\r\nm\r\n--{Boundary}--" },
        { "an attachment", $"--{Boundary}\r\nContent-Disposition: attachment; name=\"model\"\r\n\r\nm\r\n--{Boundary}--" },
        { "no name", $"--{Boundary}\r\nContent-Disposition: form-data\r\n\r\nm\r\n--{Boundary}--" },
        { "an empty name", $"--{Boundary}\r\n{Field("", "m")}\r\n--{Boundary}--" },
        { "a name with a space", $"--{Boundary}\r\n{Field("model ", "m")}\r\n--{Boundary}--" },
        { "a name with a zero byte", $"--{Boundary}\r\n{Field("model\0", "m")}\r\n--{Boundary}--" },
        { "a header name with a space", $"--{Boundary}\r\nContent-Disposition : form-data; name=\"model\"\r\n\r\nm\r\n--{Boundary}--" },
        { "a field twice", $"--{Boundary}\r\n{Field("model", "m")}\r\n--{Boundary}\r\n{Field("model", "other")}\r\n--{Boundary}--" },
        { "a file and a field of one name", $"--{Boundary}\r\n{Field("model", "m")}\r\n--{Boundary}\r\n{File("model", "other")}\r\n--{Boundary}--" },
        { "base64", $"--{Boundary}\r\nContent-Transfer-Encoding: base64\r\n{Field("model", "bQ==")}\r\n--{Boundary}--" },
        { "text that is not UTF-8", $"--{Boundary}\r\n{Field("model", "\u00ff")}\r\n--{Boundary}--" },
        { "nothing", "" },
        { "only the end", $"--{Boundary}--\r\n" },
    };

    [Theory]
    [MemberData(nameof(Hostile))]
    public void A_form_that_readers_could_take_apart_differently_is_refused(string why, string body)
    {
        Assert.False(MultipartForm.TryRead(Bytes(body), ContentType, out var form, out var error), why);
        Assert.Null(form);
        Assert.Equal(NexLlm.Dashboard.Keys.Policy.Verdict.InvalidRequest, error!.Verdict);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("multipart/form-data")]
    [InlineData("multipart/form-data; boundary=")]
    [InlineData("multipart/form-data; boundary=a; boundary=b")]
    [InlineData("multipart/form-data; boundary=\"a b\"")]
    [InlineData("multipart/form-data; boundary=\"a\\\"b\"")]
    [InlineData("multipart/form-data; boundary=ä")]
    [InlineData("multipart/form-data; boundary=01234567890123456789012345678901234567890123456789012345678901234567890")]
    [InlineData("multipart/mixed; boundary=a")]
    [InlineData("multipart/form-data, multipart/form-data; boundary=a")]
    public void A_boundary_that_is_not_clear_is_refused(string? contentType) =>
        Assert.Null(FormBoundary.Of(contentType));

    [Theory]
    [InlineData("multipart/form-data; boundary=----WebKitFormBoundaryABC", "----WebKitFormBoundaryABC")]
    [InlineData("multipart/form-data; boundary=\"d9e5:a/b=c\"", "d9e5:a/b=c")]
    [InlineData("Multipart/Form-Data; charset=utf-8; Boundary=x", "x")]
    public void A_boundary_is_read_as_clients_write_it(string contentType, string boundary) =>
        Assert.Equal(boundary, FormBoundary.Of(contentType));

    [Theory]
    [InlineData("speech.mp3", "speech.mp3")]
    [InlineData("../../etc/passwd.wav", "passwd.wav")]
    [InlineData("C:\\records\\my talk.m4a", "my_talk.m4a")]
    [InlineData("a\\\"; name=\\\"model.mp3", "_model.mp3")]
    [InlineData("Aufnahme \u00fc.flac", "Aufnahme__.flac")]
    [InlineData("", "file")]
    [InlineData("..", "file")]
    public async Task A_file_keeps_only_the_plain_characters_of_its_name(string sent, string forwarded)
    {
        var body = Encoding.UTF8.GetBytes($"--{Boundary}\r\n{File("file", "x", sent)}\r\n--{Boundary}--\r\n");

        var field = Assert.Single(await WrittenAsync(Read(body), body, "m"));

        Assert.Equal((forwarded, "file"), (field.FileName, field.Name));
    }

    [Theory]
    [InlineData("audio/wav", "audio/wav")]
    [InlineData("image/png; x=y", "image/png")]
    [InlineData("text/html", "application/octet-stream")]
    [InlineData("multipart/mixed; boundary=x", "application/octet-stream")]
    [InlineData("nonsense", "application/octet-stream")]
    public void A_file_goes_on_as_media_or_as_plain_bytes(string sent, string forwarded)
    {
        var body = Of(File("file", "x", type: sent));

        Assert.Equal(forwarded, Read(body).Fields[0].ContentType);
    }

    [Fact]
    public void Other_headers_of_a_field_stay_here()
    {
        var body = Of("X-Api-Key: canary\r\nAuthorization: canary\r\n" + Field("prompt", "x"));

        var to = new ArrayBufferWriter<byte>();
        FormWriter.Write(Read(body), body, FormBoundary.Create(), "m", to);

        Assert.DoesNotContain("canary", Encoding.Latin1.GetString(to.WrittenSpan), StringComparison.Ordinal);
    }

    [Fact]
    public void More_fields_than_any_api_has_are_refused()
    {
        Assert.False(MultipartForm.TryRead(Of([.. Enumerable.Range(0, 65).Select(i => Field($"f{i}", ""))]), ContentType, out _, out var error));
        Assert.Contains("64", error!.Message, StringComparison.Ordinal);
    }

    private static Gen<string> AnyOf(params string[] pieces) => Gen.Int[0, pieces.Length - 1].Select(i => pieces[i]);

    private static MultipartForm Read(byte[] body)
    {
        Assert.True(MultipartForm.TryRead(body, ContentType, out var form, out var error), error?.Message);
        return form!;
    }

    private static async Task<List<(string Name, string? FileName, byte[] Value)>> WrittenAsync(MultipartForm form, byte[] body, string model)
    {
        var to = new ArrayBufferWriter<byte>();
        var boundary = FormBoundary.Create();
        FormWriter.Write(form, body, boundary, model, to);
        var reader = new MultipartReader(boundary, new MemoryStream(to.WrittenSpan.ToArray()));
        List<(string, string?, byte[])> fields = [];
        while (await reader.ReadNextSectionAsync(Cancellation) is { } section)
        {
            using var value = new MemoryStream();
            await section.Body.CopyToAsync(value, Cancellation);
            var named = section.GetContentDispositionHeader()!;
            fields.Add((Unquoted(named.Name)!, Unquoted(named.FileName), value.ToArray()));
        }

        return fields;
    }

    private static string? Unquoted(Microsoft.Extensions.Primitives.StringSegment text) => text.Value?.Trim('"');
}
