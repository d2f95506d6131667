using System.Text;
using System.Text.Json;
using CsCheck;
using NexLlm.Dashboard.Channels;
using NexLlm.Dashboard.Gateway.Json;
using NexLlm.Dashboard.Tests.TestKit;

namespace NexLlm.Dashboard.Tests.Gateway.Dialects;

/// <summary>Bodies that nobody thought of.</summary>
public sealed class RoundTripTests
{
    private static readonly string[] _set = ["model", "max_tokens", "max_completion_tokens", "max_output_tokens", "store", "stream_options", "n", "best_of"];
    private static readonly string[] _steering = ["models", "api_key", "organization"];

    private static readonly Gen<(UpstreamApi Api, string Body)> _bodies =
        Gen.Select(Bodies.AnyApi, RandomJson.Members, Gen.Int[0, 7], Gen.Bool).Select((api, members, which, before) =>
        {
            var model = """ "model" : "m" """ + (which == 0 ? ""","max_tokens":77""" : which == 1 ? ""","stream":true""" : "");
            return (api, members.Length == 0 ? $"{{{model}}}" : before ? $"{{{model},{members}}}" : $"{{{members},{model}}}");
        });

    [Fact]
    public void What_is_forwarded_is_what_came_but_for_what_the_gateway_sets()
    {
        var passed = 0;
        _bodies.Sample(
            request =>
            {
                if (Bodies.Forwarded(request.Api, request.Body, cap: 50) is not { } forwarded) return;
                Interlocked.Increment(ref passed);
                var (came, went) = (JsonElement.Parse(request.Body), JsonElement.Parse(forwarded));
                Assert.Equal(Bodies.UpstreamModel, went.GetProperty("model").GetString());
                Assert.Equal(Untouched(came), Untouched(went));
                Assert.Equal((Number(came, "n"), Number(came, "best_of")), (Number(went, "n"), Number(went, "best_of")));
                Assert.DoesNotContain(went.EnumerateObject(), m =>
                    _steering.Contains(m.Name, StringComparer.OrdinalIgnoreCase) && m.Value.ValueKind is not (JsonValueKind.Null or JsonValueKind.False));
            },
            iter: Scale.Of(5_000, 200_000));

        // A property of bodies that are all refused would hold for ever.
        Assert.True(passed > Scale.Of(500, 20_000), $"{passed}");
    }

    [Fact]
    public void No_object_that_is_forwarded_has_a_member_twice()
    {
        var refused = 0;
        _bodies.Sample(
            request =>
            {
                if (!HasTwice(JsonElement.Parse(request.Body))) return;
                Interlocked.Increment(ref refused);
                Assert.Null(Bodies.Forwarded(request.Api, request.Body));
            },
            iter: Scale.Of(5_000, 200_000));

        Assert.True(refused > Scale.Of(100, 4_000), $"{refused}");
    }

    [Fact]
    public void A_body_with_a_byte_changed_is_forwarded_unharmed_or_refused() =>
        Gen.Select(_bodies, Gen.Int[0, 1_000_000], Gen.Byte).Sample(
            (request, at, with) =>
            {
                var body = Encoding.UTF8.GetBytes(request.Body);
                body[at % body.Length] = with;
                if (!RequestScanner.TryScan(request.Api, body, out var found, out var error))
                {
                    Assert.NotNull(error);
                    return;
                }

                var went = JsonElement.Parse(Bodies.Forwarded(request.Api, Encoding.UTF8.GetString(body), cap: 50)!);
                Assert.Equal(Untouched(JsonElement.Parse(body)), Untouched(went));
                Assert.InRange(found.PromptBytes, 0, body.Length);
            },
            iter: Scale.Of(5_000, 100_000));

    [Fact]
    public void Bytes_of_any_kind_are_forwarded_unharmed_or_refused() =>
        Gen.Select(Bodies.AnyApi, Gen.Byte.Array[0, 60]).Sample(
            (api, body) => Assert.True(RequestScanner.TryScan(api, body, out _, out var error) == (error is null)),
            iter: Scale.Of(5_000, 100_000));

    /// <summary>The members that pass, each as it is written.</summary>
    private static string Untouched(JsonElement body) => string.Join('\n', body.EnumerateObject()
        .Where(m => !_set.Contains(m.Name)).Select(m => $"{m.Name}={m.Value.GetRawText()}"));

    private static decimal? Number(JsonElement body, string name) =>
        body.TryGetProperty(name, out var n) && n.ValueKind is JsonValueKind.Number && n.TryGetDecimal(out var number) ? number : null;

    private static bool HasTwice(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => value.EnumerateObject().GroupBy(m => m.Name).Any(g => g.Count() > 1) || value.EnumerateObject().Any(m => HasTwice(m.Value)),
        JsonValueKind.Array => value.EnumerateArray().Any(HasTwice),
        _ => false,
    };
}
