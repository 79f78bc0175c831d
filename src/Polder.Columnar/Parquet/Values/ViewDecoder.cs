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
internal sealed class ViewDecoder : FixedValueDecoder<Int128>
{
    private const int ViewBytes = 16;
    private const int LongestInline = 12;

    private readonly int _fixedLength;
    private readonly ByteArrayReader _reader;
    private readonly ByteArraySink _others = new();
    private ReadOnlyMemory<byte> _dictionaryBytes;
    private int[] _ends = [];

    /// <summary>Makes a decoder.</summary>
    /// <param name="fixedLength">Bytes of each value, or -1 where they differ.</param>
    public ViewDecoder(int fixedLength)
    {
        _fixedLength = fixedLength;
        _reader = new ByteArrayReader(fixedLength);
    }

    /// <inheritdoc />
    protected override int LeastWireBytes => _reader.LeastValueBytes;

    /// <inheritdoc />
    public override void BeginChunk()
    {
        base.BeginChunk();
        _dictionaryBytes = default;
    }

    /// <inheritdoc />
    public override void BeginBatch(int slotCount)
    {
        base.BeginBatch(slotCount);
        _others.Clear();
    }

    /// <inheritdoc />
    public override ArrowBuffer[] FinishBatch()
    {
        ArrowBuffer[] views = base.FinishBatch();
        ArrowBuffer dictionary = new(_dictionaryBytes);
        return _others.Length == 0
            ? [.. views, dictionary]
            : [.. views, dictionary, new ArrowBuffer(_others.Take())];
    }

    /// <inheritdoc />
    protected override void DecodeDictionary(ReadOnlySpan<byte> page, int end, Span<Int128> entries)
    {
        BytesEntries values = BytesEntries.Decode(_fixedLength, page, end, entries.Length);
        MakeViews(ByteCast.As<int>(values.Offsets.Span)[1..], values.Bytes.Span, 0, 0, ByteCast.ToBytes(entries));
        _dictionaryBytes = values.Bytes;
    }

    /// <inheritdoc />
    protected override void BeginEncoded(int start, int mostValues) =>
        _reader.BeginPage(Encoding, Page.Span, start, PageEnd, mostValues);

    /// <inheritdoc />
    protected override void SkipValues(int count) => _reader.Skip(Page.Span, count);

    /// <inheritdoc />
    protected override void DecodeValues(Span<Int128> slots)
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
