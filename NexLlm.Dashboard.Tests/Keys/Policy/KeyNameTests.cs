using NexLlm.Dashboard.Keys.Policy;

namespace NexLlm.Dashboard.Tests.Keys.Policy;

public sealed class KeyNameTests
{
    [Theory]
    [InlineData("production-app", "production-app")]
    [InlineData("  dev testing \n", "dev testing")]
    [InlineData("x", "x")]
    [InlineData("Kärnten 鍵 🔑", "Kärnten 鍵 🔑")]
    [InlineData("👩‍💻", "👩‍💻")]
    [InlineData("Cafe\u0301", "Caf\u00E9")]
    [InlineData("100 %_'\"<b>;--", "100 %_'\"<b>;--")]
    public void A_name_is_taken_without_the_space_around_it(string text, string expected)
    {
        Assert.True(KeyName.TryParse(text, out var name, out var error));
        Assert.Equal(expected, name);
        Assert.Null(error);
    }

    [Theory]
    [InlineData(null, "Enter a name")]
    [InlineData("", "Enter a name")]
    [InlineData(" \t\r\n ", "Enter a name")]
    [InlineData("two\nlines", "Remove line breaks")]
    [InlineData("tab\tinside", "Remove line breaks")]
    [InlineData("nul\0", "Remove line breaks")]
    [InlineData("line\u2028separator", "Remove line breaks")]
    [InlineData("turned \u202Eround", "invisible characters")]
    [InlineData("zero\u200Bwidth", "invisible characters")]
    [InlineData("\u200D", "at least one visible character")]
    [InlineData("\u3164", "invisible characters")]
    [InlineData("\u115F\u1160", "invisible characters")]
    [InlineData("\uFFA0", "invisible characters")]
    [InlineData("\u2800\u2800", "invisible characters")]
    [InlineData("app\u3164", "invisible characters")]
    [InlineData("\uDB40\uDC41", "invisible characters")]
    [InlineData("\uFE0F", "at least one visible character")]
    [InlineData("\u034F", "at least one visible character")]
    public void A_wrong_name_is_told_what_to_fix(string? text, string advice)
    {
        Assert.False(KeyName.TryParse(text, out _, out var error));
        Assert.Contains(advice, error, StringComparison.Ordinal);
    }

    [Fact]
    public void Half_a_surrogate_pair_is_refused()
    {
        Assert.False(KeyName.TryParse("half \uD83D", out _, out var error));
        Assert.Contains("invisible characters", error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_name_has_at_most_64_characters_after_trimming()
    {
        Assert.True(KeyName.TryParse($" {new string('a', 64)} ", out _, out _));
        Assert.False(KeyName.TryParse(new string('a', 65), out _, out var error));
        Assert.Equal("Enter a name of at most 64 characters (currently 65).", error);
    }

    [Theory]
    [InlineData("Production-App", "production-app")]
    [InlineData("Caf\u00E9", "CAFE\u0301")]
    [InlineData("ПРИВЕТ", "привет")]
    public void Names_that_differ_in_case_or_spelling_of_accents_are_the_same(string one, string other) =>
        Assert.Equal(KeyName.Normalize(one), KeyName.Normalize(other));

    [Theory]
    [InlineData("a", "b")]
    [InlineData("cafe", "café")]
    [InlineData("a b", "ab")]
    public void Names_that_look_different_are_different(string one, string other) =>
        Assert.NotEqual(KeyName.Normalize(one), KeyName.Normalize(other));
}
