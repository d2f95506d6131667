namespace NexLlm.Dashboard.Tests.Documentation;

public sealed class LinkTests
{
    public static TheoryData<string> Files => [.. Docs.Files];

    [Theory]
    [MemberData(nameof(Files))]
    public void Every_link_to_a_file_and_to_a_heading_has_a_target(string file) =>
        Assert.DoesNotContain(Docs.Targets(file), target => !target.Contains(':', StringComparison.Ordinal) && !Exists(file, target));

    [Fact]
    public void Every_picture_is_shown_somewhere_in_light_and_in_dark()
    {
        var pictures = Directory.EnumerateFiles(Path.Combine(Docs.Root, "docs", "images")).Select(p => Path.GetRelativePath(Docs.Root, p)).Order(StringComparer.Ordinal).ToList();
        var shown = Docs.Files.SelectMany(file => Docs.Targets(file).Select(target => Resolve(file, target))).Where(pictures.Contains).Distinct().Order(StringComparer.Ordinal);

        Assert.Equal(pictures, shown);
        Assert.All(pictures, picture => Assert.Contains(picture.Replace("-light.", "-dark.", StringComparison.Ordinal), pictures));
    }

    [Fact]
    public void Every_page_is_in_the_index() =>
        Assert.Empty(Directory.EnumerateFiles(Path.Combine(Docs.Root, "docs"), "*.md").Select(Path.GetFileName).Except([.. Docs.Targets("docs/README.md"), "README.md"]));

    private static bool Exists(string file, string target)
    {
        var (path, anchor) = target.Split('#') switch
        {
            [var whole] => (whole, null),
            [var before, var after] => (before, after),
            _ => throw new InvalidOperationException($"{file} links to {target}, which has two anchors."),
        };
        var linked = path is "" ? file : Resolve(file, path);
        return Path.Exists(Path.Combine(Docs.Root, linked)) && (anchor is null || Docs.Anchors(linked).Contains(anchor));
    }

    private static string Resolve(string file, string target) =>
        Path.GetRelativePath(Docs.Root, Path.Combine(Docs.Root, Path.GetDirectoryName(file)!, target));
}
