using System;
using Polder.Bytes;

namespace Polder.Parquet.Encodings;

/// <summary>
/// The run-length and bit-packing hybrid (Encodings.md, "RLE"), a run at a time. Holds positions only: every call gets
/// the page's bytes again, all that may be read, of which the encoded data may be a part.
/// </summary>
internal struct RleHybridDecoder
{
    private readonly int _end;
    private readonly int _width;
    private int _position;
    private int _runStart;
    private int _runTaken;
    private int _runLeft;
    private bool _isPacked;
    private uint _value;

    /// <summary>Begins at encoded data.</summary>
    /// <param name="start">Its first byte in the page.</param>
    /// <param name="end">The byte after its last one.</param>
    /// <param name="width">Bits of a value, 0 to 32.</param>
    public RleHybridDecoder(int start, int end, int width)
    {
        _position = start;
        _end = end;
        _width = width;
    }

    /// <summary>Whether the values of this run are packed, not all alike.</summary>
    public readonly bool IsPacked => _isPacked;

    /// <summary>The value of a run of equal values.</summary>
    public readonly uint Value => _value;

    /// <summary>Values left of this run, after reading the next run's header where this one was used up.</summary>
    /// <exception cref="CorruptFileException">The data ends.</exception>
    public int Available(ReadOnlySpan<byte> page)
    {
        while (_runLeft == 0)
        {
            ReadHeader(page);
        }

        return _runLeft;
    }

    /// <summary>Steps over values of this run.</summary>
    public void Take(int count)
    {
        _runTaken += count;
        _runLeft -= count;
    }

    /// <summary>Unpacks values of this packed run and steps over them.</summary>
    public void TakePacked(ReadOnlySpan<byte> page, Span<uint> destination, int count)
    {
        long bit = (long)_runTaken * _width;
        BitUnpacker.Unpack(page[(_runStart + (int)(bit >> 3))..], (int)(bit & 7), _width, destination, count);
        Take(count);
    }

    /// <summary>Decodes values of at most 8 bits.</summary>
    public void Decode(ReadOnlySpan<byte> page, Span<byte> destination)
    {
        int done = 0;
        while (done < destination.Length)
        {
            int count = int.Min(destination.Length - done, Available(page));
            if (_isPacked)
            {
                long bit = (long)_runTaken * _width;
                BitUnpacker.Unpack(
                    page[(_runStart + (int)(bit >> 3))..], (int)(bit & 7), _width, destination[done..], count);
            }
            else
            {
                destination.Slice(done, count).Fill(_value <= byte.MaxValue ? (byte)_value : byte.MaxValue);
            }

            Take(count);
            done += count;
        }
    }

    /// <summary>Decodes values of 1 bit as a bitmap; returns how many are 1.</summary>
    /// <exception cref="CorruptFileException">The data ends, or a run's value is neither 0 nor 1.</exception>
    public int DecodeBits(ReadOnlySpan<byte> page, Span<byte> bitmap, int offset, int count)
    {
        int ones = 0;
        int end = offset + count;
        while (offset < end)
        {
            int taken = int.Min(end - offset, Available(page));
            if (_isPacked)
            {
                Bitmap.Copy(page[_runStart..], _runTaken, bitmap, offset, taken);
                ones += Bitmap.CountOnes(bitmap, offset, taken);
            }
            else
            {
                if (_value > 1)
                {
                    throw NoBit();
                }

                Bitmap.Fill(bitmap, offset, taken, _value != 0);
                ones += _value != 0 ? taken : 0;
            }

            Take(taken);
            offset += taken;
        }

        return ones;
    }

    /// <summary>Steps over values, run after run.</summary>
    /// <exception cref="CorruptFileException">The data ends.</exception>
    public void Skip(ReadOnlySpan<byte> page, int count)
    {
        while (count > 0)
        {
            int taken = int.Min(count, Available(page));
            Take(taken);
            count -= taken;
        }
    }

    /// <summary>Steps over values of 1 bit; returns how many are 1.</summary>
    /// <exception cref="CorruptFileException">The data ends, or a run's value is neither 0 nor 1.</exception>
    public int SkipBits(ReadOnlySpan<byte> page, int count)
    {
        int ones = 0;
        while (count > 0)
        {
            int taken = int.Min(count, Available(page));
            if (_isPacked)
            {
                ones += Bitmap.CountOnes(page[_runStart..], _runTaken, taken);
            }
            else
            {
                ones += _value <= 1 ? (int)_value * taken : throw NoBit();
            }

            Take(taken);
            count -= taken;
        }

        return ones;
    }

    private void ReadHeader(ReadOnlySpan<byte> page)
    {
        ReadOnlySpan<byte> data = page[.._end];
        uint header = Varint.ReadUInt32(data, ref _position);
        int valueBytes = (_width + 7) >> 3;
        _runTaken = 0;
        _isPacked = (header & 1) != 0;
        if (_isPacked)
        {
            // A writer may leave out the padding of the last group.
            int left = _end - _position;
            long count = (long)(header >> 1) * 8;
            long room = _width == 0 ? count : ((long)left << 3) / _width;
            _runStart = _position;
            _runLeft = (int)long.Min(long.Min(count, room), int.MaxValue);
            _position += (int)long.Min(left, (long)(header >> 1) * _width);
        }
        else
        {
            if (valueBytes > _end - _position)
            {
                throw EndsEarly();
            }

            _value = 0;
            for (int index = 0; index < valueBytes; index++)
            {
                _value |= (uint)data[_position + index] << (8 * index);
            }

            _runLeft = (int)(header >> 1);
            _position += valueBytes;
        }

        // A run of nothing is padding behind the values, so that values wanted after it are missing.
        if (_runLeft == 0)
        {
            throw EndsEarly();
        }
    }

    private readonly CorruptFileException NoBit() =>
        new(FormattableString.Invariant($"a run of {_value} where 0 or 1 was expected"));

    private static CorruptFileException EndsEarly() => new("RLE data ends before its last value");
}
