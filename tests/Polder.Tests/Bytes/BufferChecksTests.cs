using System;
using System.IO;
using System.Runtime.CompilerServices;
using System.Threading.Tasks;
using Polder.Bytes;
using Xunit;

namespace Polder.Tests.Bytes;

/// <summary>Each mistake is made once and found.</summary>
public sealed class BufferChecksTests
{
    private const int BlockLength = 70_000;

    [Fact]
    public void A_second_dispose_is_reported_with_both_places_and_harms_nobody()
    {
        using Mistakes mistakes = new(nameof(A_second_dispose_is_reported_with_both_places_and_harms_nobody));
        BufferAllocator pool = Pool(BufferChecks.Full);
        BufferSlice slice = BufferSlice.CopyFrom(new byte[BlockLength], pool);
        using BufferSlice other = slice.Retain();
        slice.Dispose();
        Assert.Empty(mistakes.Seen);
        slice.Dispose();
        Assert.StartsWith("A handle was disposed twice", Assert.Single(mistakes.Seen), StringComparison.Ordinal);
        Assert.Equal(BlockLength, other.Span.Length);
        Assert.NotEqual(0, pool.RentedBytes);
    }

    [Fact]
    public void Disposing_what_was_consumed_is_no_mistake()
    {
        using Mistakes mistakes = new(nameof(Disposing_what_was_consumed_is_no_mistake));
        using BufferSlice slice = BufferSlice.CopyFrom(new byte[BlockLength], Pool(BufferChecks.Full));
        (BufferSlice head, BufferSlice tail) = slice.SplitAt(10);
        using (head)
        using (tail)
        {
            slice.Dispose();
        }

        Assert.Empty(mistakes.Seen);
    }

    [Fact]
    public void Use_after_dispose_is_reported_and_throws()
    {
        using Mistakes mistakes = new(nameof(Use_after_dispose_is_reported_and_throws));
        BufferSlice slice = BufferSlice.CopyFrom(new byte[BlockLength], Pool(BufferChecks.Full));
        slice.Dispose();
        Assert.Throws<ObjectDisposedException>(() => slice.Span.Length);
        Assert.StartsWith("A handle was used after", Assert.Single(mistakes.Seen), StringComparison.Ordinal);
    }

    [Fact]
    public void Memory_borrowed_from_a_slice_throws_once_the_slice_is_gone()
    {
        BufferSlice slice = BufferSlice.CopyFrom(new byte[BlockLength], Pool(BufferChecks.Full));
        using BufferSlice other = slice.Retain();
        ReadOnlyMemory<byte> memory = slice.Memory;
        ReadOnlyMemory<byte> alive = other.Memory;
        Assert.Equal(BlockLength, memory.Span.Length);
        slice.Dispose();
        Assert.Throws<ObjectDisposedException>(() => memory.Span.Length);
        Assert.Throws<ObjectDisposedException>(() => memory[5..].Pin());
        Assert.Equal(BlockLength, alive.Span.Length);
    }

    [Fact]
    public void Memory_borrowed_from_a_builder_throws_once_it_is_frozen_or_has_moved()
    {
        BufferBuilder builder = new(BlockLength, Pool(BufferChecks.Full));
        Memory<byte> room = builder.GetMemory();
        builder.Write([1]);
        builder.Reserve(BlockLength * 3);
        Assert.Throws<ObjectDisposedException>(() => room.Span.Length);
        Memory<byte> moved = builder.GetMemory();
        Assert.NotEqual(0, moved.Span.Length);
        using BufferSlice slice = builder.Freeze();
        Assert.Throws<ObjectDisposedException>(() => moved.Span.Length);
    }

    [Fact]
    public void A_write_after_freeze_is_reported()
    {
        using Mistakes mistakes = new(nameof(A_write_after_freeze_is_reported));
        BufferBuilder builder = new(BlockLength, Pool(BufferChecks.Full));
        builder.Write([1, 2, 3]);
        Span<byte> stale = builder.Span;
        BufferSlice slice = builder.Freeze();
        stale[1] = 9;
        slice.Dispose();
        Assert.StartsWith("Frozen bytes were written to", Assert.Single(mistakes.Seen), StringComparison.Ordinal);
    }

    [Fact]
    public void A_write_after_the_block_went_back_is_reported_when_it_is_used_again_or_dropped()
    {
        const int length = 81_920;
        using Mistakes mistakes = new($"a block of {length} bytes was written to after");
        BufferAllocator pool = Pool(BufferChecks.Full);
        for (int round = 1; round <= 2; round++)
        {
            BufferBuilder builder = new(length, pool);
            builder.Write([1, 2, 3]);
            Span<byte> stale = builder.Span;
            builder.Dispose();
            stale[2] = 9;
            pool.Trim();
            Assert.Equal(round, mistakes.Seen.Count);
        }

        Assert.StartsWith("Byte 2 of", mistakes.Seen[0], StringComparison.Ordinal);
    }

    [Fact]
    public void A_leaked_block_is_reported_with_the_place_it_was_rented_at_and_stays_counted()
    {
        using Mistakes mistakes = new(nameof(Leak));
        BufferAllocator pool = Pool(BufferChecks.Full);
        Mistakes.Collect(() => Leak(pool));
        string report = Assert.Single(mistakes.Seen);
        Assert.StartsWith("A block of 81920 bytes was never given back", report, StringComparison.Ordinal);
        Assert.Contains("Retained at", report, StringComparison.Ordinal);
        Assert.NotEqual(0, pool.RentedBytes);
        Assert.Equal(0, pool.RetainedBytes);
    }

    [Fact]
    public void Of_many_leaked_blocks_a_sample_is_reported()
    {
        using Mistakes mistakes = new(nameof(LeakMany));
        Mistakes.Collect(() => LeakMany(Pool(BufferChecks.Sampled)));
        Assert.Equal(2, mistakes.Seen.Count);
    }

    [Fact]
    public void Without_mistakes_nothing_is_reported()
    {
        using Mistakes mistakes = new(nameof(Without_mistakes_nothing_is_reported));
        Mistakes.Collect(() =>
        {
            BufferBlock block = Pool(BufferChecks.None).Rent(BlockLength);
            Assert.Null(block.Checks);
            using BufferSlice slice = BufferSlice.CopyFrom(new byte[BlockLength], Pool(BufferChecks.Full));
            using BufferSlice detached = slice.Retain();
            Assert.Equal(BlockLength, detached.DetachFromPool().Span.Length);
        });
        Assert.Empty(mistakes.Seen);
    }

    [Fact]
    public unsafe void Behind_a_paranoid_block_and_in_one_given_back_every_access_faults()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "the kernel's own read of our memory is asked");
        BufferBlock block = Pool(BufferChecks.Paranoid).Rent(1001);
        using System.Buffers.MemoryHandle pin = block.Memory.Pin();
        byte* start = (byte*)pin.Pointer;
        Assert.True(CanRead(start) && CanRead(start + 1000));
        Assert.False(CanRead(start + 1001));
        Assert.False(CanRead(start + 1000 + Environment.SystemPageSize));
        block.Release();
        Assert.False(CanRead(start));
    }

    [Fact]
    public async Task A_race_to_dispose_one_handle_releases_once()
    {
        for (int round = 0; round < 200; round++)
        {
            LedgerAllocator ledger = new();
            BufferSlice slice = BufferSlice.CopyFrom([1, 2, 3], ledger);
            BufferSlice other = slice.Retain();
            await Task.WhenAll(Task.Run(slice.Dispose), Task.Run(slice.Dispose), Task.Run(() =>
            {
                try
                {
                    (BufferSlice head, BufferSlice tail) = slice.SplitAt(1);
                    head.Dispose();
                    tail.Dispose();
                }
                catch (ObjectDisposedException)
                {
                    return;
                }
            }));
            Assert.Equal([1, 2, 3], other.Span.ToArray());
            other.Dispose();
            ledger.AssertEachCameBackOnce();
        }
    }

    // Writing from an address the kernel cannot read fails with EFAULT instead of ending the process.
    private static unsafe bool CanRead(byte* address)
    {
        using FileStream file = new(Path.GetTempFileName(), new FileStreamOptions
        {
            Access = FileAccess.ReadWrite,
            Options = FileOptions.DeleteOnClose,
            BufferSize = 0,
        });
        try
        {
            RandomAccess.Write(file.SafeFileHandle, new ReadOnlySpan<byte>(address, 1), 0);
            return true;
        }
        catch (IOException)
        {
            return false;
        }
    }

    private static BufferAllocator Pool(BufferChecks checks) => BufferAllocator.CreatePool(1 << 20, 1 << 20, checks);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Leak(BufferAllocator pool)
    {
        BufferSlice slice = BufferSlice.CopyFrom(new byte[BlockLength], pool);
        slice.Retain();
        slice.Dispose();
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void LeakMany(BufferAllocator pool)
    {
        for (int index = 0; index < 256; index++)
        {
            pool.Rent(BlockLength);
        }
    }
}
