namespace NexLlm.Dashboard.Keys;

/// <summary>Lets the server answer only once it knows which secrets there are. Commands, which answer nobody, need not wait.</summary>
internal sealed class KeyDirectoryStart(KeyDirectory directory) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken) => directory.LearnAllAsync(cancellationToken);

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
