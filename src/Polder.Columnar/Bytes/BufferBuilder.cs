using System;
using System.Buffers;

namespace Polder.Bytes;

/// <summary>
/// A growing run of bytes, written by one thread at a time and seen by nobody else until <see cref="Freeze"/>.
/// </summary>
public sealed class BufferBuilder : IBufferWriter<byte>, IDisposable
{
    private const int SmallestCapacity = 64;

    private readonly BufferAllocator _allocator;
    private BufferBlock? _block;
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
        if (capacity > 0)
        {
            _block = _allocator.Rent(capacity);
            _end = _block.Memory.Length;
        }
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
            return _block is null ? [] : _block.Memory.Span.Slice(_start, _length);
        }
    }

    /// <summary>The bytes written, borrowed.</summary>
    public ReadOnlyMemory<byte> WrittenMemory
    {
        get
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            return _block is null ? default : _block.Memory.Slice(_start, _length);
        }
    }

    /// <inheritdoc />
    public Span<byte> GetSpan(int sizeHint = 0) => GetMemory(sizeHint).Span;

    /// <inheritdoc />
    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        Reserve(int.Max(1, sizeHint));
        return _block!.Memory[(_start + _length).._end];
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
            source.CopyTo(_block!.Memory.Span[(_start + _length)..]);
            _length += source.Length;
        }
    }

    /// <summary>Sets the length, filling what is new.</summary>
    public void Resize(int length, byte value = 0)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        if (length > _length)
        {
            Reserve(length - _length);
            _block!.Memory.Span.Slice(_start + _length, length - _length).Fill(value);
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
            _end = _block.Memory.Length;
        }
    }

    /// <summary>Makes room: in place, by moving the bytes to the front, or in a block twice the size.</summary>
    public void Reserve(int additional)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        ArgumentOutOfRangeException.ThrowIfNegative(additional);
        if (additional <= Capacity - _length)
        {
            return;
        }

        long needed = (long)_length + additional;
        if (needed > Array.MaxLength)
        {
            throw new InvalidOperationException($"a buffer of {needed} bytes exceeds what an array can hold");
        }

        if (_block is { IsReclaimable: true } && needed <= _block.Memory.Length)
        {
            // Whoever shared the block is gone. Moving pays only where it frees as much as it copies.
            _end = _block.Memory.Length;
            if (needed <= _end - _start)
            {
                return;
            }

            if (_start >= _length)
            {
                Span.CopyTo(_block.Memory.Span);
                _start = 0;
                return;
            }
        }

        long grown = long.Max(long.Max(needed, SmallestCapacity), 2L * (_block?.Memory.Length ?? 0));
        BufferBlock block = _allocator.Rent((int)long.Min(grown, Array.MaxLength));
        Span.CopyTo(block.Memory.Span);
        _block?.Release();
        _block = block;
        _start = 0;
        _end = block.Memory.Length;
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
    public BufferBuilder SplitTo(int index)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(index, _length);
        BufferBuilder head = new(0, _allocator);
        if (_block is not null)
        {
            Invariant.Holds(_block.TryRetain(), "a builder's block was gone");
            head._block = _block;
            head._start = _start;
            head._length = index;
            head._end = _start + index;
            _start += index;
            _length -= index;
        }

        return head;
    }

    /// <summary>The bytes as an immutable slice. Consumes this.</summary>
    public BufferSlice Freeze()
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        BufferSlice slice = _block is null
            ? BufferSlice.Empty
            : new BufferSlice(_block, _block.Memory.Slice(_start, _length));
        Forget();
        return slice;
    }

    /// <summary>Gives the block back; a second call does nothing.</summary>
    public void Dispose()
    {
        if (!_isDisposed)
        {
            _block?.Release();
            Forget();
        }
    }

    private void Forget()
    {
        _isDisposed = true;
        _block = null;
        _start = 0;
        _end = 0;
        _length = 0;
    }
}
