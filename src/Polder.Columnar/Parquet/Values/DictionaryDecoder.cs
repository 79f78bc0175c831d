using System;
using Apache.Arrow;
using Apache.Arrow.Types;
using Polder.Bytes;
using Polder.Parquet.Encodings;

namespace Polder.Parquet.Values;

/// <summary>
/// Strings and binaries as positions in a dictionary: the chunk's own, or, where a batch has values outside it, one of
/// the batch with these behind the chunk's.
/// </summary>
internal sealed class DictionaryDecoder : SlotDecoder<uint>
{
    private readonly IArrowType _valueType;
    private readonly int _fixedLength;
    private readonly ByteArrayReader _reader;
    private readonly ByteArraySink _others = new();
    private BytesEntries _entries = BytesEntries.None;
    private ArrayData? _shared;
    private int[] _otherEnds = [];
    private int _otherCount;

    /// <summary>Makes a decoder.</summary>
    /// <param name="fixedLength">Bytes of each value, or -1 where they differ.</param>
    /// <param name="valueType">String or binary.</param>
    public DictionaryDecoder(int fixedLength, IArrowType valueType)
    {
        _fixedLength = fixedLength;
        _valueType = valueType;
        _reader = new ByteArrayReader(fixedLength);
    }

    /// <inheritdoc />
    protected override int LeastWireBytes => _reader.LeastValueBytes;

    /// <inheritdoc />
    public override void BeginChunk()
    {
        base.BeginChunk();
        _entries = BytesEntries.None;
        _shared = null;
    }

    /// <inheritdoc />
    public override void BeginBatch(int slotCount)
    {
        base.BeginBatch(slotCount);
        _others.Clear();
        _otherCount = 0;
    }

    /// <inheritdoc />
    public override ArrayData FinishDictionary() => _otherCount == 0
        ? _shared ??= ToData(_entries)
        : ToData(_entries.With(_otherEnds.AsSpan(0, _otherCount), _others.Written));

    /// <inheritdoc />
    protected override void DecodeEntries(ReadOnlySpan<byte> page, int end, int count) =>
        _entries = BytesEntries.Decode(_fixedLength, page, end, count);

    /// <inheritdoc />
    protected override void BeginEncoded(int start, int mostValues) =>
        _reader.BeginPage(Encoding, Page.Span, start, PageEnd, mostValues);

    /// <inheritdoc />
    protected override void SkipValues(int count) => _reader.Skip(Page.Span, count);

    /// <inheritdoc />
    protected override void DecodePositions(Span<uint> slots)
    {
        while (!slots.IsEmpty)
        {
            int count = NextPositions(slots.Length, slots, out long repeated);
            if (repeated >= 0)
            {
                slots[..count].Fill((uint)repeated);
            }

            if (DictionaryGather.Max(slots[..count]) >= (uint)_entries.Count)
            {
                throw DictionaryIndexes.Outside(_entries.Count);
            }

            slots = slots[count..];
        }
    }

    /// <inheritdoc />
    protected override void DecodeValues(Span<uint> slots)
    {
        if (_otherEnds.Length < _otherCount + slots.Length)
        {
            System.Array.Resize(ref _otherEnds, int.Max(2 * _otherEnds.Length, _otherCount + slots.Length));
        }

        _reader.Read(Page.Span, _otherEnds.AsSpan(_otherCount, slots.Length), _others);
        PrefixSum.Steps(ByteCast.As<int>(ByteCast.ToBytes(slots)), _entries.Count + _otherCount - 1, 1);
        _otherCount += slots.Length;
    }

    private ArrayData ToData(BytesEntries entries) => new(_valueType, entries.Count, 0, 0, entries.ToBuffers());
}
