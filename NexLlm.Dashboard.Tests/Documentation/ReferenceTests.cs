using System.Collections;
using System.CommandLine;
using System.Globalization;
using System.Reflection;
using Microsoft.Extensions.DependencyInjection;
using NexLlm.Dashboard.Accounts;
using NexLlm.Dashboard.Channels;
using NexLlm.Dashboard.Keys.Policy;
using NexLlm.Dashboard.Tests.TestKit;

namespace NexLlm.Dashboard.Tests.Documentation;

/// <summary>What the documentation lists is what the program has.</summary>
public sealed class ReferenceTests(NexLlmApp app) : IClassFixture<NexLlmApp>
{
    // These two read their sections by hand and have pages of their own.
    private static readonly Type[] _readByHand = [typeof(ProvisioningOptions), typeof(SingleSignOnOptions)];

    public static TheoryData<string> Settings => [.. SettingsAndDefaults().Select(s => s.Name)];

    [Theory]
    [MemberData(nameof(Settings))]
    public void Every_setting_is_documented_with_its_default(string name)
    {
        var row = Assert.Single(Docs.Rows("docs/configuration.md"), row => row[0] == $"`{name}`");

        var value = SettingsAndDefaults().Single(s => s.Name == name).Default;
        Assert.True(Says(row[1], value), $"{name} is {value ?? "not set"} by default, and documented as {row[1]}.");
    }

    [Fact]
    public void No_setting_is_documented_that_does_not_exist()
    {
        var sections = SettingsAndDefaults().Select(s => s.Name.Split(':')[0]).ToHashSet(StringComparer.Ordinal);
        var documented = Docs.Rows("docs/configuration.md").Select(row => row[0].Trim('`')).Where(name => name.Contains(':', StringComparison.Ordinal) && sections.Contains(name.Split(':')[0]));

        Assert.Empty(documented.Except(SettingsAndDefaults().Select(s => s.Name)));
    }

    [Fact]
    public void Every_setting_of_a_single_sign_on_provider_is_documented()
    {
        var documented = string.Join(' ', Docs.Rows("docs/single-sign-on.md").Select(row => row[0]));

        Assert.All(Properties(typeof(SingleSignOnProvider)), property => Assert.Contains($"`{property.Name}`", documented, StringComparison.Ordinal));
    }

    [Fact]
    public void Every_command_is_documented_with_its_arguments()
    {
        var documented = Docs.Rows("docs/operations.md").Select(row => row[0].Trim('`')).ToList();

        Assert.All(app.Services.GetServices<Command>(), command =>
        {
            var usage = Assert.Single(documented, usage => usage.Split(' ')[0] == command.Name);
            Assert.All(command.Options, option => Assert.Contains(option.Name, usage, StringComparison.Ordinal));
            Assert.All(command.Arguments, argument => Assert.Contains(argument.Name, usage, StringComparison.Ordinal));
        });
    }

    [Fact]
    public void Every_error_code_of_the_policy_is_documented_with_its_status()
    {
        var documented = Docs.Rows("docs/gateway-api.md").Where(row => row.Length == 4).Select(row => (Status: row[0], Codes: row[1])).ToList();

        Assert.All(Enum.GetValues<Verdict>().Where(verdict => verdict is not Verdict.Allowed).Select(VerdictErrors.For), error =>
            Assert.Contains(documented, row => row.Status == error.Status.ToString(CultureInfo.InvariantCulture) && row.Codes.Contains($"`{error.Code}`", StringComparison.Ordinal)));
    }

    [Fact]
    public void Every_API_of_a_channel_is_documented() =>
        Assert.Equal(Enum.GetNames<UpstreamApi>(), Docs.Rows("docs/channels.md").Select(row => row[0].Trim('`')).Where(name => Enum.TryParse<UpstreamApi>(name, out _)));

    private static IEnumerable<(string Name, object? Default)> SettingsAndDefaults() =>
        from type in typeof(Program).Assembly.GetTypes().Except(_readByHand)
        where type.GetField("Section", BindingFlags.Public | BindingFlags.Static) is { IsLiteral: true }
        let section = (string)type.GetField("Section")!.GetRawConstantValue()!
        let defaults = Activator.CreateInstance(type)
        from property in Properties(type)
        select ($"{section}:{property.Name}", property.GetValue(defaults));

    private static IEnumerable<PropertyInfo> Properties(Type type) =>
        type.GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(property => property.CanWrite);

    /// <summary>A default that depends on the machine is null, and documented in words.</summary>
    private static bool Says(string cell, object? value) => value switch
    {
        null => cell is not "",
        "" => cell is "none",
        string text => cell == $"`{text}`",
        bool flag => cell == (flag ? "true" : "false"),
        TimeSpan span => Duration(cell) == span,
        Enum name => cell == $"`{name}`",
        IEnumerable list => cell == (string.Join(", ", list.Cast<object>().Select(item => $"`{item}`")) is { Length: > 0 } items ? items : "none"),
        IFormattable number => cell.Replace(",", "", StringComparison.Ordinal) == number.ToString(null, CultureInfo.InvariantCulture),
        _ => false,
    };

    private static TimeSpan? Duration(string cell) => cell.Split(' ') is [var number, var unit]
        ? unit.TrimEnd('s') switch
        {
            "second" => TimeSpan.FromSeconds(long.Parse(number, CultureInfo.InvariantCulture)),
            "minute" => TimeSpan.FromMinutes(long.Parse(number, CultureInfo.InvariantCulture)),
            "hour" => TimeSpan.FromHours(long.Parse(number, CultureInfo.InvariantCulture)),
            "day" => TimeSpan.FromDays(long.Parse(number, CultureInfo.InvariantCulture)),
            _ => null,
        }
        : null;
}
