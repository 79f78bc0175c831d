using System;
using System.Buffers.Binary;
using System.Text;
using Polder.Bytes;
using Polder.Columns;
using Polder.Parquet.Levels;

namespace Polder.Parquet.Write;

/// <summary>Encodes BYTE_ARRAY: text and binaries.</summary>
internal sealed class BytesLeafEncoder : DictionaryLeafEncoder
{
    private readonly BytesDictionary _dictionary;
    private readonly ByteBounds _pageBounds = new();
    private readonly ByteBounds _chunkBounds = new();
    private readonly ByteBounds _fileBounds = new();
    private readonly bool _isText;
    private readonly bool _hasBounds;
    private int[] _lastPageOf = [];
    private int _page;
    private long _pageBytes;
    private long _chunkBytes;

    public BytesLeafEncoder(LeafPath path, ParquetWriteOptions options, BufferAllocator allocator)
        : base(path, options, allocator)
    {
        _dictionary = new BytesDictionary(allocator);
        _isText = LeafTypes.IsText(path.Leaf.LogicalType.Kind);
        _hasBounds = !path.IsInVariant;
    }

    protected override int PlainWidth => -1;

    protected override int DictionaryCount => _dictionary.Count;

    protected override long DictionaryBytes => _dictionary.Plain.Length;

    protected override long PagePlainBytes => _pageBytes + ((long)PageIndices.Length * sizeof(int));

    public override int CompareBounds(byte[] left, byte[] right) => left.AsSpan().SequenceCompareTo(right);

    protected override void Dispose(bool disposing)
    {
        _dictionary.Dispose();
        base.Dispose(disposing);
    }

    protected override void Load(LeafSlots slots, EncodeContext context)
    {
        // Values are read where they lie.
    }

    protected override long CostOf(LeafSlots slots, int start, int count)
    {
        if (UsesDictionary || count == 0)
        {
            return (long)count * sizeof(int);
        }

        // Bytes between the first and the last value; rows left out between them are empty as a rule.
        ReadOnlySpan<int> offsets = ArrayBuffers.Offsets(slots.Data);
        int first = slots.IsContiguous ? slots.FirstRow + start : slots.ValueRows[start];
        int last = slots.IsContiguous ? first + count - 1 : slots.ValueRows[start + count - 1];
        return ((long)count * sizeof(int)) + offsets[last + 1] - offsets[first];
    }

    protected override void AppendPlain(LeafSlots slots, int start, int count, EncodeContext context)
    {
        if (count == 0)
        {
            return;
        }

        Values values = new(slots);
        Span<byte> target = Plain.GetSpan(checked((int)CostOf(slots, start, count)));
        int written = 0;
        for (int index = start; index < start + count; index++)
        {
            ReadOnlySpan<byte> value = values[index];
            BinaryPrimitives.WriteInt32LittleEndian(target[written..], value.Length);
            value.CopyTo(target[(written + sizeof(int))..]);
            written += sizeof(int) + value.Length;
            if (_hasBounds)
            {
                _pageBounds.Add(value);
            }
        }

        Plain.Advance(written);
        _pageBytes += written - ((long)count * sizeof(int));
    }

    protected override bool TryIntern(
        LeafSlots slots, int start, int count, Span<int> indices, EncodeContext context)
    {
        if (count == 0)
        {
            return true;
        }

        Values values = new(slots);
        long bytes = 0;
        for (int index = 0; index < count; index++)
        {
            ReadOnlySpan<byte> value = values[start + index];
            int entry = _dictionary.Intern(value, Options.DictionaryBytes);
            if (entry < 0)
            {
                return false;
            }

            indices[index] = entry;
            bytes += value.Length;
        }

        _pageBytes += bytes;
        return true;
    }

    protected override void PutPlain(ReadOnlySpan<int> indices, BufferBuilder body)
    {
        foreach (int index in indices)
        {
            ReadOnlySpan<byte> value = _dictionary[index];
            BinaryPrimitives.WriteInt32LittleEndian(body.GetSpan(sizeof(int)), value.Length);
            body.Advance(sizeof(int));
            body.Write(value);
        }
    }

    protected override void PutDictionary(BufferBuilder body) => body.Write(_dictionary.Plain);

    protected override void ClearDictionary()
    {
        _dictionary.Clear();
        _lastPageOf.AsSpan().Clear();
        _page = 0;
    }

    protected override PageBounds TakePageBounds(out long unencodedBytes)
    {
        unencodedBytes = _pageBytes;
        _chunkBytes += _pageBytes;
        if (UsesDictionary && _hasBounds)
        {
            AddDictionaryBounds();
        }

        PageBounds bounds = Options.PageIndex && _pageBounds.Any
            ? new PageBounds(MinimumBytes(_pageBounds).ToArray(), MaximumBytes(_pageBounds))
            : default;
        _chunkBounds.Merge(_pageBounds);
        _pageBounds.Clear();
        return bounds;
    }

    protected override ParquetEncoding EncodeValues(BufferBuilder body, bool isLastPage)
    {
        ParquetEncoding encoding = base.EncodeValues(body, isLastPage);
        _pageBytes = 0;
        return encoding;
    }

    protected override long FinishUnencodedBytes()
    {
        long bytes = _chunkBytes;
        _chunkBytes = 0;
        return bytes;
    }

    protected override ChunkStatistics FinishStatistics(long nullCount)
    {
        ByteBounds bounds = _chunkBounds;
        byte[]? maximum = bounds.Any ? MaximumBytes(bounds) : null;
        ChunkStatistics statistics = new()
        {
            NullCount = nullCount,
            MinimumBytes = ChunkStatistics.Bound(bounds.Any ? MinimumBytes(bounds).ToArray() : null),
            MaximumBytes = ChunkStatistics.Bound(maximum),
            IsMinimumExact = bounds.Any ? bounds.Minimum.Length <= Options.StatisticsBytes : null,
            IsMaximumExact = maximum is not null ? bounds.Maximum.Length <= Options.StatisticsBytes : null,
        };
        _fileBounds.Merge(bounds);
        bounds.Clear();
        return statistics;
    }

    protected override ColumnBoundValues FileBounds() => _fileBounds.Any
        ? new ColumnBoundValues(
            ToLiteral(_fileBounds.Minimum, _fileBounds.IsMinimumCut),
            ToLiteral(_fileBounds.Maximum, _fileBounds.IsMaximumCut),
            _fileBounds.IsMinimumCut,
            _fileBounds.IsMaximumCut,
            0)
        : default;

    private object ToLiteral(ReadOnlySpan<byte> value, bool isCut)
    {
        if (!_isText)
        {
            return value.ToArray();
        }

        // A cut may have gone through a character, whose first bytes stand at the end: they are dropped.
        return Encoding.UTF8.GetString(isCut ? DropPartialCharacter(value) : value);
    }

    private static ReadOnlySpan<byte> DropPartialCharacter(ReadOnlySpan<byte> value)
    {
        int end = value.Length;
        while (end > 0 && (value[end - 1] & 0xC0) == 0x80)
        {
            end--;
        }

        bool isWhole = end > 0
            && Rune.DecodeFromUtf8(value[(end - 1)..], out _, out int length) == System.Buffers.OperationStatus.Done
            && end - 1 + length == value.Length;
        return isWhole ? value : value[..int.Max(0, end - 1)];
    }

    private ReadOnlySpan<byte> MinimumBytes(ByteBounds bounds) =>
        BoundCutter.CutMinimum(bounds.Minimum, Options.StatisticsBytes, _isText);

    private byte[]? MaximumBytes(ByteBounds bounds) => bounds.Maximum.Length <= Options.StatisticsBytes
        ? bounds.Maximum.ToArray()
        : BoundCutter.CutMaximum(bounds.Maximum, Options.StatisticsBytes, _isText);

    /// <summary>Bounds of the entries that the page uses, each looked at once.</summary>
    private void AddDictionaryBounds()
    {
        _page++;
        if (_lastPageOf.Length < _dictionary.Count)
        {
            Array.Resize(ref _lastPageOf, int.Max(_dictionary.Count, 2 * _lastPageOf.Length));
        }

        int[] lastPageOf = _lastPageOf;
        foreach (int index in PageIndices)
        {
            if (lastPageOf[index] != _page)
            {
                lastPageOf[index] = _page;
                _pageBounds.Add(_dictionary[index]);
            }
        }
    }

    /// <summary>The values of a batch by their order.</summary>
    private readonly ref struct Values
    {
        private readonly ReadOnlySpan<byte> _bytes;
        private readonly ReadOnlySpan<int> _offsets;
        private readonly ReadOnlySpan<int> _rows;
        private readonly int _firstRow;

        public Values(LeafSlots slots)
        {
            _bytes = slots.Data.Buffers[2].Span;
            _offsets = ArrayBuffers.Offsets(slots.Data);
            _rows = slots.IsContiguous ? [] : slots.ValueRows;
            _firstRow = slots.FirstRow;
        }

        public ReadOnlySpan<byte> this[int index]
        {
            get
            {
                int row = _rows.IsEmpty ? _firstRow + index : _rows[index];
                int start = _offsets[row];
                return _bytes.Slice(start, _offsets[row + 1] - start);
            }
        }
    }
}
