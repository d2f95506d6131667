using System.Text;
using NexLlm.Dashboard.Accounts.Passwords;

namespace NexLlm.Dashboard.Tests.Accounts.Passwords;

public sealed class PasswordRulesTests
{
    private const string Email = "ada.lovelace@analytical-engine.example";

    [Theory]
    [InlineData("seven green umbrellas")]
    [InlineData("purplehippodrumkitten")]
    [InlineData("xK9#mQ2$vL5@nR8")]
    [InlineData("пятнадцать зелёных слонов")]
    [InlineData("十五文字以上の長い合言葉を毎日使う")]
    [InlineData("🦊🐢🎷🌵🚲🧀🔭🪁🥁🧦🍋🪴🎯🛶🧩 fox turtle sax")]
    [InlineData("    spaces all around it    ")]
    [InlineData("no digits no capitals needed")]
    public void A_long_password_of_any_characters_is_fine(string password) => Assert.Null(PasswordRules.Check(password, Email));

    [Theory]
    [InlineData("", "Enter a password")]
    [InlineData(null, "Enter a password")]
    [InlineData("Tr0ub4dor&3", "at least 15")]
    [InlineData("greenumbrellas", "at least 15")]
    public void Fewer_than_15_characters_are_refused(string? password, string because) => AssertRefused(password, because);

    [Theory]
    [InlineData("aaaaaaaaaaaaaaa", "repeats")]
    [InlineData("abcabcabcabcabc", "repeats")]
    [InlineData("passwordpassword", "repeats")]
    [InlineData("correct!correct!correct!", "repeats")]
    [InlineData("123456789012345", "neighboring")]
    [InlineData("987654321098765", "neighboring")]
    [InlineData("qwertyuiopasdfghjkl", "neighboring")]
    [InlineData("abcdefghijklmnop", "neighboring")]
    [InlineData("qwerty1234567890!!!", "neighboring")]
    [InlineData("aaaabbbbccccdddd", "neighboring")]
    [InlineData("!!!!!!!!!!!!!!!!ab", "neighboring")]
    public void Repetitions_and_sequences_are_refused(string password, string because) => AssertRefused(password, because);

    [Theory]
    [InlineData("ada.lovelace@analytical-engine.example")]
    [InlineData("AdaLovelace1234567")]
    [InlineData("lovelace-analytical-1")]
    public void The_parts_of_the_email_address_are_refused(string password) => AssertRefused(password, "email");

    [Theory]
    [InlineData("password123456789")]
    [InlineData("Password1Password2")]
    [InlineData("P@ssw0rdP@ssw0rd!!")]
    [InlineData("letmeinletmein123")]
    [InlineData("iloveyouforever")]
    [InlineData("adminadministrator")]
    [InlineData("NexLLM-Dashboard-2026")]
    [InlineData("correct horse battery staple")]
    [InlineData("CorrectHorseBatteryStaple!")]
    [InlineData("maytheforcebewithyou")]
    [InlineData("welcome-to-nexllm-1")]
    [InlineData("superman batman spiderman")]
    [InlineData("1q2w3e4r5t6y7u8i")]
    public void Common_passwords_and_the_product_s_name_are_refused(string password) => AssertRefused(password, "common");

    [Fact]
    public void The_length_is_counted_in_code_points_up_to_128()
    {
        var longest = string.Concat(Enumerable.Range(0, 128).Select(i => new Rune(0x1F300 + (i * 7 % 200)).ToString()));
        const string Words = " brisk walnut canyon";

        Assert.Null(PasswordRules.Check(longest[..(2 * (128 - Words.Length))] + Words, Email));
        AssertRefused(longest + "a", "at most 128");
        AssertRefused(string.Concat(Enumerable.Repeat("🦊🐢", 7)), "at least 15");
    }

    [Fact]
    public void Composed_and_decomposed_accents_are_one_password()
    {
        const string Composed = "größe über alles café";
#pragma warning disable RS0030 // Short.
        var decomposed = Composed.Normalize(NormalizationForm.FormD);
#pragma warning restore RS0030

        Assert.NotEqual(Composed, decomposed);
        Assert.Equal(PasswordRules.Normalize(Composed), PasswordRules.Normalize(decomposed));
    }

    [Fact]
    public void Half_a_character_does_no_harm() => Assert.NotNull(PasswordRules.Check("\ud83d\ud83d\ud83d", Email));

    private static void AssertRefused(string? password, string because) =>
        Assert.Contains(because, PasswordRules.Check(password, Email), StringComparison.Ordinal);
}
