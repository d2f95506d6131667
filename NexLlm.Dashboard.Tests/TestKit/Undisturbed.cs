namespace NexLlm.Dashboard.Tests.TestKit;

/// <summary>Runs when nothing else does: for what is promised within a time.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public static class Undisturbed
{
    public const string Name = "Undisturbed";
}
