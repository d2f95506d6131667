using System.Reflection;
using NexLlm.Dashboard.Components.Logs;
using NexLlm.Dashboard.Gateway.Bodies;
using NexLlm.Dashboard.Gateway.Errors;
using NexLlm.Dashboard.Keys.Policy;

namespace NexLlm.Dashboard.Tests.Components.Logs;

public sealed class LogStatusTests
{
    [Fact]
    public void Every_code_that_the_gateway_refuses_with_can_be_looked_for()
    {
        var outside = new[] { typeof(Rejection), typeof(BodyRejection) }.SelectMany(type => type.GetProperties(BindingFlags.Public | BindingFlags.Static))
            .Where(property => property.PropertyType == typeof(Rejection)).Select(property => ((Rejection)property.GetValue(null)!).Error.Code)
            .Append(Rejection.WrongMethod("GET").Error.Code).Append(BusyRejection.ServerBusy(TimeSpan.Zero).Error.Code).Append(Rejection.UnknownAddress("Unknown URL.").Error.Code);
        var codes = Enum.GetValues<Verdict>().Where(verdict => verdict is not Verdict.Allowed).Select(verdict => VerdictErrors.For(verdict).Code);

        Assert.Equal(codes.Concat(outside).Distinct().Order(StringComparer.Ordinal), LogStatus.Codes);
        Assert.All(LogStatus.Codes, code => Assert.True(LogStatus.IsOffered(code)));
        Assert.False(LogStatus.IsOffered("some_code"));
    }

    [Theory]
    [InlineData("key_disabled", "This API key is disabled.")]
    [InlineData("unsupported_state", "References to stored provider state (e.g. 'previous_response_id', file IDs) are not supported.")]
    [InlineData("some_code", null)]
    public void The_meaning_of_a_code_is_the_first_sentence_of_its_message(string code, string? meaning) => Assert.Equal(meaning, LogStatus.Meaning(code));
}
