using Microsoft.Extensions.Options;

namespace NexLlm.Dashboard.Hosting.Logging;

/// <summary>
/// Prevents the framework from logging user input: below Information, the hub, circuits, forms and HTTP clients log arguments, headers and
/// bodies, including passwords and provider keys. No setting can lower this level.
/// </summary>
internal sealed class QuietCategories : IPostConfigureOptions<LoggerFilterOptions>
{
    private static readonly string[] _talkative =
    [
        "Microsoft.AspNetCore.SignalR",
        "Microsoft.AspNetCore.Http.Connections",
        "Microsoft.AspNetCore.Components",
        "Microsoft.AspNetCore.HttpLogging",
        "Microsoft.AspNetCore.W3CLogging",
        "Microsoft.AspNetCore.Antiforgery",
        "Microsoft.AspNetCore.Authentication",
        "Microsoft.AspNetCore.DataProtection",
        "Microsoft.AspNetCore.Server.Kestrel",
        "Microsoft.AspNetCore.Identity",
        "Microsoft.EntityFrameworkCore",
        "Microsoft.JSInterop",
        "System.Net.Http",
    ];

    public void PostConfigure(string? name, LoggerFilterOptions options)
    {
        // Whichever rule the logger selects for a category is one of these.
        for (var i = 0; i < options.Rules.Count; i++)
        {
            var rule = options.Rules[i];
            options.Rules[i] = new LoggerFilterRule(rule.ProviderName, rule.CategoryName, rule.LogLevel, (provider, category, level) =>
                IsAllowed(category, level) && rule.Filter?.Invoke(provider, category, level) is not false);
        }

        options.Rules.Insert(0, new LoggerFilterRule(null, null, options.MinLevel, (_, category, level) => IsAllowed(category, level)));
    }

    private static bool IsAllowed(string? category, LogLevel level) =>
        level >= LogLevel.Information || category is null || !Array.Exists(_talkative, quiet => IsIn(category, quiet));

    private static bool IsIn(string category, string above) =>
        category.StartsWith(above, StringComparison.OrdinalIgnoreCase) && (category.Length == above.Length || category[above.Length] is '.');
}
