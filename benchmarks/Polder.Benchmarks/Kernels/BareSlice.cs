using System;
using System.Threading;

namespace Polder.Benchmarks.Kernels;

/// <summary>
/// A counted slice with nothing that could find a mistake: what <see cref="Polder.Bytes.BufferSlice"/> is measured
/// against, to see what its checks cost when they are off.
/// </summary>
internal sealed class BareSlice : IDisposable
{
    private readonly Counted _block;
    private readonly ReadOnlyMemory<byte> _memory;
    private int _isGone;

    public BareSlice(byte[] array)
        : this(new Counted(), array)
    {
    }

    private BareSlice(Counted block, ReadOnlyMemory<byte> memory)
    {
        _block = block;
        _memory = memory;
    }

    public ReadOnlySpan<byte> Span => _isGone == 0 ? _memory.Span : throw Gone();

    public BareSlice RetainSlice(int start, int length)
    {
        ReadOnlyMemory<byte> part = _memory.Slice(start, length);
        int count = Volatile.Read(ref _block.HandleCount);
        while (count > 0)
        {
            int seen = Interlocked.CompareExchange(ref _block.HandleCount, count + 1, count);
            if (seen == count)
            {
                return new BareSlice(_block, part);
            }

            count = seen;
        }

        throw Gone();
    }

    public void Dispose()
    {
        if (Interlocked.CompareExchange(ref _isGone, 1, 0) == 0)
        {
            Interlocked.Decrement(ref _block.HandleCount);
        }
    }

    private static ObjectDisposedException Gone() => new(nameof(BareSlice));

    private sealed class Counted
    {
        public int HandleCount = 1;
    }
}
