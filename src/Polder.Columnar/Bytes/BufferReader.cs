using System;
using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.IO;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Polder.Bytes;

/// <summary>
/// A cursor over borrowed bytes, in one piece or many. What starts with <c>Try</c> leaves the cursor where it is when
/// it returns false; the others throw <see cref="EndOfStreamException"/> and leave it too.
/// </summary>
public ref struct BufferReader
{
    private const int LargestNumber = 16;

    // The unread part of the piece the cursor stands in; empty only at the end.
    private ReadOnlySpan<byte> _current;

    // Unread bytes in later pieces.
    private long _behind;
    private ReadOnlySequenceSegment<byte>? _segment;

    // The slice the piece belongs to, if it is one of ours, and where in it the cursor stands.
    private BufferSlice? _slice;
    private int _sliceStart;

    /// <summary>Reads a span; slices taken out of it are copies.</summary>
    public BufferReader(ReadOnlySpan<byte> bytes)
    {
        _current = bytes;
    }

    /// <summary>Reads a slice, which must live as long as this.</summary>
    public BufferReader(BufferSlice slice)
    {
        _current = slice.Span;
        _slice = slice;
    }

    /// <summary>Reads a sequence, which must live as long as this.</summary>
    public BufferReader(BufferSequence sequence)
        : this(sequence.AsReadOnlySequence())
    {
    }

    /// <summary>Reads a sequence, which must live as long as this.</summary>
    public BufferReader(ReadOnlySequence<byte> sequence)
    {
        _current = sequence.FirstSpan;
        _behind = sequence.Length - _current.Length;
        _segment = sequence.Start.GetObject() as ReadOnlySequenceSegment<byte>;
        _slice = (_segment as BufferSequence.Segment)?.Slice;
        _sliceStart = sequence.Start.GetInteger();
        SkipEmpty();
    }

    /// <summary>Unread bytes.</summary>
    public readonly long Remaining => _current.Length + _behind;

    /// <summary>The unread bytes that lie in one piece here; empty only at the end.</summary>
    public readonly ReadOnlySpan<byte> CurrentSpan => _current;

    /// <summary>Moves the cursor.</summary>
    /// <exception cref="EndOfStreamException">Fewer bytes remain.</exception>
    public void Advance(long count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ThrowIfFewer(count);
        while (count > _current.Length)
        {
            count -= _current.Length;
            MoveToNext();
        }

        _current = _current[(int)count..];
        _sliceStart += (int)count;
        SkipEmpty();
    }

    /// <summary>Fills a span.</summary>
    public bool TryRead(scoped Span<byte> destination)
    {
        if (destination.Length > Remaining)
        {
            return false;
        }

        CopyTo(destination);
        Advance(destination.Length);
        return true;
    }

    /// <summary>Fills a span.</summary>
    /// <exception cref="EndOfStreamException">Fewer bytes remain.</exception>
    public void Read(scoped Span<byte> destination)
    {
        ThrowIfFewer(destination.Length);
        TryRead(destination);
    }

    /// <summary>A number in <c>sizeof(T)</c> bytes, the lowest first.</summary>
    public bool TryReadLittleEndian<T>(out T value)
        where T : unmanaged, IBinaryNumber<T> => TryReadNumber(!BitConverter.IsLittleEndian, out value);

    /// <summary>A number in <c>sizeof(T)</c> bytes, the highest first.</summary>
    public bool TryReadBigEndian<T>(out T value)
        where T : unmanaged, IBinaryNumber<T> => TryReadNumber(BitConverter.IsLittleEndian, out value);

    /// <summary>A number in <c>sizeof(T)</c> bytes, the lowest first.</summary>
    /// <exception cref="EndOfStreamException">Fewer bytes remain.</exception>
    public T ReadLittleEndian<T>()
        where T : unmanaged, IBinaryNumber<T>
    {
        ThrowIfFewer(Unsafe.SizeOf<T>());
        TryReadLittleEndian(out T value);
        return value;
    }

    /// <summary>A number in <c>sizeof(T)</c> bytes, the highest first.</summary>
    /// <exception cref="EndOfStreamException">Fewer bytes remain.</exception>
    public T ReadBigEndian<T>()
        where T : unmanaged, IBinaryNumber<T>
    {
        ThrowIfFewer(Unsafe.SizeOf<T>());
        TryReadBigEndian(out T value);
        return value;
    }

    /// <summary>A number in 0 to 8 bytes, the lowest first; zero in none.</summary>
    public bool TryReadUInt64LittleEndian(int byteCount, out ulong value)
    {
        ThrowIfNoWidth(byteCount);
        Span<byte> bytes = stackalloc byte[sizeof(ulong)];
        bytes.Clear();
        bool isRead = TryRead(bytes[..byteCount]);
        value = isRead ? new BufferReader(bytes).ReadLittleEndian<ulong>() : 0;
        return isRead;
    }

    /// <summary>A number in 0 to 8 bytes, the highest first; zero in none.</summary>
    public bool TryReadUInt64BigEndian(int byteCount, out ulong value)
    {
        ThrowIfNoWidth(byteCount);
        Span<byte> bytes = stackalloc byte[sizeof(ulong)];
        bytes.Clear();
        bool isRead = TryRead(bytes[(sizeof(ulong) - byteCount)..]);
        value = isRead ? new BufferReader(bytes).ReadBigEndian<ulong>() : 0;
        return isRead;
    }

    /// <summary>A signed number in 0 to 8 bytes, the lowest first.</summary>
    public bool TryReadInt64LittleEndian(int byteCount, out long value)
    {
        bool isRead = TryReadUInt64LittleEndian(byteCount, out ulong bits);
        value = SignExtend(bits, byteCount);
        return isRead;
    }

    /// <summary>A signed number in 0 to 8 bytes, the highest first.</summary>
    public bool TryReadInt64BigEndian(int byteCount, out long value)
    {
        bool isRead = TryReadUInt64BigEndian(byteCount, out ulong bits);
        value = SignExtend(bits, byteCount);
        return isRead;
    }

    /// <summary>
    /// The next bytes as a slice of their own, which the caller owns: another reference where they lie in one slice,
    /// else a copy.
    /// </summary>
    public bool TryReadSlice(
        int count, [NotNullWhen(true)] out BufferSlice? slice, BufferAllocator? allocator = null)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        slice = null;
        if (count > Remaining)
        {
            return false;
        }

        if (_slice is not null && count <= _current.Length)
        {
            slice = _slice.RetainSlice(_sliceStart, count);
            Advance(count);
            return true;
        }

        using BufferBuilder builder = new(count, allocator);
        CopyTo(builder.GetSpan(count)[..count]);
        builder.Advance(count);
        Advance(count);
        slice = builder.Freeze();
        return true;
    }

    /// <summary>A reader over the next bytes alone; this one moves past them.</summary>
    public bool TryTake(long count, out BufferReader part)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        part = this;
        if (count > Remaining)
        {
            part = default;
            return false;
        }

        part.Limit(count);
        Advance(count);
        return true;
    }

    /// <summary>A reader over the next bytes alone; this one moves past them.</summary>
    /// <exception cref="EndOfStreamException">Fewer bytes remain.</exception>
    public BufferReader Take(long count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ThrowIfFewer(count);
        TryTake(count, out BufferReader part);
        return part;
    }

    private static void ThrowIfNoWidth(int byteCount)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(byteCount);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(byteCount, sizeof(ulong));
    }

    private static long SignExtend(ulong bits, int byteCount)
    {
        int shift = 64 - (8 * byteCount);
        return byteCount == 0 ? 0 : (long)(bits << shift) >> shift;
    }

    private bool TryReadNumber<T>(bool isReversed, out T value)
        where T : unmanaged
    {
        int size = Unsafe.SizeOf<T>();
        if (_current.Length > size && !isReversed)
        {
            value = MemoryMarshal.Read<T>(_current);
            _current = _current[size..];
            _sliceStart += size;
            return true;
        }

        Span<byte> bytes = stackalloc byte[LargestNumber];
        bytes = bytes[..size];
        if (!TryRead(bytes))
        {
            value = default;
            return false;
        }

        if (isReversed)
        {
            bytes.Reverse();
        }

        value = MemoryMarshal.Read<T>(bytes);
        return true;
    }

    private readonly void CopyTo(scoped Span<byte> destination)
    {
        BufferReader copy = this;
        while (destination.Length > copy._current.Length)
        {
            copy._current.CopyTo(destination);
            destination = destination[copy._current.Length..];
            copy.MoveToNext();
        }

        copy._current[..destination.Length].CopyTo(destination);
    }

    private void Limit(long count)
    {
        if (count <= _current.Length)
        {
            _current = _current[..(int)count];
            _behind = 0;
        }
        else
        {
            _behind = count - _current.Length;
        }
    }

    private void SkipEmpty()
    {
        while (_current.IsEmpty && _behind > 0)
        {
            MoveToNext();
        }
    }

    private void MoveToNext()
    {
        _segment = _segment!.Next!;
        _current = _segment.Memory.Span;
        if (_current.Length > _behind)
        {
            _current = _current[..(int)_behind];
        }

        _behind -= _current.Length;
        _slice = (_segment as BufferSequence.Segment)?.Slice;
        _sliceStart = 0;
    }

    private readonly void ThrowIfFewer(long count)
    {
        if (count > Remaining)
        {
            ThrowEnd(count, Remaining);
        }
    }

    [DoesNotReturn]
    private static void ThrowEnd(long count, long remaining) =>
        throw new EndOfStreamException($"{count} bytes are wanted, {remaining} remain");
}
