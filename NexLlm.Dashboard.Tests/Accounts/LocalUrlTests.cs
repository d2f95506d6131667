using NexLlm.Dashboard.Accounts;

namespace NexLlm.Dashboard.Tests.Accounts;

public sealed class LocalUrlTests
{
    /// <summary>Return addresses that would lead elsewhere, or that no browser should be sent to.</summary>
    public static TheoryData<string> Hostile =>
    [
        "https://evil.example", "http://evil.example/", "HTTPS://EVIL.EXAMPLE", "//evil.example", "///evil.example", "////evil.example",
        "/\\evil.example", "\\evil.example", "\\\\evil.example", "/\\/evil.example", "\\/evil.example", "/\t/evil.example", "/\n/evil.example",
        "/\r/evil.example", "\t//evil.example", " //evil.example", " https://evil.example", "https:evil.example", "https:/evil.example",
        "javascript:alert(1)", "JaVaScRiPt:alert(1)", "java\nscript:alert(1)", "data:text/html,<script>alert(1)</script>", "vbscript:x",
        "file:///etc/passwd", "ftp://evil.example", "evil.example", "www.evil.example/path", "@evil.example", "?x=//evil.example",
        "#//evil.example", ".//evil.example", "../evil.example", "/..//evil.example", "/./\\evil.example", "/.//evil.example", "/a/..//evil.example",
        "http://[::1", "/\0evil.example", "/%0d%0a\r\nSet-Cookie: a=b", "/é//evil.example", "https://localhost@evil.example", "~/evil", "\u2215\u2215evil.example",
        "/" + "a//b\\" + "x",
    ];

    [Theory]
    [MemberData(nameof(Hostile))]
    public void An_address_elsewhere_becomes_the_home_page(string url) => Assert.Equal("/", LocalUrl.OrHome(url));

    [Theory]
    [InlineData("/")]
    [InlineData("/keys")]
    [InlineData("/keys?search=a%20b&status=active#top")]
    [InlineData("/account/password")]
    [InlineData("/%2f%2fevil.example")]
    [InlineData("/a?returnUrl=https://evil.example")]
    public void A_path_of_this_site_stays(string url) => Assert.Equal(url, LocalUrl.OrHome(url));

    [Fact]
    public void None_and_an_endless_one_become_the_home_page()
    {
        Assert.Equal("/", LocalUrl.OrHome(null));
        Assert.Equal("/", LocalUrl.OrHome(""));
        Assert.Equal("/", LocalUrl.OrHome("/" + new string('a', 100_000)));
    }
}
