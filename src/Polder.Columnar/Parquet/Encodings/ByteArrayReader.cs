using System;
using Polder.Bytes;

namespace Polder.Parquet.Encodings;

/// <summary>
/// Byte arrays of a page in any encoding but a dictionary's, any number at a time, appended to a sink.
/// </summary>
internal sealed class ByteArrayReader
{
    private const int ChunkValues = 1024;

    private readonly int _fixedLength;
    private readonly int[] _lengths = new int[ChunkValues + 16];
    private int[] _prefixLengths = [];
    private byte[] _previous = [];
    private int _previousLength;
    private ParquetEncoding _encoding;
    private int _position;
    private int _end;
    private int _start;
    private int _taken;
    private DeltaBinaryPackedDecoder _lengthDecoder;
    private DeltaBinaryPackedDecoder _prefixDecoder;

    /// <summary>Makes a reader.</summary>
    /// <param name="fixedLength">Bytes of each value (FIXED_LEN_BYTE_ARRAY), or -1 where they differ.</param>
    public ByteArrayReader(int fixedLength)
    {
        _fixedLength = fixedLength;
    }

    /// <summary>The fewest bytes that a PLAIN value takes.</summary>
    public int LeastValueBytes => _fixedLength < 0 ? sizeof(int) : _fixedLength;

    /// <summary>Begins at a page's values.</summary>
    /// <exception cref="CorruptFileException">The values' frame is damaged.</exception>
    /// <exception cref="UnsupportedFeatureException">The encoding is not one of byte arrays.</exception>
    public void BeginPage(ParquetEncoding encoding, ReadOnlySpan<byte> page, int start, int end, int mostValues)
    {
        _encoding = encoding;
        _position = start;
        _start = start;
        _end = end;
        _taken = 0;
        switch (encoding)
        {
            case ParquetEncoding.Plain:
            case ParquetEncoding.ByteStreamSplit when _fixedLength >= 0:
                break;
            case ParquetEncoding.DeltaLengthByteArray when _fixedLength < 0:
                BeginLengths(page, start, mostValues);
                break;
            case ParquetEncoding.DeltaByteArray:
                _prefixDecoder = start < end ? new DeltaBinaryPackedDecoder(page, start, end, mostValues) : default;
                BeginLengths(page, start < end ? _prefixDecoder.FindEnd(page) : end, mostValues);
                _previousLength = 0;
                if (_prefixLengths.Length == 0)
                {
                    _prefixLengths = new int[ChunkValues + 16];
                }

                break;
            default:
                throw PageEncodings.Unsupported(encoding, _fixedLength < 0 ? "BYTE_ARRAY" : "FIXED_LEN_BYTE_ARRAY");
        }
    }

    /// <summary>Appends as many values as there are ends.</summary>
    /// <exception cref="CorruptFileException">The page has fewer or is damaged.</exception>
    public void Read(ReadOnlySpan<byte> page, Span<int> ends, ByteArraySink sink)
    {
        while (!ends.IsEmpty)
        {
            int count = int.Min(ends.Length, ChunkValues);
            Span<int> part = ends[..count];
            switch (_encoding)
            {
                case ParquetEncoding.Plain when _fixedLength < 0:
                    count = ends.Length;
                    ReadPlain(page, ends, sink);
                    break;
                case ParquetEncoding.Plain:
                    AppendFixed(page.Slice(_position, MeasureFixed(count)), part, sink);
                    _position += count * _fixedLength;
                    break;
                case ParquetEncoding.ByteStreamSplit:
                    ReadSplit(page, part, sink);
                    break;
                case ParquetEncoding.DeltaLengthByteArray:
                    ReadDeltaLength(page, part, sink);
                    break;
                default:
                    ReadDelta(page, part, sink);
                    break;
            }

            ends = ends[count..];
        }
    }

    /// <summary>Steps over values.</summary>
    /// <exception cref="CorruptFileException">The page has fewer or is damaged.</exception>
    public void Skip(ReadOnlySpan<byte> page, int count)
    {
        switch (_encoding)
        {
            case ParquetEncoding.Plain when _fixedLength < 0:
                int used = PrefixedBytes.TrySkip(page[_position.._end], count);
                _position += used < 0 ? throw EndsEarly() : used;
                break;
            case ParquetEncoding.Plain:
                _position += MeasureFixed(count);
                break;
            case ParquetEncoding.ByteStreamSplit:
                CheckSplit(count);
                _taken += count;
                break;
            case ParquetEncoding.DeltaLengthByteArray:
                for (; count > 0; count -= ChunkValues)
                {
                    _position += MeasureLengths(page, int.Min(count, ChunkValues));
                }

                break;
            default:
                SkipDelta(page, count);
                break;
        }
    }

    private void BeginLengths(ReadOnlySpan<byte> page, int start, int mostValues)
    {
        // A page of nulls only may have no lengths at all.
        _lengthDecoder = start < _end ? new DeltaBinaryPackedDecoder(page, start, _end, mostValues) : default;
        _position = start < _end ? _lengthDecoder.FindEnd(page) : _end;
    }

    private void ReadPlain(ReadOnlySpan<byte> page, Span<int> ends, ByteArraySink sink)
    {
        sink.Reserve(0);
        while (true)
        {
            ReadOnlySpan<byte> source = page[_position.._end];
            _position += PrefixedBytes.Split(source, ends, sink.Room, sink.Length, out int taken);
            if (taken > 0)
            {
                sink.Advance(ends[taken - 1] - sink.Length);
                ends = ends[taken..];
            }

            if (ends.IsEmpty)
            {
                return;
            }

            // What the page lacks is an error; what the sink lacks is not, and it grows by as much again.
            int length = PrefixedBytes.NextLength(page[_position.._end]);
            sink.Reserve(length < 0 ? throw EndsEarly() : length);
        }
    }

    private int MeasureFixed(int count)
    {
        long bytes = (long)count * _fixedLength;
        return bytes <= _end - _position ? (int)bytes : throw EndsEarly();
    }

    private void AppendFixed(ReadOnlySpan<byte> values, Span<int> ends, ByteArraySink sink)
    {
        int end = sink.Length;
        sink.Append(values);
        PrefixSum.Steps(ends, end, _fixedLength);
    }

    private void ReadSplit(ReadOnlySpan<byte> page, Span<int> ends, ByteArraySink sink)
    {
        int streamLength = CheckSplit(ends.Length);
        int bytes = ends.Length * _fixedLength;
        sink.Reserve(bytes);
        int end = sink.Length;
        StreamSplit.Join(
            page[_start.._end], streamLength, _taken, _fixedLength, sink.Room.Slice(end, bytes));
        sink.Advance(bytes);
        _taken += ends.Length;
        PrefixSum.Steps(ends, end, _fixedLength);
    }

    // Bytes in each of the streams that values are split into.
    private int CheckSplit(int count)
    {
        int streamLength = _fixedLength == 0 ? 0 : (_end - _start) / _fixedLength;
        return count <= streamLength - _taken ? streamLength : throw EndsEarly();
    }

    private void ReadDeltaLength(ReadOnlySpan<byte> page, Span<int> ends, ByteArraySink sink)
    {
        int total = MeasureLengths(page, ends.Length);
        int end = sink.Length;
        for (int index = 0; index < ends.Length; index++)
        {
            end += _lengths[index];
            ends[index] = end;
        }

        sink.Append(page.Slice(_position, total));
        _position += total;
    }

    // Decodes lengths and adds them up.
    private int MeasureLengths(ReadOnlySpan<byte> page, int count)
    {
        Span<int> lengths = _lengths.AsSpan(0, count);
        _lengthDecoder.Decode(page, lengths);
        long total = 0;
        foreach (int length in lengths)
        {
            total += length >= 0 ? length : throw NegativeLength(length);
        }

        return total <= _end - _position ? (int)total : throw EndsEarly();
    }

    // A value stands on the one before it.
    private void SkipDelta(ReadOnlySpan<byte> page, int count)
    {
        ByteArraySink skipped = new();
        int[] ends = new int[int.Min(count, ChunkValues)];
        for (; count > 0; count -= ChunkValues)
        {
            skipped.Clear();
            ReadDelta(page, ends.AsSpan(0, int.Min(count, ChunkValues)), skipped);
        }
    }

    private void ReadDelta(ReadOnlySpan<byte> page, Span<int> ends, ByteArraySink sink)
    {
        Span<int> prefixes = _prefixLengths.AsSpan(0, ends.Length);
        Span<int> suffixes = _lengths.AsSpan(0, ends.Length);
        _prefixDecoder.Decode(page, prefixes);
        _lengthDecoder.Decode(page, suffixes);
        int previousStart = 0;
        for (int index = 0; index < ends.Length; index++)
        {
            int prefix = prefixes[index], suffix = suffixes[index];
            if (prefix < 0 || suffix < 0)
            {
                throw NegativeLength(int.Min(prefix, suffix));
            }

            int length = CheckLength(prefix, suffix, index == 0 ? _previousLength : sink.Length - previousStart);
            sink.ReserveRepeated(length, 1);
            int start = sink.Length;
            Span<byte> room = sink.Room;
            Span<byte> previous = index == 0 ? _previous : room[previousStart..];
            previous[..prefix].CopyTo(room[start..]);
            page.Slice(_position, suffix).CopyTo(room[(start + prefix)..]);
            _position += suffix;
            sink.Advance(length);
            previousStart = start;
            ends[index] = sink.Length;
        }

        KeepPrevious(sink.Written[previousStart..]);
    }

    private int CheckLength(int prefix, int suffix, int previousLength)
    {
        if (prefix > previousLength)
        {
            throw new CorruptFileException(FormattableString.Invariant(
                $"a value shares {prefix} bytes with one of {previousLength}"));
        }

        if (suffix > _end - _position)
        {
            throw EndsEarly();
        }

        long length = (long)prefix + suffix;
        if (_fixedLength >= 0 && length != _fixedLength)
        {
            throw new CorruptFileException(FormattableString.Invariant(
                $"a value of {length} bytes where all have {_fixedLength}"));
        }

        return length <= int.MaxValue ? (int)length : throw EndsEarly();
    }

    private void KeepPrevious(ReadOnlySpan<byte> value)
    {
        if (_previous.Length < value.Length)
        {
            _previous = new byte[int.Max(value.Length, 2 * _previous.Length)];
        }

        value.CopyTo(_previous);
        _previousLength = value.Length;
    }

    private static CorruptFileException NegativeLength(int length) =>
        new(FormattableString.Invariant($"a value of {length} bytes"));

    private static CorruptFileException EndsEarly() => new("the page ends before its last value");
}
