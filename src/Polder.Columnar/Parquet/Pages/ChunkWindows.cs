using System;
using System.Collections.Generic;
using Polder.Bytes;

namespace Polder.Parquet.Pages;

/// <summary>A run of bytes of a file.</summary>
/// <param name="Offset">Bytes from the start of the file.</param>
/// <param name="Length">Number of bytes.</param>
internal readonly record struct FileRange(long Offset, int Length)
{
    /// <summary>The offset after the last byte.</summary>
    public long End => Offset + Length;
}

/// <summary>
/// The bytes of one column chunk as they arrive, window after window, and how far they are used. Holds the slices that
/// were fed and not yet used up; disposing gives them back.
/// </summary>
internal sealed class ChunkWindows : IDisposable
{
    private readonly BufferAllocator _allocator;
    private readonly int _windowBytes;
    private readonly Queue<BufferSlice> _slices = new();
    private BufferSlice? _joined;
    private int _headUsed;
    private long _position;
    private long _fetchedEnd;

    /// <summary>Makes it.</summary>
    /// <param name="start">The chunk's first byte in the file.</param>
    /// <param name="end">The byte after its last one.</param>
    /// <param name="windowBytes">Bytes to ask for at a time, where no page needs more.</param>
    /// <param name="allocator">Where pages that straddle windows are put together.</param>
    public ChunkWindows(long start, long end, int windowBytes, BufferAllocator allocator)
    {
        _position = start;
        _fetchedEnd = start;
        End = end;
        _windowBytes = windowBytes;
        _allocator = allocator;
    }

    /// <summary>The byte after the chunk's last one.</summary>
    public long End { get; }

    /// <summary>The offset in the file of the next byte to use.</summary>
    public long Position => _position;

    /// <summary>Bytes of the chunk not yet used.</summary>
    public long Left => End - _position;

    /// <summary>Bytes at hand.</summary>
    public long Available => _fetchedEnd - _position;

    /// <summary>The bytes to feed next, so that at least <paramref name="wanted"/> are at hand.</summary>
    public FileRange Missing(long wanted)
    {
        long length = long.Max(wanted - Available, long.Min(_windowBytes, End - _fetchedEnd));
        return new FileRange(_fetchedEnd, (int)long.Min(length, Array.MaxLength));
    }

    /// <summary>Takes the bytes that follow those at hand. Consumes the slice.</summary>
    public void Feed(BufferSlice slice)
    {
        _fetchedEnd += slice.Length;
        _slices.Enqueue(slice);
    }

    /// <summary>
    /// The next bytes, at least that many and all that stand together with them; valid until the next call of any
    /// method. False where fewer are at hand.
    /// </summary>
    public bool TryPeek(int count, out ReadOnlyMemory<byte> bytes)
    {
        _joined?.Dispose();
        _joined = null;
        bytes = default;
        if (count > Available)
        {
            return false;
        }

        if (_slices.TryPeek(out BufferSlice? head))
        {
            bytes = head.Memory[_headUsed..];
        }

        if (bytes.Length < count)
        {
            _joined = Join(count);
            bytes = _joined.Memory;
        }

        return true;
    }

    /// <summary>Steps over bytes; the slices they end are given back.</summary>
    public void Advance(int count)
    {
        _position += count;
        _headUsed += count;
        while (_slices.TryPeek(out BufferSlice? head) && _headUsed >= head.Length)
        {
            _headUsed -= head.Length;
            _slices.Dequeue().Dispose();
        }
    }

    /// <inheritdoc />
    public void Dispose()
    {
        _joined?.Dispose();
        _joined = null;
        while (_slices.TryDequeue(out BufferSlice? slice))
        {
            slice.Dispose();
        }
    }

    private BufferSlice Join(int count)
    {
        using BufferBuilder builder = new(count, _allocator);
        int skipped = _headUsed;
        foreach (BufferSlice slice in _slices)
        {
            ReadOnlySpan<byte> part = slice.Span[skipped..];
            builder.Write(part[..int.Min(part.Length, count - builder.Length)]);
            skipped = 0;
        }

        return builder.Freeze();
    }
}
