using NexLlm.Dashboard.Keys.Policy;

namespace NexLlm.Dashboard.Tests.Keys.Policy;

public sealed class ModelRestrictionTests
{
    [Fact]
    public void Nothing_chosen_allows_every_model()
    {
        Assert.All(
            [null, Array.Empty<string>()],
            selection =>
            {
                Assert.True(ModelRestriction.TryParse(selection, out var restriction, out _));
                Assert.Equal(ModelRestriction.All, restriction);
                Assert.True(restriction.IsUnrestricted);
                Assert.True(restriction.Allows("gpt-4o"));
            });
    }

    [Theory]
    [InlineData("gpt-4o", true)]
    [InlineData("gpt-4o-mini", true)]
    [InlineData("GPT-4o", false)]
    [InlineData("gpt-4", false)]
    [InlineData("gpt-4o ", false)]
    [InlineData(" gpt-4o", false)]
    [InlineData("gpt-4o\0", false)]
    [InlineData("gpt-4o\u200B", false)]
    [InlineData("openai/gpt-4o", false)]
    [InlineData("", false)]
    public void Only_the_exact_id_is_allowed(string model, bool allowed)
    {
        Assert.True(ModelRestriction.TryParse(["gpt-4o-mini", "gpt-4o"], out var restriction, out _));
        Assert.Equal(allowed, restriction.Allows(model));
    }

    [Fact]
    public void An_empty_set_allows_none_and_is_not_all()
    {
        var none = ModelRestriction.Only([]);
        Assert.False(none.IsUnrestricted);
        Assert.True(none.DeniesAll);
        Assert.False(none.Allows("gpt-4o"));
        Assert.False(none.Allows(""));
        Assert.NotEqual(ModelRestriction.All, none);
        Assert.Equal("[]", none.ToStored());
    }

    [Fact]
    public void Order_and_repetition_do_not_matter()
    {
        var one = ModelRestriction.Only(["b", "a", "B", "a"]);
        var other = ModelRestriction.Only(["B", "a", "b"]);
        Assert.Equal(["B", "a", "b"], one.Models);
        Assert.Equal(one, other);
        Assert.Equal(one.GetHashCode(), other.GetHashCode());
        Assert.NotEqual(one, ModelRestriction.Only(["B", "a"]));
    }

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData(" gpt-4o")]
    [InlineData("gpt-4o\n")]
    [InlineData("gpt\u0007")]
    public void What_cannot_be_an_id_is_refused(string id)
    {
        Assert.False(ModelRestriction.TryParse(["gpt-4o", id], out var restriction, out var error));
        Assert.Contains("isn't a valid model ID", error, StringComparison.Ordinal);
        Assert.True(restriction.IsUnrestricted);
    }

    [Fact]
    public void Ids_have_at_most_200_characters_and_at_most_200_are_chosen()
    {
        Assert.True(ModelRestriction.TryParse([new string('m', 200)], out _, out _));
        Assert.False(ModelRestriction.TryParse([new string('m', 201)], out _, out _));
        Assert.True(ModelRestriction.TryParse(Enumerable.Range(1, 200).Select(i => $"model-{i}"), out _, out _));
        Assert.False(ModelRestriction.TryParse(Enumerable.Range(1, 201).Select(i => $"model-{i}"), out _, out var error));
        Assert.Equal("Choose at most 200 models (currently 201), or none to allow all.", error);
    }

    [Fact]
    public void What_is_stored_reads_back_the_same()
    {
        ModelRestriction[] restrictions = [ModelRestriction.All, ModelRestriction.Only([]), ModelRestriction.Only(["a\"b", "模型", "x/y:z"])];
        Assert.All(restrictions, restriction => Assert.Equal(restriction, ModelRestriction.FromStored(restriction.ToStored())));
        Assert.Null(ModelRestriction.All.ToStored());
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("[1]")]
    [InlineData("[null]")]
    [InlineData("[\"gpt-4o\", null]")]
    [InlineData("[\"gpt-4o\"")]
    [InlineData("[\"gpt-4o\"] x")]
    [InlineData("gpt-4o")]
    [InlineData("\"gpt-4o\"")]
    public void What_cannot_be_read_allows_none(string stored)
    {
        var restriction = ModelRestriction.FromStored(stored);
        Assert.True(restriction.DeniesAll);
        Assert.False(restriction.Allows("gpt-4o"));
    }
}
