namespace NexLlm.Dashboard.Keys;

/// <summary>Delays the start of the server until all hashes are loaded. Commands don't serve requests, so they don't wait.</summary>
internal sealed class KeyHashLoader(KeyDirectory directory) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken) => directory.LearnAllAsync(cancellationToken);

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
