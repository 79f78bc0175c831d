using System;
using Polder.Bytes;

namespace Polder.Parquet.Encodings;

/// <summary>
/// DELTA_BINARY_PACKED (Encodings.md, "Delta Encoding"), any number of values at a time. Holds positions only: every
/// call gets the page's bytes again.
/// </summary>
internal struct DeltaBinaryPackedDecoder
{
    private const int LargestBlock = 1 << 20;
    private const int WidestDelta = 64;
    private const int WideDeltas = 64;

    private readonly int _end;
    private readonly int _miniblockCount;
    private readonly int _miniblockSize;
    private int _position;
    private int _left;
    private bool _hasGivenFirst;
    private long _last;
    private long _minDelta;
    private int _widths;
    private int _miniblockIndex;
    private int _miniblockStart;
    private int _miniblockTaken;
    private int _width;

    /// <summary>Reads the header.</summary>
    /// <param name="page">The page's bytes.</param>
    /// <param name="start">The header's first byte.</param>
    /// <param name="end">The byte after the last that may belong to the data.</param>
    /// <param name="mostValues">Values that the page can hold.</param>
    /// <exception cref="CorruptFileException">The header is damaged or claims more values.</exception>
    public DeltaBinaryPackedDecoder(ReadOnlySpan<byte> page, int start, int end, int mostValues)
    {
        ReadOnlySpan<byte> data = page[..end];
        _position = start;
        _end = end;
        uint blockSize = Varint.ReadUInt32(data, ref _position);
        uint miniblockCount = Varint.ReadUInt32(data, ref _position);
        uint valueCount = Varint.ReadUInt32(data, ref _position);
        _last = Varint.ReadZigZag(data, ref _position);
        if (blockSize is 0 or > LargestBlock || blockSize % 128 != 0 || miniblockCount == 0 ||
            blockSize % miniblockCount != 0 || blockSize / miniblockCount % 32 != 0)
        {
            throw new CorruptFileException(FormattableString.Invariant(
                $"delta blocks of {blockSize} values in {miniblockCount} miniblocks"));
        }

        if (valueCount > mostValues)
        {
            throw new CorruptFileException(FormattableString.Invariant(
                $"delta data claims {valueCount} values, its page has {mostValues}"));
        }

        _left = (int)valueCount;
        _miniblockCount = (int)miniblockCount;
        _miniblockSize = (int)(blockSize / miniblockCount);
        _miniblockIndex = _miniblockCount;
        _miniblockTaken = _miniblockSize;
    }

    /// <summary>Values not yet decoded.</summary>
    public readonly int Left => _left;

    /// <summary>Decodes 32-bit values.</summary>
    /// <exception cref="CorruptFileException">The data is damaged or has fewer.</exception>
    public void Decode(ReadOnlySpan<byte> page, Span<int> destination)
    {
        if (TryTakeFirst(destination.Length))
        {
            destination[0] = (int)_last;
            destination = destination[1..];
        }

        while (!destination.IsEmpty)
        {
            int count = TakeDeltas(page, destination.Length, out int start, out int bitOffset);
            Span<int> part = destination[..count];
            if (_width > 32)
            {
                DecodeWide(page[start..], bitOffset, part);
                destination = destination[count..];
                continue;
            }

            BitUnpacker.Unpack(
                page[start..], bitOffset, _width, ByteCast.As<uint>(ByteCast.ToBytes(destination)), count);
            int last = (int)_last;
            PrefixSum.Accumulate(part, (int)_minDelta, ref last);
            _last = last;
            destination = destination[count..];
        }
    }

    /// <summary>Decodes 64-bit values.</summary>
    /// <exception cref="CorruptFileException">The data is damaged or has fewer.</exception>
    public void Decode(ReadOnlySpan<byte> page, Span<long> destination)
    {
        if (TryTakeFirst(destination.Length))
        {
            destination[0] = _last;
            destination = destination[1..];
        }

        while (!destination.IsEmpty)
        {
            int count = TakeDeltas(page, destination.Length, out int start, out int bitOffset);
            Span<long> part = destination[..count];
            BitUnpacker.Unpack(
                page[start..], bitOffset, _width, ByteCast.As<ulong>(ByteCast.ToBytes(destination)), count);
            PrefixSum.Accumulate(part, _minDelta, ref _last);
            destination = destination[count..];
        }
    }

    /// <summary>The byte after the data, found by stepping over all miniblocks that hold values.</summary>
    /// <exception cref="CorruptFileException">The data is damaged or ends early.</exception>
    public readonly int FindEnd(ReadOnlySpan<byte> page)
    {
        DeltaBinaryPackedDecoder scan = this;
        scan.TryTakeFirst(int.MaxValue);
        while (scan._left > 0)
        {
            scan.TakeDeltas(page, int.MaxValue, out _, out _);
        }

        return scan._position;
    }

    // DuckDB packs deltas of unsigned 32-bit values in 33 bits; what does not fit wraps, as all this arithmetic does.
    private void DecodeWide(ReadOnlySpan<byte> packed, int bitOffset, Span<int> destination)
    {
        Span<ulong> deltas = stackalloc ulong[WideDeltas];
        int last = (int)_last;
        for (int done = 0; done < destination.Length; done += WideDeltas)
        {
            Span<int> part = destination[done..int.Min(destination.Length, done + WideDeltas)];
            long bit = bitOffset + ((long)done * _width);
            BitUnpacker.Unpack(packed[(int)(bit >> 3)..], (int)(bit & 7), _width, deltas, part.Length);
            for (int index = 0; index < part.Length; index++)
            {
                last += (int)(long)deltas[index] + (int)_minDelta;
                part[index] = last;
            }
        }

        _last = last;
    }

    private bool TryTakeFirst(int wanted)
    {
        if (_hasGivenFirst || wanted == 0)
        {
            return false;
        }

        _hasGivenFirst = true;
        if (_left == 0)
        {
            // No values were written, and one is wanted.
            return wanted == int.MaxValue ? false : throw EndsEarly();
        }

        _left--;
        return true;
    }

    // Steps over up to that many deltas of one miniblock and tells where they stand.
    private int TakeDeltas(ReadOnlySpan<byte> page, int wanted, out int start, out int bitOffset)
    {
        if (_left == 0)
        {
            throw EndsEarly();
        }

        if (_miniblockTaken == _miniblockSize)
        {
            BeginMiniblock(page);
        }

        int count = int.Min(int.Min(wanted, _left), _miniblockSize - _miniblockTaken);
        long bit = (long)_miniblockTaken * _width;
        start = _miniblockStart + (int)(bit >> 3);
        bitOffset = (int)(bit & 7);
        if (BitUnpacker.ByteCount(bitOffset, _width, count) > _end - start)
        {
            throw EndsEarly();
        }

        _miniblockTaken += count;
        _left -= count;
        return count;
    }

    private void BeginMiniblock(ReadOnlySpan<byte> page)
    {
        if (_miniblockIndex == _miniblockCount)
        {
            _minDelta = Varint.ReadZigZag(page[.._end], ref _position);
            _widths = _position;
            if (_miniblockCount > _end - _position)
            {
                throw EndsEarly();
            }

            _position += _miniblockCount;
            _miniblockIndex = 0;
        }

        _width = page[_widths + _miniblockIndex++];
        if (_width > WidestDelta)
        {
            throw new CorruptFileException(FormattableString.Invariant($"deltas of {_width} bits"));
        }

        // The padding of the last miniblock may be missing: what is used of it is checked where it is used.
        _miniblockStart = _position;
        _miniblockTaken = 0;
        _position = (int)long.Min(_end, _position + ((long)_miniblockSize * _width / 8));
    }

    private static CorruptFileException EndsEarly() => new("delta data ends before its last value");
}
