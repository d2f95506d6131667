using Microsoft.Extensions.Configuration;
using NexLlm.Dashboard.Accounts;

namespace NexLlm.Dashboard.Tests.Accounts.SingleSignOn;

public sealed class SingleSignOnSettingsTests
{
    [Fact]
    public void What_is_not_set_has_its_default()
    {
        var options = Read([]);

        var corp = Assert.Single(options.Providers);
        Assert.Equal(("corp", "corp", true, true, null), (corp.Name, corp.Title, corp.CreateAccounts, corp.RequireHttpsMetadata, corp.StartingTokens));
        Assert.Equal(["openid", "profile", "email"], corp.RequestedScopes);
        Assert.Empty(Errors([]));
    }

    [Theory]
    [InlineData("Authority", "", ":Authority is missing.")]
    [InlineData("Authority", "login.example.com", ":Authority is “login.example.com”. Enter the provider's issuer")]
    [InlineData("Authority", "http://login.example.com", ":Authority is “http://login.example.com”. Use HTTPS")]
    [InlineData("ClientId", "", ":ClientId is missing.")]
    [InlineData("ClientSecret", " ", ":ClientSecret is missing.")]
    [InlineData("AdministratorClaim", "groups", ":AdministratorClaim is “groups”. Enter a claim and its value")]
    [InlineData("AllowedEmailDomains:0", "@example.com", ":AllowedEmailDomains has “@example.com”.")]
    [InlineData("EmailClaim", "", ":EmailClaim is blank.")]
    [InlineData("StartingTokens", "-1", ":StartingTokens is -1.")]
    [InlineData("RequireHttpsMetadata", "false", ":Authority is “https://login.example.com”, which is not this machine.")]
    [InlineData("CreateAccounts", "perhaps", ":CreateAccounts is “perhaps”. Use true or false.")]
    [InlineData("ClientSceret", "x", ":ClientSceret is not a valid setting.")]
    public void What_is_wrong_is_told_by_the_name_of_its_setting(string setting, string value, string error) =>
        Assert.StartsWith($"SingleSignOn:Providers:corp{error}", Assert.Single(Errors(new() { [$"SingleSignOn:Providers:corp:{setting}"] = value })), StringComparison.Ordinal);

    [Fact]
    public void A_secret_is_never_told_and_a_provider_has_a_name_that_fits_an_address()
    {
        var errors = Errors(new()
        {
            ["SingleSignOn:Providers:Corp Login:ClientSecret"] = "known to few",
            ["SingleSignOn:Provider:corp:Authority"] = "x",
        });

        Assert.Contains(errors, e => e.StartsWith("SingleSignOn:Provider is not a valid setting.", StringComparison.Ordinal));
        Assert.Contains(errors, e => e.StartsWith("SingleSignOn:Providers:Corp Login: a provider's name", StringComparison.Ordinal));
        Assert.DoesNotContain(errors, e => e.Contains("known to few", StringComparison.Ordinal));
    }

    [Fact]
    public void Password_log_in_is_switched_off_only_where_a_provider_lets_people_in()
    {
        var off = new AccountsOptions { PasswordLogIn = PasswordLogIn.Off };

        Assert.True(new PasswordLogInRules(Configuration([])).Validate(null, off).Succeeded);
        Assert.Contains("Accounts:PasswordLogIn is Off", new PasswordLogInRules(new ConfigurationBuilder().Build()).Validate(null, off).FailureMessage, StringComparison.Ordinal);
    }

    private static SingleSignOnOptions Read(Dictionary<string, string?> settings)
    {
        var options = new SingleSignOnOptions();
        new SingleSignOnRules(Configuration(settings)).Configure(options);
        return options;
    }

    private static List<string> Errors(Dictionary<string, string?> settings) =>
        [.. new SingleSignOnRules(Configuration(settings)).Validate(null, Read(settings)).Failures ?? []];

    private static IConfigurationRoot Configuration(Dictionary<string, string?> settings) => new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
    {
        ["SingleSignOn:Providers:corp:Authority"] = "https://login.example.com",
        ["SingleSignOn:Providers:corp:ClientId"] = "nexllm",
        ["SingleSignOn:Providers:corp:ClientSecret"] = "a secret",
    }).AddInMemoryCollection(settings).Build();
}
