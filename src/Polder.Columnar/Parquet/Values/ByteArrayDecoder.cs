using System;
using System.Numerics;
using Apache.Arrow;
using Polder.Bytes;
using Polder.Parquet.Encodings;

namespace Polder.Parquet.Values;

/// <summary>Strings and binaries: offsets and data.</summary>
internal sealed class ByteArrayDecoder : DictionaryCodedDecoder
{
    private const double Headroom = 1.0 / 16;
    private const int FewestInOnePass = 32;

    private readonly uint[] _indexes = new uint[DictionaryIndexes.ChunkValues + 16];
    private readonly ByteArrayReader _reader;
    private readonly int _fixedLength;
    private readonly ByteArraySink _sink = new();
    private readonly ByteArraySink _dictionary = new();
    private int[] _dictionaryOffsets = [];
    private int _entryCount;
    private int _longestEntry;
    private int _commonLength;
    private double _slotBytes;
    private byte[] _offsets = [];
    private int _slotCount;

    /// <summary>Makes a decoder.</summary>
    /// <param name="fixedLength">Bytes of each value, or -1 where they differ.</param>
    public ByteArrayDecoder(int fixedLength)
    {
        _fixedLength = fixedLength;
        _reader = new ByteArrayReader(fixedLength);
    }

    /// <inheritdoc />
    protected override int LeastWireBytes => _reader.LeastValueBytes;

    /// <inheritdoc />
    public override void BeginBatch(int slotCount)
    {
        _sink.MostRepeatedBytes = MostRepeatedBytes;
        _slotCount = 0;
        _sink.Clear();
        _sink.Reserve((long)(_slotBytes * slotCount));
        _offsets = GC.AllocateUninitializedArray<byte>(checked((slotCount + 1) * sizeof(int)));
        ByteCast.As<int>(_offsets.AsSpan())[0] = 0;
    }

    /// <inheritdoc />
    public override void Decode(int slotCount, int validCount, ReadOnlySpan<byte> validity, int bitStart)
    {
        Reserve(slotCount);
        Span<int> offsets = ByteCast.As<int>(_offsets.AsSpan());
        Span<int> ends = offsets.Slice(_slotCount + 1, slotCount);
        Span<int> dense = ends[(slotCount - validCount)..];
        int previousEnd = offsets[_slotCount];
        if (Encoding.IsDictionary())
        {
            DecodeIndexes(dense);
        }
        else
        {
            _reader.Read(Page.Span, dense, _sink);
        }

        if (validCount < slotCount)
        {
            NullSpread.SpreadEnds(ends, validity, bitStart, validCount, previousEnd);
        }

        _slotCount += slotCount;
    }

    /// <inheritdoc />
    public override ArrowBuffer[] FinishBatch()
    {
        ReadOnlyMemory<byte> offsets = _offsets.AsMemory(0, (_slotCount + 1) * sizeof(int));
        if (_offsets.Length - offsets.Length > offsets.Length / 4)
        {
            offsets = offsets.ToArray();
        }

        _offsets = [];

        // The next batch is likely to be like this one, and a little more room saves a copy.
        _slotBytes = _slotCount == 0 ? 0 : (double)_sink.Length / _slotCount * (1 + Headroom);
        return [new ArrowBuffer(offsets), new ArrowBuffer(_sink.Take())];
    }

    /// <inheritdoc />
    protected override void DecodeEntries(ReadOnlySpan<byte> page, int end, int count)
    {
        if (_dictionaryOffsets.Length <= count)
        {
            _dictionaryOffsets = new int[BitOperations.RoundUpToPowerOf2((uint)count + 1)];
        }

        ByteArrayReader reader = new(_fixedLength);
        reader.BeginPage(ParquetEncoding.Plain, page, 0, end, count);
        _dictionary.Clear();
        _dictionary.Reserve(0);
        reader.Read(page, _dictionaryOffsets.AsSpan(1, count), _dictionary);
        _entryCount = count;
        MeasureEntries();
    }

    /// <inheritdoc />
    protected override void BeginEncoded(int start, int mostValues) =>
        _reader.BeginPage(Encoding, Page.Span, start, PageEnd, mostValues);

    /// <inheritdoc />
    protected override void SkipValues(int count) => _reader.Skip(Page.Span, count);

    private void DecodeIndexes(Span<int> ends)
    {
        ReadOnlySpan<int> offsets = _dictionaryOffsets.AsSpan(0, _entryCount + 1);
        while (!ends.IsEmpty)
        {
            int count = NextPositions(
                int.Min(ends.Length, DictionaryIndexes.ChunkValues), _indexes, out long repeated);
            Span<uint> indexes = _indexes.AsSpan(0, count);
            if (repeated >= 0)
            {
                indexes.Fill((uint)repeated);
            }

            GatherEntries(offsets, indexes, ends[..count]);
            ends = ends[count..];
        }
    }

    private void GatherEntries(ReadOnlySpan<int> offsets, ReadOnlySpan<uint> indexes, Span<int> ends)
    {
        int start = _sink.Length;
        if (_commonLength == 1)
        {
            // Flags and the like.
            _sink.Reserve(indexes.Length);
            Span<byte> room = _sink.Room.Slice(start, indexes.Length);
            if (!DictionaryGather.TryValues(_dictionary.Written, indexes, room))
            {
                throw DictionaryIndexes.Outside(_entryCount);
            }

            PrefixSum.Steps(ends, start, 1);
            _sink.Advance(indexes.Length);
            return;
        }

        while (_longestEntry <= DictionaryGather.Slack && !indexes.IsEmpty)
        {
            // In one pass as far as there is room even if all were as long as the longest.
            long fitting = (_sink.Room.Length - start - DictionaryGather.Slack) / int.Max(1, _longestEntry);
            int part = (int)long.Min(fitting, indexes.Length);
            if (part < int.Min(FewestInOnePass, indexes.Length))
            {
                break;
            }

            int end = DictionaryGather.TryShort(
                offsets, _dictionary.Room, _longestEntry, indexes[..part], start, ends, _sink.Room);
            _sink.Advance(end < 0 ? throw DictionaryIndexes.Outside(_entryCount) : end - start);
            start = end;
            indexes = indexes[part..];
            ends = ends[part..];
        }

        long bytes = DictionaryGather.TryEnds(offsets, indexes, start, ends);
        if (bytes < 0)
        {
            throw DictionaryIndexes.Outside(_entryCount);
        }

        _sink.ReserveRepeated(bytes, indexes.Length);
        DictionaryGather.Ranges(offsets, _dictionary.Room, indexes, start, ends, _sink.Room);
        _sink.Advance((int)bytes);
    }

    private void MeasureEntries()
    {
        _longestEntry = 0;
        int shortest = int.MaxValue;
        for (int entry = 0; entry < _entryCount; entry++)
        {
            int length = _dictionaryOffsets[entry + 1] - _dictionaryOffsets[entry];
            _longestEntry = int.Max(_longestEntry, length);
            shortest = int.Min(shortest, length);
        }

        _commonLength = shortest == _longestEntry ? shortest : -1;
    }

    private void Reserve(int slotCount)
    {
        long needed = ((long)_slotCount + slotCount + 1) * sizeof(int);
        if (needed <= _offsets.Length)
        {
            return;
        }

        if (needed > System.Array.MaxLength)
        {
            throw new UnsupportedFeatureException(
                "more than 2 GiB of values in one batch", "ask for batches of fewer rows");
        }

        long grown = long.Min(System.Array.MaxLength, long.Max(needed, 2L * _offsets.Length));
        byte[] offsets = GC.AllocateUninitializedArray<byte>((int)grown);
        _offsets.AsSpan(0, (_slotCount + 1) * sizeof(int)).CopyTo(offsets);
        _offsets = offsets;
    }
}
