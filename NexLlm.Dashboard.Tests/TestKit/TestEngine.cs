using System.Reflection;
using Xunit.v3;

namespace NexLlm.Dashboard.Tests.TestKit;

/// <summary>The engine of every application's database: SQLite, or PostgreSQL when <c>NEXLLM_TEST_ENGINE=postgres</c>.</summary>
public static class TestEngine
{
    public static bool IsPostgres { get; } =
        string.Equals(Environment.GetEnvironmentVariable("NEXLLM_TEST_ENGINE"), "postgres", StringComparison.OrdinalIgnoreCase);

    /// <summary>The same for all that may use one database. On SQLite, each folder has a file with its own.</summary>
    public const string MasterKey = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";

    /// <summary>Skips the test on PostgreSQL. `scripts/test` excuses skips by the first words of their reason.</summary>
    /// <param name="why">What is SQLite's alone, for the reason of the skip.</param>
    public static void RequireSqlite(string why) => Assert.SkipWhen(IsPostgres, $"SQLite only: {why}");

    /// <summary>Skips the test on SQLite.</summary>
    /// <param name="why">What is PostgreSQL's alone, for the reason of the skip.</param>
    public static void RequirePostgres(string why) => Assert.SkipUnless(IsPostgres, $"PostgreSQL only: {why}");
}

/// <summary>Runs on SQLite only.</summary>
/// <param name="why">What is SQLite's alone, for the reason of the skip.</param>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Method)]
public sealed class SqliteOnlyAttribute(string why) : BeforeAfterTestAttribute
{
    public string Why => why;

    public override void Before(MethodInfo methodUnderTest, IXunitTest test) => TestEngine.RequireSqlite(why);
}
