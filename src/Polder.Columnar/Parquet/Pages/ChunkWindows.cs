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

/// <summary>Bytes of a chunk that may be wanted, from the first up to the one after the last.</summary>
internal readonly record struct ByteRun(long Start, long End);

/// <summary>
/// The wanted bytes of one column chunk as they arrive, window after window, and how far they are used. Holds the
/// slices that were fed and not yet used up; disposing gives them back.
/// </summary>
internal sealed class ChunkWindows : IDisposable
{
    private readonly BufferAllocator _allocator;
    private readonly List<ByteRun> _runs;
    private readonly int _largestGapBytes;
    private readonly int _windowBytes;
    private readonly Queue<(long Offset, BufferSlice Slice)> _slices = new();
    private BufferSlice? _joined;
    private int _run;
    private int _fetchRun;
    private long _position;
    private long _fetchedEnd;

    /// <summary>Makes it.</summary>
    /// <param name="start">The first byte that may be wanted.</param>
    /// <param name="end">The byte after the last one, as far as is known yet.</param>
    /// <param name="windowBytes">Bytes to ask for at a time, where no page needs more.</param>
    /// <param name="largestGapBytes">Bytes not wanted that are read where that saves a request.</param>
    /// <param name="allocator">Where pages that straddle windows are put together.</param>
    public ChunkWindows(long start, long end, int windowBytes, int largestGapBytes, BufferAllocator allocator)
    {
        _runs = [new ByteRun(start, end)];
        _position = start;
        _fetchedEnd = start;
        _windowBytes = windowBytes;
        _largestGapBytes = largestGapBytes;
        _allocator = allocator;
    }

    /// <summary>The offset in the file of the next byte to use.</summary>
    public long Position => _position;

    /// <summary>Bytes not yet used of the run that is being used.</summary>
    public long Left => _runs[_run].End - _position;

    /// <summary>Bytes at hand, one after the other.</summary>
    public long Available => _fetchRun > _run ? Left : _fetchedEnd - _position;

    /// <summary>Wants bytes behind all that are wanted so far, or some of the last of those.</summary>
    public void Extend(long start, long end)
    {
        ByteRun last = _runs[^1];
        if (start - last.End <= _largestGapBytes)
        {
            _runs[^1] = last with { End = long.Max(last.End, end) };
            return;
        }

        _runs.Add(new ByteRun(start, end));
        if (_fetchRun == _runs.Count - 2 && _fetchedEnd >= last.End)
        {
            _fetchRun++;
            _fetchedEnd = start;
        }
    }

    /// <summary>The bytes to feed next, so that at least <paramref name="wanted"/> are at hand.</summary>
    public FileRange Missing(long wanted)
    {
        long length = long.Max(wanted - Available, long.Min(_windowBytes, _runs[_fetchRun].End - _fetchedEnd));
        return new FileRange(_fetchedEnd, (int)long.Min(length, Array.MaxLength));
    }

    /// <summary>
    /// Takes bytes that were to be fed next; those that have been jumped over since are given back. Consumes the slice.
    /// </summary>
    public void Feed(long offset, BufferSlice slice)
    {
        long end = offset + slice.Length;
        if (offset > _fetchedEnd || end <= _fetchedEnd)
        {
            slice.Dispose();
            return;
        }

        _slices.Enqueue((offset, slice));
        _fetchedEnd = end;
        if (_fetchedEnd >= _runs[_fetchRun].End && _fetchRun + 1 < _runs.Count)
        {
            _fetchedEnd = _runs[++_fetchRun].Start;
        }
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

        if (_slices.TryPeek(out (long Offset, BufferSlice Slice) head) && head.Offset <= _position)
        {
            bytes = head.Slice.Memory[(int)(_position - head.Offset)..];
        }

        if (bytes.Length < count)
        {
            _joined = Join(count);
            bytes = _joined.Memory;
        }

        return true;
    }

    /// <summary>Steps over bytes.</summary>
    public void Advance(int count) => JumpTo(_position + count);

    /// <summary>
    /// Goes on at an offset that is not before the position, in a run or at the end of one. Slices that end before it
    /// are given back, and what was not fetched of them never will be.
    /// </summary>
    public void JumpTo(long offset)
    {
        _position = offset;
        while (offset > _runs[_run].End || (offset == _runs[_run].End && IsStart(_run + 1, offset)))
        {
            _run++;
        }

        while (_slices.TryPeek(out (long Offset, BufferSlice Slice) head) &&
            head.Offset + head.Slice.Length <= offset)
        {
            _slices.Dequeue().Slice.Dispose();
        }

        if (_fetchRun < _run || _fetchedEnd < offset)
        {
            _fetchRun = _run;
            _fetchedEnd = offset;
        }
    }

    /// <inheritdoc />
    public void Dispose()
    {
        _joined?.Dispose();
        _joined = null;
        while (_slices.TryDequeue(out (long Offset, BufferSlice Slice) head))
        {
            head.Slice.Dispose();
        }
    }

    private bool IsStart(int run, long offset) => run < _runs.Count && _runs[run].Start == offset;

    private BufferSlice Join(int count)
    {
        using BufferBuilder builder = new(count, _allocator);
        long position = _position;
        foreach ((long offset, BufferSlice slice) in _slices)
        {
            ReadOnlySpan<byte> part = slice.Span[(int)(position - offset)..];
            part = part[..int.Min(part.Length, count - builder.Length)];
            builder.Write(part);
            position += part.Length;
            if (builder.Length == count)
            {
                break;
            }
        }

        return builder.Freeze();
    }
}
