using System;
using System.Buffers.Binary;
using System.IO;
using System.IO.Pipelines;
using System.Linq;
using System.Threading;
using System.Threading.Channels;
using System.Threading.Tasks;
using Polder.Bytes;
using Polder.Storage;
using Polder.Tests.Bytes;
using Xunit;

namespace Polder.Tests.Storage;

public sealed class BufferStreamsTests
{
    private static readonly byte[] Bytes = [.. Enumerable.Range(0, 50_000).Select(index => (byte)(index * 7))];

    private readonly BufferAllocator _pool = BufferAllocator.CreatePool(4 << 20, 1 << 20, BufferChecks.Full);

    [Fact]
    public async Task Frames_come_out_of_a_stream_without_a_copy()
    {
        // Frames of every small length, some larger than the builder, cut anywhere by the stream.
        int[] lengths = [0, 1, 5000, .. Enumerable.Range(0, 300).Select(index => index * 13), 200_000, 3];
        using BufferBuilder wire = new();
        foreach (int frame in lengths)
        {
            wire.WriteBigEndian(frame);
            wire.WriteRepeated((byte)frame, frame);
        }

        using Stream stream = new Dripping(wire.Freeze().AsStream(), 10_000);
        Channel<BufferSlice> frames = Channel.CreateUnbounded<BufferSlice>();
        await ReadFramesAsync(stream, frames, CancellationToken.None);
        frames.Writer.Complete();
        int index = 0;
        await foreach (BufferSlice frame in frames.Reader.ReadAllAsync())
        {
            Assert.Equal(lengths[index], frame.Length);
            Assert.False(frame.Span.ContainsAnyExcept((byte)lengths[index++]));
            frame.Dispose();
        }

        Assert.Equal(lengths.Length, index);
    }

    private static async Task ReadFramesAsync(Stream stream, Channel<BufferSlice> frames, CancellationToken ct)
    {
        using var incoming = new BufferBuilder(capacity: 64 * 1024);
        while (await incoming.ReadFromAsync(stream, 64 * 1024, ct) > 0)
            while (BinaryPrimitives.TryReadInt32BigEndian(incoming.Span, out int length) &&
                incoming.Length >= 4 + length)
            {
                incoming.Consume(4);
                await frames.Writer.WriteAsync(incoming.SplitTo(length).Freeze(), ct); // the consumer disposes it
            }
    }

    [Fact]
    public async Task At_most_as_much_is_read_as_was_asked_for()
    {
        using BufferBuilder builder = new(0, _pool);
        using Stream stream = BufferSlice.CopyFrom(Bytes, _pool).AsStream();
        Assert.Equal(10, await builder.ReadFromAsync(stream, 10));
        Assert.Equal(1, await builder.ReadFromAsync(stream, 1));
        Assert.Equal(11, builder.Length);
        while (await builder.ReadFromAsync(stream, 100_000) > 0)
        {
            Assert.True(builder.Length <= Bytes.Length);
        }

        Assert.Equal(Bytes, builder.Span.ToArray());
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(async () => await builder.ReadFromAsync(stream, 0));
    }

    [Fact]
    public async Task A_builder_disposed_under_a_read_holds_its_block_until_the_read_has_ended()
    {
        TaskCompletionSource<int> reading = new();
        BufferBuilder builder = new(100_000, _pool);
        ValueTask<int> read = builder.ReadFromAsync(new Waiting(reading.Task), 1000);
        builder.Dispose();
        Assert.NotEqual(0, _pool.RentedBytes);
        reading.SetResult(5);
        await Assert.ThrowsAnyAsync<Exception>(async () => await read);
        Assert.Equal(0, _pool.RentedBytes);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_failed_read_appends_nothing_and_lets_go(bool isCancelled)
    {
        Task<int> failure = isCancelled
            ? Task.FromCanceled<int>(new CancellationToken(true))
            : Task.FromException<int>(new IOException("broken"));
        using BufferBuilder builder = new(100_000, _pool);
        builder.Write([1, 2]);
        await Assert.ThrowsAnyAsync<Exception>(async () => await builder.ReadFromAsync(new Waiting(failure), 1000));
        Assert.Equal(2, builder.Length);
        using BufferSlice slice = builder.Freeze();
        Assert.True(slice.IsUnique);
    }

    [Fact]
    public async Task A_stream_over_slices_reads_seeks_and_copies_like_one_over_an_array()
    {
        Random random = new(3);
        using MemoryStream expected = new(Bytes, writable: false);
        using Stream actual = ReaderSources.Sequence(Bytes[..1], Bytes[1..20_000], Bytes[20_000..]).AsStream();
        Assert.Equal(expected.Length, actual.Length);
        for (int step = 0; step < 300; step++)
        {
            byte[] left = new byte[random.Next(0, 9000)];
            byte[] right = new byte[left.Length];
            int count = await expected.ReadAsync(left);
            Assert.Equal(count, step % 2 == 0 ? await actual.ReadAsync(right) : actual.Read(right, 0, right.Length));
            Assert.Equal(left, right);
            if (step % 7 == 0)
            {
                long target = random.Next(0, Bytes.Length + 10);
                Assert.Equal(expected.Seek(target, SeekOrigin.Begin), actual.Seek(target, SeekOrigin.Begin));
                Assert.Equal(expected.Seek(-1 - step, SeekOrigin.End), actual.Seek(-1 - step, SeekOrigin.End));
                Assert.Equal(expected.Seek(1, SeekOrigin.Current), actual.Seek(1, SeekOrigin.Current));
            }
        }

        actual.Position = 19_000;
        using MemoryStream copy = new();
        await actual.CopyToAsync(copy);
        Assert.Equal(Bytes[19_000..], copy.ToArray());
        Assert.Throws<IOException>(() => actual.Seek(-1, SeekOrigin.Begin));
        Assert.Throws<NotSupportedException>(() => actual.Write([1]));
        actual.Dispose();
        Assert.Throws<ObjectDisposedException>(() => actual.ReadByte());
    }

    [Fact]
    public async Task Disposing_the_stream_or_completing_the_pipe_gives_the_blocks_back()
    {
        byte[] large = new byte[100_000];
        BufferSlice slice = BufferSlice.CopyFrom(large, _pool);
        BufferSequence sequence = new();
        sequence.Append(slice.Retain());
        sequence.Append(BufferSlice.CopyFrom(large, _pool));
        Stream stream = slice.AsStream();
        await stream.CopyToAsync(Stream.Null);
        await stream.DisposeAsync();
        PipeReader pipe = sequence.AsPipeReader();
        ReadResult result = await pipe.ReadAsync();
        Assert.True(result.IsCompleted && result.Buffer.Length == 200_000);
        pipe.AdvanceTo(result.Buffer.GetPosition(150_000));
        Assert.True(pipe.TryRead(out result) && result.Buffer.Length == 50_000);
        pipe.AdvanceTo(result.Buffer.End);
        Assert.NotEqual(0, _pool.RentedBytes);
        await pipe.CompleteAsync();
        Assert.Equal(0, _pool.RentedBytes);
    }

    [Fact]
    public async Task Bytes_go_through_a_pipe()
    {
        Pipe pipe = new();
        using BufferSequence sequence = ReaderSources.Sequence(Bytes[..70], Bytes[70..]);
        Task<bool> writing = WriteAsync();
        using BufferBuilder builder = new(0, _pool);
        while (await builder.ReadFromAsync(pipe.Reader, 777) is int count && count > 0)
        {
            Assert.InRange(count, 1, 777);
        }

        Assert.True(await writing);
        Assert.Equal(Bytes, builder.Span.ToArray());
        using MemoryStream copy = new();
        await sequence.WriteToAsync(copy);
        Assert.Equal(Bytes, copy.ToArray());

        async Task<bool> WriteAsync()
        {
            bool isWanted = await sequence.WriteToAsync(pipe.Writer);
            await pipe.Writer.CompleteAsync();
            return isWanted;
        }
    }

    [Fact]
    public async Task A_pipe_whose_reader_is_done_takes_no_more()
    {
        Pipe pipe = new();
        await pipe.Reader.CompleteAsync();
        using BufferSequence sequence = ReaderSources.Sequence(Bytes);
        Assert.False(await sequence.WriteToAsync(pipe.Writer));
        Pipe cancelled = new();
        using BufferBuilder builder = new();
        cancelled.Reader.CancelPendingRead();
        await Assert.ThrowsAsync<OperationCanceledException>(
            async () => await builder.ReadFromAsync(cancelled.Reader, 10));
    }

    /// <summary>Gives a few bytes at a time.</summary>
    private sealed class Dripping : OneWayStream
    {
        private readonly Stream _inner;
        private readonly Random _random = new(11);
        private readonly int _most;

        public Dripping(Stream inner, int most)
        {
            _inner = inner;
            _most = most;
        }

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            _inner.ReadAsync(buffer[..int.Min(buffer.Length, _random.Next(1, _most))], cancellationToken);
    }

    private sealed class Waiting : OneWayStream
    {
        private readonly Task<int> _reading;

        public Waiting(Task<int> reading)
        {
            _reading = reading;
        }

        public override async ValueTask<int> ReadAsync(
            Memory<byte> buffer, CancellationToken cancellationToken = default) => await _reading;
    }

    private abstract class OneWayStream : Stream
    {
        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position { get; set; }

        public override void Flush()
        {
        }

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value)
        {
        }

        public override void Write(byte[] buffer, int offset, int count)
        {
        }
    }
}
