using System;
using System.Buffers;

namespace Polder.Bytes;

/// <summary>
/// A growing run of bytes, written by one thread at a time and seen by nobody else until <see cref="Freeze"/>.
/// </summary>
public sealed class BufferBuilder : IBufferWriter<byte>, IDisposable
{
    private const int SmallestCapacity = 64;
    private const int LargestRemembered = 64 * 1024;

    private readonly BufferAllocator _allocator;
    private BufferBlock? _block;
    private HandleChecks? _checks;
    private int _start;
    private int _end;
    private int _length;
    private bool _isDisposed;

    /// <summary>Makes a builder.</summary>
    /// <param name="capacity">Bytes to make room for at once.</param>
    /// <param name="allocator">Where blocks come from; null = plain GC memory.</param>
    public BufferBuilder(int capacity = 0, BufferAllocator? allocator = null)
    {
        _allocator = allocator ?? BufferAllocator.GarbageCollected;
        ArgumentOutOfRangeException.ThrowIfNegative(capacity);
        if (capacity > 0)
        {
            Adopt(_allocator.Rent(capacity), 0, 0);
        }
    }

    /// <summary>Goes on where a unique slice was frozen; takes over its handle.</summary>
    internal BufferBuilder(BufferBlock block, int start, int length)
    {
        _allocator = block.Source!;
        Adopt(block, start, length);
    }

    /// <summary>Bytes written and not consumed.</summary>
    public int Length => _length;

    /// <summary>Bytes that fit without another block, those written included.</summary>
    public int Capacity => _end - _start;

    /// <summary>The bytes written, borrowed.</summary>
    public Span<byte> Span
    {
        get
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            return _block is null ? [] : _block.Span.Slice(_start, _length);
        }
    }

    /// <summary>The bytes written, borrowed.</summary>
    public ReadOnlyMemory<byte> WrittenMemory
    {
        get
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            return _block is null ? default : Guard(_block.Memory.Slice(_start, _length));
        }
    }

    /// <inheritdoc />
    public Span<byte> GetSpan(int sizeHint = 0)
    {
        Reserve(int.Max(1, sizeHint));
        return _block!.Span[(_start + _length).._end];
    }

    /// <inheritdoc />
    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        Reserve(int.Max(1, sizeHint));
        return Guard(_block!.Memory[(_start + _length).._end]);
    }

    /// <inheritdoc />
    public void Advance(int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, Capacity - _length);
        _length += count;
    }

    /// <summary>Appends a copy of the bytes.</summary>
    public void Write(ReadOnlySpan<byte> source)
    {
        Reserve(source.Length);
        if (source.Length > 0)
        {
            source.CopyTo(_block!.Span[(_start + _length)..]);
            _length += source.Length;
        }
    }

    /// <summary>
    /// Appends the bytes of a slice: without a copy where this is empty and the slice the only one on its block, whose
    /// room behind the bytes becomes ours. Consumes the slice.
    /// </summary>
    public void Write(BufferSlice source)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        if (_length == 0 && source.TryUnfreeze(out BufferBuilder? adopted))
        {
            TakeOver(adopted);
            return;
        }

        Write(source.Span);
        source.Dispose();
    }

    /// <summary>Sets the length, filling what is new.</summary>
    public void Resize(int length, byte value = 0)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        if (length > _length)
        {
            Reserve(length - _length);
            _block!.Span.Slice(_start + _length, length - _length).Fill(value);
        }

        _length = length;
    }

    /// <summary>Forgets the bytes written, keeps the block.</summary>
    public void Clear()
    {
        _length = 0;
        if (_block is { IsReclaimable: true })
        {
            _start = 0;
            _end = _block.Length;
        }
    }

    /// <summary>
    /// Makes room for that many bytes more. In this order: the room is there; whoever shared the block is gone, and it
    /// fits behind the bytes, or in front of them where moving frees as much as it copies; else a new block, twice the
    /// size of one held alone, and as large as a shared one that is left (up to 64 KiB).
    /// </summary>
    public void Reserve(int additional)
    {
        if (TryReclaim(additional))
        {
            return;
        }

        long needed = (long)_length + additional;
        if (needed > Array.MaxLength)
        {
            throw new InvalidOperationException($"a buffer of {needed} bytes exceeds what an array can hold");
        }

        long held = _block?.Length ?? 0;
        long wanted = _block is { IsUnique: true } ? 2 * held : long.Min(held, LargestRemembered);
        wanted = long.Max(long.Max(needed, SmallestCapacity), wanted);
        BufferBlock block = _allocator.Rent((int)long.Min(wanted, Array.MaxLength));
        Span.CopyTo(block.Span);
        Leave();
        Adopt(block, 0, _length);
    }

    /// <summary>
    /// Makes room for that many bytes more without another block; false where that cannot be done, or would copy more
    /// than it frees.
    /// </summary>
    public bool TryReclaim(int additional)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        ArgumentOutOfRangeException.ThrowIfNegative(additional);
        if (additional <= Capacity - _length)
        {
            return true;
        }

        long needed = (long)_length + additional;
        if (_block is not { IsReclaimable: true } || needed > _block.Length)
        {
            return false;
        }

        _end = _block.Length;
        if (needed > _end - _start)
        {
            if (_start < _length)
            {
                return false;
            }

            Span.CopyTo(_block.Span);
            _start = 0;
        }

        return true;
    }

    /// <summary>Drops bytes from the front.</summary>
    public void Consume(int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, _length);
        _start += count;
        _length -= count;
    }

    /// <summary>
    /// Takes the first bytes away as a builder of their own, sharing the block: it has no spare room, what is written
    /// to it later goes to a block of its own.
    /// </summary>
    /// <param name="index">Bytes to take, at most <see cref="Length"/>.</param>
    public BufferBuilder SplitTo(int index)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(index, _length);
        BufferBuilder head = Share(_start, index, _start + index);
        _start += index;
        _length -= index;
        return head;
    }

    /// <summary>
    /// Takes what lies behind an index away as a builder of its own, the spare room with it; this one keeps what is
    /// before, and no room beyond.
    /// </summary>
    /// <param name="index">Bytes to keep, at most <see cref="Capacity"/>.</param>
    public BufferBuilder SplitOff(int index)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(index, Capacity);
        BufferBuilder tail = Share(_start + index, int.Max(0, _length - index), _end);
        _end = _start + index;
        _length = int.Min(_length, index);
        return tail;
    }

    /// <summary>
    /// Joins what was split, without a copy: true if <paramref name="other"/> has no room at all, or lies right behind
    /// this in the same block. Consumes <paramref name="other"/> where it returns true.
    /// </summary>
    public bool TryUnsplit(BufferBuilder other)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        ObjectDisposedException.ThrowIf(other._isDisposed, other);
        if (ReferenceEquals(this, other))
        {
            return false;
        }

        if (other.Capacity == 0)
        {
            other.Dispose();
            return true;
        }

        if (Capacity == 0)
        {
            TakeOver(other);
            return true;
        }

        bool isBehind = _block == other._block && _end == other._start;
        if (!isBehind || (_length < Capacity && other._length > 0))
        {
            return false;
        }

        _end = other._end;
        _length += other._length;
        other.Dispose();
        return true;
    }

    /// <summary>
    /// The bytes as an immutable slice; the room behind them comes back with <see cref="BufferSlice.TryUnfreeze"/>.
    /// Consumes this.
    /// </summary>
    public BufferSlice Freeze()
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        if (_block is null || _length == 0)
        {
            Dispose();
            return BufferSlice.Empty;
        }

        BufferSlice slice = BufferSlice.On(_block, _block.Memory.Slice(_start, _length));
        _block = null;
        Dispose();
        return slice;
    }

    /// <summary>Gives the block back; a second call does nothing.</summary>
    public void Dispose()
    {
        if (!_isDisposed)
        {
            _isDisposed = true;
            Leave();
            _start = 0;
            _end = 0;
            _length = 0;
        }
    }

    /// <summary>A handle on the block while somebody else writes into it, such as a read under way.</summary>
    internal BufferBlock? RetainBlock()
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        Invariant.Holds(_block is null || _block.TryRetain(_block.Life), "a builder's block was gone");
        _block?.Checks?.Retained();
        return _block;
    }

    private Memory<byte> Guard(Memory<byte> memory) => _checks is null ? memory : _checks.Guard(memory);

    private BufferBuilder Share(int start, int length, int end)
    {
        BufferBuilder part = new(0, _allocator);
        if (RetainBlock() is BufferBlock block)
        {
            part.Adopt(block, start, length);
            part._end = end;
        }

        return part;
    }

    private void TakeOver(BufferBuilder other)
    {
        Leave();
        Adopt(other._block!, other._start, other._length);
        _end = other._end;
        other._block = null;
        other.Dispose();
    }

    private void Adopt(BufferBlock block, int start, int length)
    {
        _block = block;
        _start = start;
        _length = length;
        _end = block.Length;
        _checks = block.Checks is { IsFull: true } ? new HandleChecks() : null;
    }

    private void Leave()
    {
        _checks?.End([]);
        _block?.Release();
        _block = null;
    }
}
