using System.Runtime.CompilerServices;

namespace NexLlm.Dashboard.Channels.Upstream;

/// <summary>The body of an answer: read as it comes, never waiting longer than the idle time-out.</summary>
internal sealed class AnswerBody(Stream inner, CallHold hold, TimeSpan idleTimeout) : Stream
{
    private bool _complete;
    private bool _released;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var reading = inner.ReadAsync(buffer, hold.Limit.Token);
        if (!reading.IsCompletedSuccessfully)
        {
            return WaitAsync(reading, buffer.Length, cancellationToken);
        }

        return ValueTask.FromResult(Note(reading.Result, buffer.Length));
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException("Read it asynchronously.");

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    internal void Release()
    {
        if (!_released)
        {
            _released = true;
            hold.Release(_complete);
        }
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<int> WaitAsync(ValueTask<int> reading, int wanted, CancellationToken cancellation)
    {
        using var ownCancellation = cancellation.UnsafeRegister(static limit => ((Watch.Limit)limit!).Cancel(), hold.Limit);
        hold.Limit.Start(idleTimeout);
        try
        {
            return Note(await reading, wanted);
        }
        catch (OperationCanceledException) when (hold.Limit.HasPassed)
        {
            throw new UpstreamTimeoutException($"The channel {hold.Channel.Name} stopped in the middle of an answer.");
        }
        catch (OperationCanceledException)
        {
            throw new OperationCanceledException(cancellation.IsCancellationRequested ? cancellation : hold.Cancellation);
        }
        catch (IOException failure)
        {
            throw new UpstreamException($"The channel {hold.Channel.Name} broke off in the middle of an answer: {failure.Message}", failure);
        }
        finally
        {
            hold.Limit.Stop();
        }
    }

    private int Note(int read, int wanted)
    {
        _complete |= read == 0 && wanted > 0;
        return read;
    }
}
