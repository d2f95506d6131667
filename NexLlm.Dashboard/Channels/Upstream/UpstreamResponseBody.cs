using System.Buffers;
using System.Runtime.CompilerServices;

namespace NexLlm.Dashboard.Channels.Upstream;

/// <summary>The body of a response, read as it arrives with an idle timeout. Reports to the channel how the response ended.</summary>
internal sealed class UpstreamResponseBody(Stream inner, CallHold hold, TimeSpan idleTimeout) : Stream
{
    /// <summary>
    /// The time limit for reading the end of the stream after the response is complete, and the maximum data that may still precede it.
    /// </summary>
    private static readonly TimeSpan _lastMoment = TimeSpan.FromMilliseconds(200);

    private const int MostLeft = 16 * 1_024;

    private bool _complete;
    private bool _released;

    // Whether the call's outcome still has to be counted, and whether the response was valid.
    private bool _counts = true;
    private bool _isAnswer;
    private UpstreamException? _failure;

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
        if (_failure is not null)
        {
            throw _failure;
        }

        var reading = inner.ReadAsync(buffer, hold.Deadline.Token);
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

    /// <param name="success">Whether the call succeeded. Ignored if it was already counted.</param>
    internal void Count(bool success)
    {
        if (_counts)
        {
            _counts = false;
            hold.Channel.Circuit.Count(success);
        }
    }

    internal ValueTask ReportSuccessAsync()
    {
        _isAnswer = true;
        if (_complete)
        {
            Count(success: true);
        }

        return hold.Channel.Circuit.ReportAsync(success: true);
    }

    internal ValueTask ReportFailureAsync()
    {
        var counts = _counts;
        _counts = false;
        return counts ? hold.Channel.Circuit.ReportAsync(success: false) : ValueTask.CompletedTask;
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    internal async ValueTask EndAsync()
    {
        Count(success: true);
        var scrap = ArrayPool<byte>.Shared.Rent(MostLeft);
        try
        {
            for (var (left, read) = (MostLeft, 0); left > 0 && !_complete; left -= read)
            {
                var reading = inner.ReadAsync(scrap, hold.Deadline.Token);
                if (!reading.IsCompleted)
                {
                    hold.Deadline.CancelAfter(_lastMoment);
                }

                read = await reading;
                _complete = read == 0;
            }
        }
        catch (Exception e) when (e is OperationCanceledException or IOException or InvalidDataException)
        {
            // The connection is closed instead of being reused.
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(scrap);
        }
    }

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
        using var ownCancellation = cancellation.UnsafeRegister(static deadline => ((TimeoutSweeper.Deadline)deadline!).Cancel(), hold.Deadline);
        hold.Deadline.Start(idleTimeout);
        try
        {
            return Note(await reading, wanted);
        }
        catch (OperationCanceledException) when (hold.Deadline.HasPassed)
        {
            await ReportFailureAsync();
            throw _failure = new UpstreamTimeoutException($"Channel {hold.Channel.Name} stalled in the middle of a response.");
        }
        catch (OperationCanceledException)
        {
            throw new OperationCanceledException(cancellation.IsCancellationRequested ? cancellation : hold.Cancellation);
        }
        catch (Exception failure) when (failure is IOException or InvalidDataException)
        {
            await ReportFailureAsync();
            throw _failure = new UpstreamException($"Channel {hold.Channel.Name} broke off in the middle of a response: {failure.Message}", failure);
        }
        finally
        {
            hold.Deadline.Stop();
        }
    }

    private int Note(int read, int wanted)
    {
        if (read == 0 && wanted > 0)
        {
            _complete = true;
            if (_isAnswer)
            {
                Count(success: true);
            }
        }

        return read;
    }
}
