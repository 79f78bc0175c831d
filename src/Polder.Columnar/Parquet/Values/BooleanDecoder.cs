using System;
using System.Buffers.Binary;
using System.Numerics;
using Apache.Arrow;
using Polder.Bytes;
using Polder.Parquet.Encodings;

namespace Polder.Parquet.Values;

/// <summary>Booleans: a bitmap in PLAIN pages, the hybrid behind a length in RLE pages.</summary>
internal sealed class BooleanDecoder : ValueDecoder
{
    private const int LengthPrefixBytes = 4;

    private byte[] _values = [];
    private byte[] _dense = [];
    private int _slotCount;
    private long _bit;
    private RleHybridDecoder _runs;

    /// <inheritdoc />
    public override void SetDictionary(ReadOnlySpan<byte> page, int end, int count) =>
        throw PageEncodings.Unsupported(ParquetEncoding.RleDictionary, "BOOLEAN");

    /// <inheritdoc />
    public override void BeginBatch(int slotCount)
    {
        _slotCount = 0;
        _values = new byte[Bitmap.SizeBytes(slotCount)];
    }

    /// <inheritdoc />
    public override void Decode(int slotCount, int validCount, ReadOnlySpan<byte> validity, int bitStart)
    {
        Reserve(slotCount);
        if (validCount == slotCount)
        {
            DecodeValues(_values, _slotCount, slotCount);
        }
        else
        {
            if (_dense.Length < Bitmap.SizeBytes(validCount))
            {
                _dense = new byte[Bitmap.SizeBytes(slotCount)];
            }

            DecodeValues(_dense, 0, validCount);
            int taken = 0;
            for (int slot = 0; slot < slotCount; slot += 64)
            {
                int count = int.Min(64, slotCount - slot);
                ulong valid = Bitmap.Load(validity, bitStart + slot, count);
                int wordValid = BitOperations.PopCount(valid);
                ulong bits = wordValid == 0 ? 0 : Bitmap.Load(_dense, taken, wordValid);
                BitMask.Store(_values, _slotCount + slot, count, BitMask.Deposit(bits, valid));
                taken += wordValid;
            }
        }

        _slotCount += slotCount;
    }

    /// <inheritdoc />
    public override void Skip(int valueCount)
    {
        if (Encoding == ParquetEncoding.Rle)
        {
            _runs.SkipBits(Page.Span, valueCount);
            return;
        }

        _bit += valueCount <= ((long)PageEnd << 3) - _bit ? valueCount : throw EndsEarly();
    }

    /// <inheritdoc />
    public override ArrowBuffer[] FinishBatch()
    {
        ReadOnlyMemory<byte> values = _values.AsMemory(0, Bitmap.SizeBytes(_slotCount));
        _values = [];
        return [new ArrowBuffer(values)];
    }

    /// <inheritdoc />
    protected override void BeginValues(int start, int mostValues)
    {
        switch (Encoding)
        {
            case ParquetEncoding.Plain:
                _bit = (long)start << 3;
                break;
            case ParquetEncoding.Rle:
                BeginRuns(start);
                break;
            default:
                throw PageEncodings.Unsupported(Encoding, "BOOLEAN");
        }
    }

    private void BeginRuns(int start)
    {
        if (start == PageEnd)
        {
            _runs = new RleHybridDecoder(start, start, 1);
            return;
        }

        uint length = PageEnd - start < LengthPrefixBytes
            ? throw EndsEarly()
            : BinaryPrimitives.ReadUInt32LittleEndian(Page.Span[start..]);
        start += LengthPrefixBytes;
        if (length > (uint)(PageEnd - start))
        {
            throw EndsEarly();
        }

        _runs = new RleHybridDecoder(start, start + (int)length, 1);
    }

    private void DecodeValues(Span<byte> bitmap, int offset, int count)
    {
        if (Encoding == ParquetEncoding.Rle)
        {
            _runs.DecodeBits(Page.Span, bitmap, offset, count);
            return;
        }

        if (count > ((long)PageEnd << 3) - _bit)
        {
            throw EndsEarly();
        }

        Bitmap.Copy(Page.Span[(int)(_bit >> 3)..], (int)(_bit & 7), bitmap, offset, count);
        _bit += count;
    }

    private void Reserve(int slotCount)
    {
        int needed = Bitmap.SizeBytes(checked(_slotCount + slotCount));
        if (needed > _values.Length)
        {
            System.Array.Resize(ref _values, int.Max(needed, 2 * _values.Length));
        }
    }

    private static CorruptFileException EndsEarly() => new("the page ends before its last value");
}
