using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using NexLlm.Dashboard.Settings;

namespace NexLlm.Dashboard.Tests.Settings;

public sealed class SettingsTests
{
    [Fact]
    public void A_section_becomes_a_record_and_what_is_not_set_keeps_its_default()
    {
        var settings = Read(("Shop:limit", "7"), ("Shop:Open", "true"), ("Shop:Pause", "00:05:00"), ("Shop:Names:0", "a"), ("Shop:Names:1", "b"));

        Assert.Equal(7, settings.Limit);
        Assert.True(settings.Open);
        Assert.Equal(TimeSpan.FromMinutes(5), settings.Pause);
        Assert.Equal(["a", "b"], settings.Names);
        Assert.Equal(3, Read().Limit);
    }

    [Theory]
    [InlineData("Shop:Limit", "seven", "Shop:Limit is “seven”. Enter a whole number in digits.")]
    [InlineData("Shop:Limit", "99999999999", "Shop:Limit is “99999999999”. Enter a whole number in digits.")]
    [InlineData("Shop:Limit", "11", "Shop:Limit is 11. The field Shop:Limit must be between 1 and 10.")]
    [InlineData("Shop:Open", "maybe", "Shop:Open is “maybe”. Use true or false.")]
    [InlineData("Shop:Pause", "5 minutes", "Shop:Pause is “5 minutes”. Enter a time span as days.hours:minutes:seconds, such as 1.00:00:00.")]
    [InlineData("Shop:Limmit", "7", "Shop:Limmit is not a valid setting. Settings of Shop: Limit, Open, Pause, Names.")]
    [InlineData("Shop:Names", "a,b", "Shop:Names is a list. Set its entries as Shop:Names:0, Shop:Names:1 and so on.")]
    [InlineData("Shop", "7", "Shop is a section, not a value. Its settings: Limit, Open, Pause, Names.")]
    public void What_is_wrong_is_said_with_its_name_and_the_way_to_fix_it(string name, string value, string error) =>
        Assert.Equal([error], Assert.Throws<OptionsValidationException>(() => Read((name, value))).Failures);

    [Fact]
    public void All_that_is_wrong_is_said_at_once() =>
        Assert.Equal(3, Assert.Throws<OptionsValidationException>(() => Read(("Shop:Limit", "0"), ("Shop:Open", "x"), ("Shop:Opne", "x"))).Failures.Count());

    private static ShopSettings Read(params (string Name, string Value)[] settings)
    {
        var services = new ServiceCollection();
        services.AddSingleton<IConfiguration>(
            new ConfigurationBuilder().AddInMemoryCollection(settings.Select(s => KeyValuePair.Create(s.Name, (string?)s.Value))).Build());
        services.AddSettings<ShopSettings>("Shop");
        using var provider = services.BuildServiceProvider();
        return provider.GetRequiredService<IOptions<ShopSettings>>().Value;
    }

    public sealed record ShopSettings
    {
        [Range(1, 10)]
        public int Limit { get; init; } = 3;

        public bool Open { get; init; }

        public TimeSpan Pause { get; init; }

        public string[] Names { get; init; } = [];

        public bool IsBusy => Limit > 5;
    }
}
