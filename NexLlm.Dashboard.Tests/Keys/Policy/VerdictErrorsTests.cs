using NexLlm.Dashboard.Keys.Policy;

namespace NexLlm.Dashboard.Tests.Keys.Policy;

public sealed class VerdictErrorsTests
{
    private static readonly Dictionary<Verdict, (int Status, string Code, bool ShouldRetry)> _promised = new()
    {
        [Verdict.InvalidApiKey] = (401, "invalid_api_key", false),
        [Verdict.KeyDisabled] = (401, "key_disabled", false),
        [Verdict.KeyExpired] = (401, "key_expired", false),
        [Verdict.AccountDisabled] = (403, "account_disabled", false),
        [Verdict.IpNotAuthorized] = (401, "ip_not_authorized", false),
        [Verdict.TooManyRequests] = (429, "too_many_requests", true),
        [Verdict.TooManyAccountRequests] = (429, "too_many_requests", true),
        [Verdict.InvalidRequest] = (400, "invalid_request", false),
        [Verdict.RequestTooLarge] = (413, "request_too_large", false),
        [Verdict.UnsupportedState] = (400, "unsupported_state", false),
        [Verdict.ModelRequired] = (400, "model_required", false),
        [Verdict.ModelNotFound] = (404, "model_not_found", false),
        [Verdict.ModelNotAllowed] = (403, "model_not_allowed", false),
        [Verdict.WrongEndpoint] = (400, "wrong_endpoint", false),
        [Verdict.InsufficientAccountQuota] = (429, "insufficient_account_quota", false),
        [Verdict.InsufficientQuota] = (429, "insufficient_quota", false),
        [Verdict.QuotaReserved] = (429, "quota_reserved", true),
        [Verdict.StorageUnavailable] = (503, "storage_unavailable", true),
        [Verdict.NoChannel] = (503, "no_channel", true),
        [Verdict.UpstreamError] = (502, "upstream_error", true),
        [Verdict.UpstreamRateLimited] = (429, "upstream_rate_limited", true),
        [Verdict.UpstreamMisconfigured] = (502, "upstream_misconfigured", false),
    };

    public static TheoryData<Verdict> Refusals() => [.. Enum.GetValues<Verdict>().Where(verdict => verdict != Verdict.Allowed)];

    [Theory]
    [MemberData(nameof(Refusals))]
    public void Every_refusal_has_the_promised_status_and_code(Verdict verdict)
    {
        var error = VerdictErrors.For(verdict);
        Assert.Equal(_promised[verdict], (error.Status, error.Code, error.ShouldRetry));
        Assert.Contains(error.Type, (string[])["invalid_request_error", "insufficient_quota", "rate_limit_error", "server_error"]);
    }

    [Theory]
    [MemberData(nameof(Refusals))]
    public void A_public_message_is_a_sentence_without_internal_words(Verdict verdict)
    {
        var message = VerdictErrors.For(verdict).Message;
        Assert.Matches(@"^[A-Z].{10,}\.$", message);
        Assert.DoesNotMatch("(?i)channel|upstream|ledger|allowlist|exception|database|sk-nexllm-[a-z0-9]", message);
    }

    [Theory]
    [InlineData(0, "0", "0")]
    [InlineData(1, "1", "1")]
    [InlineData(999.2, "1", "1000")]
    [InlineData(1_000, "1", "1000")]
    [InlineData(36_001, "37", "36001")]
    public void A_wait_is_told_in_seconds_and_milliseconds_rounded_up(double milliseconds, string seconds, string exact)
    {
        var error = VerdictErrors.For(Verdict.NoChannel) with { RetryAfter = TimeSpan.FromMilliseconds(milliseconds) };
        Assert.Equal([new("Retry-After", seconds), new("retry-after-ms", exact)], error.RetryHeaders);
    }

    [Theory]
    [MemberData(nameof(Refusals))]
    public void What_waiting_cannot_mend_is_not_to_be_retried(Verdict verdict)
    {
        var error = VerdictErrors.For(verdict);
        Assert.Equal(!error.ShouldRetry, error.RetryHeaders.Contains(new("x-should-retry", "false")));
        Assert.True(error.ShouldRetry || error.RetryAfter is null);
    }

    [Fact]
    public void What_is_allowed_has_no_error() =>
        Assert.Throws<ArgumentException>(() => VerdictErrors.For(Verdict.Allowed));

    [Fact]
    public void A_verdict_that_nobody_set_denies() => Assert.NotEqual(Verdict.Allowed, default);
}
