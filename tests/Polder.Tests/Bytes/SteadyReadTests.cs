using System;
using System.Collections.Generic;
using System.IO;
using System.Threading;
using System.Threading.Tasks;
using Polder.Bytes;
using Polder.Storage;
using Xunit;

namespace Polder.Tests.Bytes;

public sealed class SteadyReadTests
{
    private const int WindowBytes = 256 << 10;
    private const int HandleBytes = 64;
    private const int RoundCount = 200;

    [Fact]
    public async Task A_steady_loop_of_reads_allocates_its_handles_and_nothing_else()
    {
        BufferAllocator pool = BufferAllocator.CreatePool(16 << 20, 4 << 20);
        Source source = new();
        Queue<BufferSlice> held = new(8);
        for (int round = 0; round < RoundCount; round++)
        {
            await ReadWindowAsync(source, pool, held);
        }

        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int round = 0; round < RoundCount; round++)
        {
            await ReadWindowAsync(source, pool, held);
        }

        // Of each read: the builder, the window, two chunks of it.
        long each = (GC.GetAllocatedBytesForCurrentThread() - before) / RoundCount;
        Assert.InRange(each, 1, 4 * HandleBytes);
        while (held.TryDequeue(out BufferSlice? chunk))
        {
            chunk.Dispose();
        }

        Assert.Equal(0, pool.RentedBytes);
        Assert.InRange(pool.RetainedBytes, WindowBytes, 8 * WindowBytes);
    }

    [Fact]
    public async Task Frames_of_a_stream_cost_two_handles_each()
    {
        BufferAllocator pool = BufferAllocator.CreatePool(16 << 20, 4 << 20);
        using BufferBuilder incoming = new(64 << 10, pool);
        Source source = new();
        long before = 0;
        for (int round = 0; round < 2 * RoundCount; round++)
        {
            before = round == RoundCount ? GC.GetAllocatedBytesForCurrentThread() : before;
            await incoming.ReadFromAsync(source, 4096);
            using BufferSlice frame = incoming.SplitTo(incoming.Length).Freeze();
        }

        // The builder that was split off and the slice.
        Assert.InRange((GC.GetAllocatedBytesForCurrentThread() - before) / RoundCount, 1, 2 * HandleBytes);
    }

    private static async ValueTask ReadWindowAsync(Source source, BufferAllocator pool, Queue<BufferSlice> held)
    {
        BufferBuilder builder = new(WindowBytes, pool);
        while (builder.Length < WindowBytes)
        {
            await builder.ReadFromAsync(source, WindowBytes - builder.Length);
        }

        using BufferSlice window = builder.Freeze();
        held.Enqueue(window.RetainSlice(100, 5000));
        held.Enqueue(window.RetainSlice(200_000, 5000));
        while (held.Count > 6)
        {
            held.Dequeue().Dispose();
        }
    }

    /// <summary>
    /// Endless and without an allocation of its own; always ready, so that all is done on the thread whose allocations
    /// are counted.
    /// </summary>
    private sealed class Source : Stream
    {
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
            int count = int.Min(buffer.Length, 64 << 10);
            buffer.Span[..count].Fill(7);
            return ValueTask.FromResult(count);
        }

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override void Flush()
        {
            // Nothing is written.
        }
    }
}
