using Microsoft.Extensions.Configuration;
using NexLlm.Dashboard.Data;
using NexLlm.Dashboard.Data.Sqlite;

namespace NexLlm.Dashboard.Tests.Data.Sqlite;

public sealed class SqliteOptionsTests
{
    [Theory]
    [InlineData(null, "is missing")]
    [InlineData(" ", "is missing")]
    [InlineData("Sauce=x.db", "is invalid")]
    [InlineData("Data Source=x.db;Mode=Sideways", "is invalid")]
    [InlineData("Data Source=", "has no file")]
    [InlineData("Data Source=:memory:", "has no file")]
    [InlineData("Data Source=file:x.db", "has no file")]
    [InlineData("Data Source=x;Mode=Memory", "has no file")]
    [InlineData("Data Source=x.db;Cache=Shared", "Cache=Shared")]
    [InlineData("Data Source=x.db;Mode=ReadOnly", "Mode=ReadOnly")]
    [InlineData("Data Source=x.db;Foreign Keys=False", "Foreign Keys=False")]
    [InlineData("Data Source=x.db;Password=hunter2", "has a password")]
    [InlineData("Data Source=/etc/hostname/x.db", "/etc/hostname is a file")]
    [InlineData("Data Source=/etc", "is a folder")]
    public void A_connection_string_that_would_not_do_is_refused_by_name(string? text, string expected)
    {
        var error = Assert.Single(Read(text).Errors);

        Assert.StartsWith("ConnectionStrings:NexLlm ", error, StringComparison.Ordinal);
        Assert.Contains(expected, error, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_relative_file_counts_from_the_working_directory()
    {
        var options = Read("Data Source=data/x.db");

        Assert.Empty(options.Errors);
        Assert.Equal(Path.Combine(Environment.CurrentDirectory, "data", "x.db"), options.Path);
        Assert.Contains(options.Path, options.ConnectionString, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("normal", Synchronous.Normal)]
    [InlineData("Full", Synchronous.Full)]
    [InlineData(null, Synchronous.Full)]
    public void Commits_wait_for_the_disk_unless_told_otherwise(string? text, Synchronous expected) =>
        Assert.Equal(expected, Read("Data Source=x.db", text).Synchronous);

    [Theory]
    [InlineData("Off")]
    [InlineData("7")]
    public void There_is_no_third_choice(string text) =>
        Assert.StartsWith("Data:Synchronous: ", Assert.Single(Read("Data Source=x.db", text).Errors), StringComparison.Ordinal);

    private static SqliteOptions Read(string? connection, string? synchronous = null)
    {
        var options = new SqliteOptions();
        SqliteOptions.Read(
            new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
            {
                [DatabaseOptions.ConnectionSetting] = connection,
                [SqliteOptions.SynchronousSetting] = synchronous,
            }).Build(),
            options);
        return options;
    }
}
