using NexLlm.Dashboard.Components.Keys.Examples;
using NexLlm.Dashboard.Keys;

namespace NexLlm.Dashboard.Components.Keys.Wizard;

/// <summary>Creates the wizard's key once, however often saving is requested.</summary>
internal sealed class KeyCreation
{
    private Task<CreateOutcome>? _running;

    public bool IsRunning => _running is not null;

    /// <returns>Null for a second click, which waited for the same key; the first one handles the outcome.</returns>
    public async Task<CreateOutcome?> RunAsync(Func<Task<CreateOutcome>> create)
    {
        try
        {
            var outcome = await (_running ??= create());
            return _running is null ? null : outcome;
        }
        finally
        {
            _running = null;
        }
    }
}

/// <summary>A created key, with its secret until the user leaves, and its models for testing.</summary>
internal sealed record CreatedKey(KeyDetails Key, KeySecret? Secret, ExampleModels? Models, IReadOnlyList<TestableModel> Testable);
