using CsCheck;
using NexLlm.Dashboard.Accounts.Identity;
using NexLlm.Dashboard.Accounts.TwoStep;
using NexLlm.Dashboard.Tests.TestKit;
using OtpNet;

namespace NexLlm.Dashboard.Tests.Accounts.TwoStep;

public sealed class AuthenticatorCodesTests
{
    private static readonly Gen<string> _keys = Gen.Byte.Array[20].Select(Base32Encoding.ToString);

    private static readonly Gen<DateTimeOffset> _instants = Gen.Long[0, 4_000_000_000].Select(DateTimeOffset.FromUnixTimeSeconds);

    /// <summary>The vectors of RFC 6238, appendix B, for SHA-1, by their last six digits.</summary>
    [Theory]
    [InlineData(59, "287082")]
    [InlineData(1_111_111_109, "081804")]
    [InlineData(1_111_111_111, "050471")]
    [InlineData(1_234_567_890, "005924")]
    [InlineData(2_000_000_000, "279037")]
    [InlineData(20_000_000_000, "353130")]
    public void The_codes_are_those_of_the_standard(long seconds, string code)
    {
        var key = Base32Encoding.ToString("12345678901234567890"u8.ToArray());

        Assert.Equal(seconds / 30, AuthenticatorCodes.StepOf(key, code, DateTimeOffset.FromUnixTimeSeconds(seconds)));
    }

    [Fact]
    public void A_code_is_right_in_its_own_half_minute_and_the_ones_beside_it_and_never_else() =>
        Gen.Select(_keys, _instants, Gen.Int[-10, 10]).Sample((key, at, steps) =>
        {
            var (code, step) = (Authenticator.CodeOf(key, at), at.ToUnixTimeSeconds() / 30);
            var found = AuthenticatorCodes.StepOf(key, code, at.AddSeconds(steps * 30));

            // Another step may have the same code by chance; this one's is never taken for current when it is not.
            return Math.Abs(steps) <= 1 ? found is { } near && Math.Abs(near - step) <= 2 : found != step;
        });

    [Fact]
    public void What_is_not_six_digits_is_no_code() =>
        Gen.Select(_keys, Gen.String).Where(t => t.Item2.Count(char.IsAsciiDigit) != 6).Sample((key, typed) =>
            AuthenticatorCodes.StepOf(key, typed, NexLlmApp.Start) is null);

    [Fact]
    public void Blanks_in_a_code_do_not_matter()
    {
        var key = AuthenticatorCodes.NewKey();
        var code = Authenticator.CodeOf(key, NexLlmApp.Start);

        Assert.NotNull(AuthenticatorCodes.StepOf(key, $" {code[..3]} {code[3..]} ", NexLlmApp.Start));
        Assert.Null(AuthenticatorCodes.StepOf(key, null, NexLlmApp.Start));
    }

    [Fact]
    public void Recovery_codes_differ_and_are_the_same_however_they_are_spelled()
    {
        var codes = Enumerable.Range(0, 1_000).Select(_ => RecoveryCodes.New()).ToList();

        Assert.Equal(codes.Count, codes.Distinct().Count());
        Assert.All(codes, code =>
        {
            Assert.Matches("^[2-9B-Y]{4}(-[2-9B-Y]{4}){3}$", code);
            Assert.Equal(RecoveryCodes.Hash(1, code), RecoveryCodes.Hash(1, $" {code.Replace('-', ' ').ToLowerInvariant()} "));
            Assert.NotEqual(RecoveryCodes.Hash(1, code), RecoveryCodes.Hash(2, code));
        });
    }
}
