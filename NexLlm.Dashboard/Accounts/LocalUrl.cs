namespace NexLlm.Dashboard.Accounts;

/// <summary>Validates the return URL of a login. It comes from the address bar and can't be trusted.</summary>
public static class LocalUrl
{
    public const string Home = "/";

    /// <summary>Returns the URL if it is a path on this site, otherwise <see cref="Home"/>.</summary>
    /// <remarks>
    /// Accepts only visible ASCII without backslashes: browsers drop tabs and line breaks and
    /// treat "\" as "/", so other URLs could resolve differently from what is checked here.
    /// </remarks>
    public static string OrHome(string? url) =>
        url is ['/', ..] and { Length: <= 2_000 }
        && !url.StartsWith("//", StringComparison.Ordinal)
        && url.All(c => c is > ' ' and <= '~' and not '\\')
        && Uri.TryCreate(new Uri("http://this.site"), url, out var target)
        && target.Host == "this.site"
        && !target.AbsolutePath.StartsWith("//", StringComparison.Ordinal)
            ? url
            : Home;

    /// <summary>Does the same and adds the site's path prefix if it is missing.</summary>
    public static string Within(PathString root, string? url)
    {
        var (prefix, local) = (root.Value ?? "", OrHome(url));
        return local == prefix || local.StartsWith($"{prefix}/", StringComparison.Ordinal) ? local : prefix + local;
    }
}
