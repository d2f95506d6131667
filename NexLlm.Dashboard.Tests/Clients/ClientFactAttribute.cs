using System.Runtime.CompilerServices;

namespace NexLlm.Dashboard.Tests.Clients;

/// <summary>A test that needs the clients; skipped, with the reason, where they are not installed.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class ClientFactAttribute : FactAttribute
{
    public ClientFactAttribute([CallerFilePath] string? sourceFilePath = null, [CallerLineNumber] int sourceLineNumber = -1)
        : base(sourceFilePath, sourceLineNumber)
    {
        Skip = ClientPrograms.Missing;
        SkipType = typeof(ClientPrograms);
        SkipUnless = nameof(ClientPrograms.AreInstalled);
    }
}

/// <summary>The same for several cases.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class ClientTheoryAttribute : TheoryAttribute
{
    public ClientTheoryAttribute([CallerFilePath] string? sourceFilePath = null, [CallerLineNumber] int sourceLineNumber = -1)
        : base(sourceFilePath, sourceLineNumber)
    {
        Skip = ClientPrograms.Missing;
        SkipType = typeof(ClientPrograms);
        SkipUnless = nameof(ClientPrograms.AreInstalled);
    }
}
