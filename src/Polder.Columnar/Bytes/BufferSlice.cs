using System;
using System.Buffers;
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
    private readonly ReadOnlyMemory<byte> _memory;
    private readonly BufferBlock? _block;
    private int _isDisposed;

    internal BufferSlice(BufferBlock? block, ReadOnlyMemory<byte> memory)
    {
        _block = block;
        _memory = memory;
    }

    /// <summary>No bytes; never disposed.</summary>
    public static BufferSlice Empty { get; } = new(null, default);

    /// <summary>Number of bytes.</summary>
    public int Length => _memory.Length;

    /// <summary>The bytes, borrowed.</summary>
    /// <exception cref="ObjectDisposedException">The slice was disposed or consumed.</exception>
    public ReadOnlySpan<byte> Span => Memory.Span;

    /// <summary>The bytes, borrowed.</summary>
    /// <exception cref="ObjectDisposedException">The slice was disposed or consumed.</exception>
    public ReadOnlyMemory<byte> Memory
    {
        get
        {
            ObjectDisposedException.ThrowIf(_isDisposed != 0, this);
            return _memory;
        }
    }

    /// <summary>Whether this is the only handle on a block of ours; stale at once with other threads.</summary>
    public bool IsUnique => _block is { IsReclaimable: true };

    /// <summary>GC memory as a slice: retaining and disposing it count nothing.</summary>
    public static BufferSlice Wrap(ReadOnlyMemory<byte> memory) => new(null, memory);

    /// <summary>A copy.</summary>
    public static BufferSlice CopyFrom(ReadOnlySpan<byte> source, BufferAllocator? allocator = null)
    {
        BufferBlock block = (allocator ?? BufferAllocator.GarbageCollected).Rent(source.Length);
        source.CopyTo(block.Memory.Span);
        return new BufferSlice(block, block.Memory[..source.Length]);
    }

    /// <summary>Foreign memory; takes ownership and disposes the owner with the last reference.</summary>
    public static BufferSlice FromOwner(IMemoryOwner<byte> owner, int start, int length)
    {
        BufferBlock block = new(owner);
        return new BufferSlice(block, block.Memory.Slice(start, length));
    }

    /// <summary>Another reference to the same bytes.</summary>
    public BufferSlice Retain() => RetainSlice(0, Length);

    /// <summary>Another reference to a part of the bytes.</summary>
    /// <exception cref="ObjectDisposedException">The slice was disposed or consumed.</exception>
    public BufferSlice RetainSlice(int start, int length)
    {
        ReadOnlyMemory<byte> part = Memory.Slice(start, length);
        if (length == 0)
        {
            return Empty;
        }

        ObjectDisposedException.ThrowIf(_block is not null && !_block.TryRetain(), this);
        return new BufferSlice(_block, part);
    }

    /// <summary>
    /// The bytes as plain GC memory: the block is never recycled, nothing but foreign memory is copied. Consumes this.
    /// </summary>
    public ReadOnlyMemory<byte> DetachFromPool()
    {
        ReadOnlyMemory<byte> memory = Memory;
        if (_block is { Array: null })
        {
            memory = memory.ToArray();
        }

        _block?.Detach();
        Dispose();
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

    /// <summary>Drops this reference; a second call does nothing.</summary>
    public void Dispose()
    {
        if (!ReferenceEquals(this, Empty) && Interlocked.Exchange(ref _isDisposed, 1) == 0)
        {
            _block?.Release();
        }
    }
}
