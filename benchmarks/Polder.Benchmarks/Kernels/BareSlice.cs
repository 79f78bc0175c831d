using System;
using System.Threading;

namespace Polder.Benchmarks.Kernels;

/// <summary>
/// What <see cref="Polder.Bytes.BufferSlice"/> is without <see cref="Polder.Bytes.BufferChecks"/>: the same promises
/// (a handle that is gone throws, a second disposal does nothing, a block that was used again is never retained, plain
/// memory counts nothing), and no code for watched handles or blocks. So the ratio is what checks cost that are off.
/// </summary>
internal sealed class BareSlice : IDisposable
{
    private static readonly BareSlice _empty = new(null, default, 0);

    private readonly ReadOnlyMemory<byte> _memory;
    private readonly Counted? _block;
    private readonly int _life;
    private int _isGone;

    public BareSlice(byte[] array)
        : this(new Counted(), array, 0)
    {
    }

    private BareSlice(Counted? block, ReadOnlyMemory<byte> memory, int life)
    {
        _block = block;
        _memory = memory;
        _life = life;
    }

    public ReadOnlySpan<byte> Span => _isGone == 0 ? _memory.Span : throw Gone();

    public BareSlice Retain() => RetainSlice(0, _memory.Length);

    public BareSlice RetainSlice(int start, int length)
    {
        if (_isGone != 0)
        {
            throw Gone();
        }

        ReadOnlyMemory<byte> part = _memory.Slice(start, length);
        if (length == 0)
        {
            return _empty;
        }

        if (_block is not null && !_block.TryRetain(_life))
        {
            throw Gone();
        }

        return new BareSlice(_block, part, _life);
    }

    public void Dispose()
    {
        if (Interlocked.CompareExchange(ref _isGone, 1, 0) == 0)
        {
            _block?.Release();
        }
    }

    private static ObjectDisposedException Gone() => new(nameof(BareSlice));

    private sealed class Counted
    {
        // The life in the upper half, the handles in the lower.
        private long _state = 1;

        public bool TryRetain(int life)
        {
            long state = Volatile.Read(ref _state);
            while ((int)(state >> 32) == life && (int)state != 0)
            {
                long seen = Interlocked.CompareExchange(ref _state, state + 1, state);
                if (seen == state)
                {
                    return true;
                }

                state = seen;
            }

            return false;
        }

        public void Release()
        {
            if ((int)Interlocked.Decrement(ref _state) == 0)
            {
                throw new InvalidOperationException("the array is held for ever");
            }
        }
    }
}
