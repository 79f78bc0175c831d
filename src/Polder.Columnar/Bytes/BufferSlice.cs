using System;
using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Threading;

namespace Polder.Bytes;

/// <summary>
/// One reference to an immutable run of bytes, counted: the last reference gives the block back to its pool.
/// </summary>
/// <remarks>
/// Ownership: every slice has one owner, who disposes it once or passes it to a method that says it consumes it.
/// Whoever keeps bytes past a call retains first. <see cref="Span"/> and <see cref="Memory"/> are borrows, valid while
/// this handle lives. Several threads may read one handle while its owner outlives them.
/// </remarks>
public sealed class BufferSlice : IDisposable, IEquatable<BufferSlice>
{
    // A handle that is Live has nothing to check: every member asks for that first, and for nothing else.
    private const int Live = 0;
    private const int Watched = 1;
    private const int Immortal = 2;
    private const int Consumed = 3;
    private const int Disposed = 4;

    // Of a watched handle the memory is a guarded one, which knows the handle's HandleChecks.
    private readonly ReadOnlyMemory<byte> _memory;
    private readonly BufferBlock? _block;
    private readonly int _life;
    private int _state;

    private BufferSlice(BufferBlock? block, ReadOnlyMemory<byte> memory, int life)
    {
        _block = block;
        _memory = memory;
        _life = life;
    }

    /// <summary>No bytes; never disposed.</summary>
    public static BufferSlice Empty { get; } = new(null, default, 0) { _state = Immortal };

    /// <summary>Number of bytes.</summary>
    public int Length => _memory.Length;

    /// <summary>The bytes, borrowed.</summary>
    /// <exception cref="ObjectDisposedException">The slice was disposed or consumed.</exception>
    public ReadOnlySpan<byte> Span
    {
        get
        {
            ThrowIfGone();
            return _memory.Span;
        }
    }

    /// <summary>The bytes, borrowed; array-backed except for foreign memory and under full checks.</summary>
    /// <exception cref="ObjectDisposedException">The slice was disposed or consumed.</exception>
    public ReadOnlyMemory<byte> Memory
    {
        get
        {
            ThrowIfGone();
            return _memory;
        }
    }

    /// <summary>Whether this is the only handle on a block of ours; stale at once with other threads.</summary>
    public bool IsUnique => _state <= Watched && _block is { IsReclaimable: true };

    private HandleChecks? Checks => HandleChecks.Of(_memory, out _);

    /// <summary>The memory without its guard.</summary>
    private ReadOnlyMemory<byte> Plain
    {
        get
        {
            HandleChecks.Of(_memory, out ReadOnlyMemory<byte> plain);
            return plain;
        }
    }

    /// <summary>GC memory as a slice: retaining and disposing it count nothing.</summary>
    public static BufferSlice Wrap(ReadOnlyMemory<byte> memory) => new(null, memory, 0);

    /// <summary>A copy.</summary>
    public static BufferSlice CopyFrom(ReadOnlySpan<byte> source, BufferAllocator? allocator = null)
    {
        if (source.IsEmpty)
        {
            return Empty;
        }

        BufferBlock block = (allocator ?? BufferAllocator.GarbageCollected).Rent(source.Length);
        source.CopyTo(block.Span);
        return On(block, block.Memory[..source.Length]);
    }

    /// <summary>Foreign memory; takes ownership and disposes the owner with the last reference.</summary>
    /// <exception cref="ArgumentOutOfRangeException">
    /// The part is not within the memory; the owner is disposed.
    /// </exception>
    public static BufferSlice FromOwner(IMemoryOwner<byte> owner, int start, int length)
    {
        try
        {
            OwnedBlock block = new(owner);
            return On(block, block.Memory.Slice(start, length));
        }
        catch
        {
            owner.Dispose();
            throw;
        }
    }

    /// <summary>Another reference to the same bytes.</summary>
    public BufferSlice Retain() => RetainSlice(0, Length);

    /// <summary>Another reference to a part of the bytes. An empty part refers to nothing.</summary>
    /// <exception cref="ObjectDisposedException">The slice was disposed or consumed.</exception>
    public BufferSlice RetainSlice(int start, int length)
    {
        if (_state != Live)
        {
            return RetainUnusual(start, length);
        }

        ReadOnlyMemory<byte> part = _memory.Slice(start, length);
        if (length == 0)
        {
            return Empty;
        }

        if (_block is not null && !_block.TryRetain(_life))
        {
            ThrowGone();
        }

        return new BufferSlice(_block, part, _life);
    }

    /// <summary>
    /// Another reference to a span that was taken out of <see cref="Span"/>; false if it lies elsewhere.
    /// </summary>
    public bool TryRetainSubset(ReadOnlySpan<byte> subset, [NotNullWhen(true)] out BufferSlice? slice)
    {
        ReadOnlySpan<byte> all = Span;
        if (subset.IsEmpty)
        {
            slice = Empty;
            return true;
        }

        bool isInside = all.Overlaps(subset, out int start) && start >= 0 && start <= all.Length - subset.Length;
        slice = isInside ? RetainSlice(start, subset.Length) : null;
        return isInside;
    }

    /// <summary>The bytes before and from an index on, as a slice each. Consumes this.</summary>
    public (BufferSlice Head, BufferSlice Tail) SplitAt(int index)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(index, Length);
        if (index == Length)
        {
            return (Move(), Empty);
        }

        if (index == 0)
        {
            return (Empty, Move());
        }

        // First the end of this handle, which only one of several threads can bring about, then the parts.
        Consume();
        Invariant.Holds(_block is null || _block.TryRetain(_life), "a slice's block was gone");
        _block?.Checks?.Retained();
        ReadOnlyMemory<byte> memory = Plain;
        return (On(_block, memory[..index]), On(_block, memory[index..]));
    }

    /// <summary>
    /// The bytes as a builder again, with the room behind them, if nobody else holds the block. Consumes this where it
    /// returns true. No borrow of this slice may be in use.
    /// </summary>
    public bool TryUnfreeze([NotNullWhen(true)] out BufferBuilder? builder)
    {
        ThrowIfGone();
        builder = null;
        if (_block is not { IsReclaimable: true })
        {
            return false;
        }

        Consume();
        builder = new BufferBuilder(_block, Start, Length);
        return true;
    }

    /// <summary>
    /// This slice, or a copy in GC memory where it holds a block much larger than itself: for bytes that stay.
    /// Consumes this.
    /// </summary>
    /// <param name="minimumUtilization">The part of the block, 0 to 1, that must be in use for it to be kept.</param>
    public BufferSlice Compact(double minimumUtilization = 0.5)
    {
        ThrowIfGone();
        int held = _block is not null ? _block.Length
            : MemoryMarshal.TryGetArray(_memory, out ArraySegment<byte> segment) ? segment.Array!.Length
            : Length;
        if (Length >= held * minimumUtilization)
        {
            return Move();
        }

        Consume();
        BufferSlice copy = CopyFrom(Plain.Span);
        _block?.Release();
        return copy;
    }

    /// <summary>
    /// The bytes as plain GC memory: the block is never recycled, nothing but foreign memory is copied. Consumes this.
    /// </summary>
    public ReadOnlyMemory<byte> DetachFromPool()
    {
        Consume();
        ReadOnlyMemory<byte> memory = _block is { Array: null } ? Plain.ToArray() : Plain;
        if (_block is { Array: not null })
        {
            _block.Detach();
        }

        _block?.Release();
        return memory;
    }

    /// <inheritdoc />
    public bool Equals(BufferSlice? other) => other is not null && Span.SequenceEqual(other.Span);

    /// <inheritdoc />
    public override bool Equals(object? obj) => Equals(obj as BufferSlice);

    /// <inheritdoc />
    public override int GetHashCode()
    {
        HashCode hash = default;
        hash.AddBytes(Span);
        return hash.ToHashCode();
    }

    /// <summary>Compares bytes as unsigned numbers, the first difference decides.</summary>
    public int CompareTo(BufferSlice? other) => other is null ? 1 : Span.SequenceCompareTo(other.Span);

    /// <summary>Drops this reference; a second call does nothing (and is reported under full checks).</summary>
    public void Dispose()
    {
        if (Interlocked.CompareExchange(ref _state, Disposed, Live) == Live)
        {
            _block?.Release();
        }
        else
        {
            DisposeUnusual();
        }
    }

    /// <summary>A handle on a block whose count it takes over.</summary>
    internal static BufferSlice On(BufferBlock? block, ReadOnlyMemory<byte> memory) =>
        block?.Checks is { IsFull: true }
            ? new BufferSlice(block, new HandleChecks(memory.Span).Guard(memory), block.Life) { _state = Watched }
            : new BufferSlice(block, memory, block?.Life ?? 0);

    // The rare cases are apart, so that what is left is short enough to become part of its callers.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private void DisposeUnusual()
    {
        if (Interlocked.CompareExchange(ref _state, Disposed, Watched) == Watched)
        {
            Checks!.End(Plain.Span);
            _block?.Release();
        }
        else if (_state == Disposed)
        {
            Checks?.ReportSecondDispose();
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private BufferSlice RetainUnusual(int start, int length)
    {
        ThrowIfGone();
        ReadOnlyMemory<byte> part = Plain.Slice(start, length);
        if (length == 0)
        {
            return Empty;
        }

        if (!_block!.TryRetain(_life))
        {
            ThrowGone();
        }

        _block.Checks?.Retained();
        return On(_block, part);
    }

    /// <summary>Ends this handle and passes its reference on to the caller.</summary>
    private void Consume()
    {
        if (Interlocked.CompareExchange(ref _state, Consumed, Live) == Live || _state == Immortal)
        {
            return;
        }

        if (Interlocked.CompareExchange(ref _state, Consumed, Watched) != Watched)
        {
            ThrowGone();
        }

        Checks!.End(Plain.Span);
    }

    /// <summary>The same reference in a new handle, so that this one throws from here on.</summary>
    private BufferSlice Move()
    {
        Consume();
        return _state == Immortal ? this : On(_block, Plain);
    }

    private int Start => _block!.Span.Overlaps(Plain.Span, out int start) ? start : 0;

    private void ThrowIfGone()
    {
        if (_state > Immortal)
        {
            ThrowGone();
        }
    }

    [DoesNotReturn]
    private void ThrowGone()
    {
        Checks?.ReportUse();
        throw new ObjectDisposedException(nameof(BufferSlice), "The slice was disposed or consumed.");
    }
}
