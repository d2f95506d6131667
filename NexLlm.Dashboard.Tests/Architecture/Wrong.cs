// A small house with every wall broken, for the rules to be tried on.
namespace NexLlm.Dashboard.Tests.Architecture.Wrong.Keys
{
    internal sealed class Key;
}

namespace NexLlm.Dashboard.Tests.Architecture.Wrong.Data
{
    internal sealed class KnowsAKey
    {
        public Keys.Key? Known { get; set; }
    }

    internal static class MakesAKey
    {
        public static bool Make() => new Keys.Key().Equals(null);
    }

    internal static class MakesAKeyLater
    {
        public static async Task<bool> MakeAsync()
        {
            await Task.Yield();
            return new List<int> { 1 }.Any(_ => new Keys.Key().Equals(null));
        }
    }
}

namespace NexLlm.Dashboard.Tests.Architecture.Wrong.Components
{
    internal sealed class Page
    {
        public static Type Touches => typeof(Microsoft.EntityFrameworkCore.DbContext);

        public Microsoft.EntityFrameworkCore.DbContext? Context { get; set; }
    }
}
