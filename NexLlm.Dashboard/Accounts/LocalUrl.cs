namespace NexLlm.Dashboard.Accounts;

/// <summary>Where to go after logging in. It comes from the address bar, so from anybody.</summary>
public static class LocalUrl
{
    public const string Home = "/";

    /// <summary>The address if it is a path of this site, else <see cref="Home"/>.</summary>
    /// <remarks>
    /// Only visible ASCII without a backslash gets through, because browsers drop tabs and line breaks and read "\" as "/":
    /// what is checked here has to be what the browser follows.
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

    /// <summary>The same with the path prefix of this site, whether or not it has it already.</summary>
    public static string Within(PathString root, string? url)
    {
        var (prefix, local) = (root.Value ?? "", OrHome(url));
        return local == prefix || local.StartsWith($"{prefix}/", StringComparison.Ordinal) ? local : prefix + local;
    }
}
