using System;
using System.Buffers.Binary;
using Apache.Arrow;
using Polder.Bytes;
using Polder.Parquet.Encodings;

namespace Polder.Parquet.Values;

/// <summary>
/// Strings and binaries as views (Arrow columnar format, "Variable-size Binary View Layout"): those of the chunk's
/// dictionary are made once, and their bytes shared by all its batches.
/// </summary>
internal sealed class ViewDecoder : ValueDecoder
{
    private const int ViewBytes = 16;
    private const int LongestInline = 12;

    private readonly uint[] _indexes = new uint[DictionaryIndexes.ChunkValues + 16];
    private readonly int _fixedLength;
    private readonly ByteArrayReader _reader;
    private readonly ByteArraySink _others = new();
    private readonly SlotBuffer _slots = new(ViewBytes);
    private Int128[] _views = [];
    private ReadOnlyMemory<byte> _dictionaryBytes;
    private int _entryCount;
    private bool _hasDictionary;
    private int[] _ends = [];
    private DictionaryIndexes _positions;

    /// <summary>Makes a decoder.</summary>
    /// <param name="fixedLength">Bytes of each value, or -1 where they differ.</param>
    public ViewDecoder(int fixedLength)
    {
        _fixedLength = fixedLength;
        _reader = new ByteArrayReader(fixedLength);
    }

    /// <inheritdoc />
    public override void BeginChunk()
    {
        _hasDictionary = false;
        _entryCount = 0;
        _dictionaryBytes = default;
    }

    /// <inheritdoc />
    public override void SetDictionary(ReadOnlySpan<byte> page, int end, int count)
    {
        BytesEntries entries = BytesEntries.Decode(_fixedLength, page, end, count);
        _views = new Int128[count];
        MakeViews(
            ByteCast.As<int>(entries.Offsets.Span)[1..], entries.Bytes.Span, 0, 0, ByteCast.ToBytes(_views.AsSpan()));
        _dictionaryBytes = entries.Bytes;
        _entryCount = count;
        _hasDictionary = true;
    }

    /// <inheritdoc />
    public override void BeginBatch(int slotCount)
    {
        _slots.Begin(slotCount);
        _others.Clear();
    }

    /// <inheritdoc />
    public override void Decode(int slotCount, int validCount, ReadOnlySpan<byte> validity, int bitStart)
    {
        Span<Int128> slots = ByteCast.As<Int128>(_slots.Take(slotCount));
        Span<Int128> dense = slots[(slotCount - validCount)..];
        if (Encoding.IsDictionary())
        {
            DecodePositions(dense);
        }
        else
        {
            DecodeOthers(dense);
        }

        if (validCount < slotCount)
        {
            NullSpread.Spread(slots, validity, bitStart, validCount);
        }
    }

    /// <inheritdoc />
    public override void Skip(int valueCount)
    {
        if (Encoding.IsDictionary())
        {
            _positions.Skip(Page.Span, valueCount);
        }
        else
        {
            _reader.Skip(Page.Span, valueCount);
        }
    }

    /// <inheritdoc />
    public override ArrowBuffer[] FinishBatch()
    {
        ArrowBuffer views = _slots.Finish();
        ArrowBuffer dictionary = new(_dictionaryBytes);
        return _others.Length == 0
            ? [views, dictionary]
            : [views, dictionary, new ArrowBuffer(_others.Take())];
    }

    /// <inheritdoc />
    protected override void BeginValues(int start, int mostValues)
    {
        if (!Encoding.IsDictionary())
        {
            _reader.BeginPage(Encoding, Page.Span, start, PageEnd, mostValues);
            return;
        }

        if (!_hasDictionary)
        {
            throw DictionaryIndexes.WithoutDictionary();
        }

        _positions = DictionaryIndexes.Begin(Page.Span, start, PageEnd);
    }

    private void DecodePositions(Span<Int128> slots)
    {
        while (!slots.IsEmpty)
        {
            int count = _positions.Next(Page.Span, slots.Length, _indexes, out long repeated);
            if (repeated >= 0)
            {
                slots[..count].Fill(repeated < _entryCount
                    ? _views[(int)repeated]
                    : throw DictionaryIndexes.Outside(_entryCount));
            }
            else if (!DictionaryGather.TryValues(_views.AsSpan(0, _entryCount), _indexes.AsSpan(0, count), slots))
            {
                throw DictionaryIndexes.Outside(_entryCount);
            }

            slots = slots[count..];
        }
    }

    private void DecodeOthers(Span<Int128> slots)
    {
        if (_ends.Length < slots.Length)
        {
            _ends = new int[slots.Length];
        }

        int start = _others.Length;
        Span<int> ends = _ends.AsSpan(0, slots.Length);
        _reader.Read(Page.Span, ends, _others);
        MakeViews(ends, _others.Written, start, 1, ByteCast.ToBytes(slots));
    }

    private static void MakeViews(
        ReadOnlySpan<int> ends, ReadOnlySpan<byte> bytes, int start, int bufferIndex, Span<byte> views)
    {
        foreach (int end in ends)
        {
            ReadOnlySpan<byte> value = bytes[start..end];
            BinaryPrimitives.WriteInt32LittleEndian(views, value.Length);
            if (value.Length <= LongestInline)
            {
                views[sizeof(int)..ViewBytes].Clear();
                value.CopyTo(views[sizeof(int)..]);
            }
            else
            {
                value[..sizeof(int)].CopyTo(views[sizeof(int)..]);
                BinaryPrimitives.WriteInt32LittleEndian(views[8..], bufferIndex);
                BinaryPrimitives.WriteInt32LittleEndian(views[LongestInline..], start);
            }

            views = views[ViewBytes..];
            start = end;
        }
    }
}
