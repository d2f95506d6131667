namespace NexLlm.Dashboard.Components.SignIn;

/// <summary>A browser's name, derived from its user agent. It helps people recognize their sessions but proves nothing.</summary>
internal static class BrowserName
{
    // In this order, because each one claims to be those after it.
    private static readonly (string Mark, string Name)[] _browsers =
    [
        ("Edg/", "Edge"), ("EdgA/", "Edge"), ("OPR/", "Opera"), ("SamsungBrowser/", "Samsung Internet"), ("Firefox/", "Firefox"), ("FxiOS/", "Firefox"),
        ("CriOS/", "Chrome"), ("HeadlessChrome/", "Chrome"), ("Chrome/", "Chrome"), ("Safari/", "Safari"), ("curl/", "curl"),
    ];

    private static readonly (string Mark, string Name)[] _systems =
    [
        ("iPhone", "iPhone"), ("iPad", "iPad"), ("Android", "Android"), ("Windows", "Windows"), ("CrOS", "ChromeOS"), ("Mac OS X", "Mac"), ("Linux", "Linux"),
    ];

    public static string InWords(string? userAgent) => (Find(_browsers, userAgent), Find(_systems, userAgent)) switch
    {
        (null, null) => "Unknown browser",
        (null, { } system) => $"Browser on {system}",
        ({ } browser, null) => browser,
        var (browser, system) => $"{browser} on {system}",
    };

    private static string? Find((string Mark, string Name)[] among, string? userAgent) =>
        userAgent is null ? null : Array.Find(among, x => userAgent.Contains(x.Mark, StringComparison.Ordinal)).Name;
}
