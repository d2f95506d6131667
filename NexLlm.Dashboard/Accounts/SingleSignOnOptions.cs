using Microsoft.Extensions.Options;
using NexLlm.Dashboard.Settings;

namespace NexLlm.Dashboard.Accounts;

/// <summary>Section <c>SingleSignOn</c> of the configuration.</summary>
public sealed record SingleSignOnOptions
{
    public const string Section = "SingleSignOn";

    internal const string ProvidersPath = $"{Section}:{nameof(Providers)}";

    /// <summary>In the order of their names, which is the order of their buttons.</summary>
    public IReadOnlyList<SingleSignOnProvider> Providers { get; internal set; } = [];

    internal SingleSignOnProvider? Find(string? name) => Providers.FirstOrDefault(p => p.Name == name);
}

/// <summary>Binds the section and reports all errors together.</summary>
internal sealed class SingleSignOnRules(IConfiguration configuration) : IConfigureOptions<SingleSignOnOptions>, IValidateOptions<SingleSignOnOptions>
{
    private const int MaxName = 32;

    public void Configure(SingleSignOnOptions options) => options.Providers = [.. Sections().Select(section =>
    {
        var provider = new SingleSignOnProvider { Name = section.Key };
        new SectionReader<SingleSignOnProvider>(section).Read(provider);
        return provider;
    })];

    public ValidateOptionsResult Validate(string? name, SingleSignOnOptions options)
    {
        List<string> errors = [];
        foreach (var unknown in configuration.GetSection(SingleSignOnOptions.Section).GetChildren().Where(s => !s.Path.Equals(SingleSignOnOptions.ProvidersPath, StringComparison.OrdinalIgnoreCase)))
        {
            errors.Add($"{unknown.Path} is not a valid setting. Providers stand in {SingleSignOnOptions.ProvidersPath}:NAME.");
        }

        foreach (var section in Sections())
        {
            var provider = options.Find(section.Key)!;
            errors.AddRange(new SectionReader<SingleSignOnProvider>(section).Validate(null, provider).Failures ?? []);
            errors.AddRange(WrongOf(provider).Select(wrong => $"{section.Path}{wrong}"));
        }

        return errors is [] ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(errors);
    }

    private IEnumerable<IConfigurationSection> Sections() => configuration.GetSection(SingleSignOnOptions.ProvidersPath).GetChildren();

    private static IEnumerable<string> WrongOf(SingleSignOnProvider provider)
    {
        if (provider.Name.Length > MaxName || !provider.Name.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c is '-'))
        {
            yield return $": a provider's name has up to {MaxName} lowercase letters, digits and hyphens, such as google or corp-sso.";
        }

        if (WrongAuthority(provider) is { } wrong)
        {
            yield return $":Authority {wrong}";
        }

        if (provider.ClientId.Trim() is "")
        {
            yield return ":ClientId is missing. Enter the client ID from the provider's registration of this dashboard.";
        }

        // Never include the value: the message is printed to the console and logs.
        if (provider.ClientSecret.Trim() is "")
        {
            yield return ":ClientSecret is missing. Enter the secret from the provider's registration of this dashboard.";
        }

        if (provider.AdministratorClaim is not "" && provider.Administrator is null)
        {
            yield return $":AdministratorClaim is “{provider.AdministratorClaim}”. Enter a claim and its value, such as groups=llm-admins.";
        }

        foreach (var domain in provider.AllowedEmailDomains.Where(d => SingleSignOnProvider.Domain(d) is null))
        {
            yield return $":AllowedEmailDomains has “{domain}”. Enter each domain as it stands after the @, such as example.com.";
        }

        foreach (var (setting, claim) in new[] { ("EmailClaim", provider.EmailClaim), ("EmailVerifiedClaim", provider.EmailVerifiedClaim) })
        {
            if (claim.Trim() is "")
            {
                yield return $":{setting} is blank. Enter the name of a claim, or remove the setting.";
            }
        }
    }

    private static string? WrongAuthority(SingleSignOnProvider provider) => provider.Authority switch
    {
        "" => "is missing. Enter the provider's issuer, such as https://login.example.com.",
        var text when !Uri.TryCreate(text, UriKind.Absolute, out var address) || address.Scheme is not ("https" or "http") || address.Query is not "" =>
            $"is “{text}”. Enter the provider's issuer, such as https://login.example.com.",
        var text when !provider.RequireHttpsMetadata && !new Uri(text).IsLoopback =>
            $"is “{text}”, which is not this machine. Remove RequireHttpsMetadata: only a provider on this machine may be without HTTPS.",
        var text when provider.RequireHttpsMetadata && new Uri(text).Scheme is "http" =>
            $"is “{text}”. Use HTTPS; for a provider on this machine, RequireHttpsMetadata=false allows HTTP.",
        _ => null,
    };
}
