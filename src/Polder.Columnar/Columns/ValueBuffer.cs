using System;
using Apache.Arrow;

namespace Polder.Columns;

/// <summary>A growing run of bytes in plain GC memory that becomes an Arrow buffer. Mutable: never copy it.</summary>
internal struct ValueBuffer
{
    private const int SmallestCapacity = 64;

    private byte[]? _array;
    private int _capacityHint;

    public ValueBuffer(long capacityHint)
    {
        _capacityHint = (int)long.Clamp(capacityHint, 0, System.Array.MaxLength);
    }

    /// <summary>Bytes appended.</summary>
    public int Length { get; private set; }

    /// <summary>The bytes appended, borrowed until the next append.</summary>
    public readonly Span<byte> Span => _array.AsSpan(0, Length);

    /// <summary>Appends that many bytes with undefined contents, for the caller to fill.</summary>
    public Span<byte> Append(int count)
    {
        int start = Length;
        long needed = (long)start + count;
        if (_array is null || needed > _array.Length)
        {
            Grow(needed);
        }

        Length = (int)needed;
        return _array.AsSpan(start, count);
    }

    /// <summary>Room for that many bytes or more, not appended until <see cref="Commit"/>.</summary>
    public Span<byte> Reserve(int count)
    {
        long needed = (long)Length + count;
        if (_array is null || needed > _array.Length)
        {
            Grow(needed);
        }

        return _array.AsSpan(Length);
    }

    /// <summary>Appends the first bytes of the room reserved last.</summary>
    public void Commit(int count)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)count, (uint)((_array?.Length ?? 0) - Length));
        Length += count;
    }

    /// <summary>The bytes as an Arrow buffer; starts anew.</summary>
    /// <param name="slackShift">
    /// What growth left over is given back where it is more than the length shifted right by this: an eighth, or less
    /// where the buffer is kept for long.
    /// </param>
    public ArrowBuffer Build(int slackShift = 3)
    {
        byte[]? array = _array;
        int length = Length;
        _array = null;
        _capacityHint = int.Max(_capacityHint, (int)long.Min(length + (length >> 4), System.Array.MaxLength));
        Length = 0;
        if (array is null || length == 0)
        {
            return ArrowBuffer.Empty;
        }

        return array.Length - length > int.Max(SmallestCapacity, length >> slackShift)
            ? new ArrowBuffer(array.AsMemory(0, length).ToArray())
            : new ArrowBuffer(array.AsMemory(0, length));
    }

    private void Grow(long needed)
    {
        if (needed > System.Array.MaxLength)
        {
            throw new InvalidOperationException($"a column of {needed} bytes exceeds what an array can hold");
        }

        long capacity = long.Max(needed, _array is null ? _capacityHint : 2L * _array.Length);
        capacity = long.Clamp(capacity, SmallestCapacity, System.Array.MaxLength);
        byte[] grown = GC.AllocateUninitializedArray<byte>((int)capacity);
        Span.CopyTo(grown);
        _array = grown;
    }
}
