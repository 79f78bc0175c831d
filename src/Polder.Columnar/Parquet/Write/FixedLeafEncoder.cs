using System;
using System.Numerics;
using Polder.Bytes;
using Polder.Columns;
using Polder.Parquet.Levels;

namespace Polder.Parquet.Write;

/// <summary>Encodes values of a fixed width.</summary>
/// <typeparam name="TSource">What the column holds: floating point as its bits.</typeparam>
/// <typeparam name="TStored">What the file holds: the low bytes of the source.</typeparam>
/// <typeparam name="TFormat">What the stored values mean.</typeparam>
internal sealed class FixedLeafEncoder<TSource, TStored, TFormat> : DictionaryLeafEncoder
    where TSource : unmanaged, IBinaryInteger<TSource>
    where TStored : unmanaged, IBinaryInteger<TStored>
    where TFormat : struct, IStoredFormat<TStored>
{
    private readonly FixedDictionary<TStored> _dictionary = new();
    private readonly int _width;
    private Bounds _pageBounds;
    private Bounds _chunkBounds;
    private Bounds _fileBounds;

    public FixedLeafEncoder(LeafPath path, ParquetWriteOptions options, BufferAllocator allocator, int width)
        : base(path, options, allocator)
    {
        _width = width;
    }

    protected override int PlainWidth => _width;

    protected override int DictionaryCount => _dictionary.Count;

    protected override long DictionaryBytes => (long)_dictionary.Count * _width;

    protected override long PagePlainBytes => (long)PageIndices.Length * _width;

    public override int CompareBounds(byte[] left, byte[] right) =>
        TFormat.Compare(TFormat.ReadPlain(left), TFormat.ReadPlain(right));

    protected override void Load(LeafSlots slots, EncodeContext context)
    {
        ReadOnlySpan<TSource> source = ArrayBuffers.Values<TSource>(slots.Data);
        if (typeof(TSource) == typeof(TStored))
        {
            if (!slots.IsContiguous)
            {
                Gather.Values(source, slots.ValueRows, context.Values<TSource>(slots.ValueCount));
            }

            return;
        }

        Span<TStored> stored = context.Values<TStored>(slots.ValueCount);
        if (slots.IsContiguous)
        {
            source = source.Slice(slots.FirstRow, slots.ValueCount);
            for (int index = 0; index < source.Length; index++)
            {
                stored[index] = TStored.CreateTruncating(source[index]);
            }
        }
        else
        {
            ReadOnlySpan<int> rows = slots.ValueRows;
            for (int index = 0; index < rows.Length; index++)
            {
                stored[index] = TStored.CreateTruncating(source[rows[index]]);
            }
        }
    }

    protected override long CostOf(LeafSlots slots, int start, int count) => (long)count * _width;

    protected override void AppendPlain(LeafSlots slots, int start, int count, EncodeContext context)
    {
        ReadOnlySpan<TStored> values = Loaded(slots, context).Slice(start, count);
        _pageBounds.Add(values);
        TFormat.PutPlain(values, _width, Plain);
    }

    protected override bool TryIntern(
        LeafSlots slots, int start, int count, Span<int> indices, EncodeContext context)
    {
        ReadOnlySpan<TStored> values = Loaded(slots, context).Slice(start, count);
        if (!_dictionary.TryIntern(values, indices, Options.DictionaryBytes / _width))
        {
            return false;
        }

        _pageBounds.Add(values);
        return true;
    }

    protected override void PutPlain(ReadOnlySpan<int> indices, BufferBuilder body)
    {
        TStored[] values = new TStored[indices.Length];
        Gather.Values(_dictionary.Values, indices, values);
        TFormat.PutPlain(values, _width, body);
    }

    protected override void PutDictionary(BufferBuilder body) => TFormat.PutPlain(_dictionary.Values, _width, body);

    protected override void ClearDictionary() => _dictionary.Clear();

    protected override PageBounds TakePageBounds(out long unencodedBytes)
    {
        unencodedBytes = -1;
        PageBounds bounds = Options.PageIndex && _pageBounds.Any
            ? new PageBounds(MinimumBytes(_pageBounds), MaximumBytes(_pageBounds))
            : default;
        _chunkBounds.Merge(_pageBounds);
        _pageBounds = default;
        return bounds;
    }

    protected override ChunkStatistics FinishStatistics(long nullCount)
    {
        Bounds bounds = _chunkBounds;
        _fileBounds.Merge(bounds);
        _chunkBounds = default;
        return new ChunkStatistics
        {
            NullCount = nullCount,
            NaNCount = TFormat.CountNaN([]) < 0 ? -1 : bounds.NaNCount,
            MinimumBytes = ChunkStatistics.Bound(bounds.Any ? MinimumBytes(bounds) : null),
            MaximumBytes = ChunkStatistics.Bound(bounds.Any ? MaximumBytes(bounds) : null),
            IsMinimumExact = bounds.Any ? true : null,
            IsMaximumExact = bounds.Any ? true : null,
        };
    }

    protected override ColumnBoundValues FileBounds()
    {
        Bounds bounds = _fileBounds;
        return bounds.Any
            ? new ColumnBoundValues(
                TFormat.ToLiteral(bounds.Minimum, Path.Column.Type),
                TFormat.ToLiteral(bounds.Maximum, Path.Column.Type),
                false,
                false,
                bounds.NaNCount)
            : new ColumnBoundValues(null, null, false, false, bounds.NaNCount);
    }

    private static ReadOnlySpan<TStored> Loaded(LeafSlots slots, EncodeContext context)
    {
        if (typeof(TSource) == typeof(TStored) && slots.IsContiguous)
        {
            return ArrayBuffers.Values<TStored>(slots.Data).Slice(slots.FirstRow, slots.ValueCount);
        }

        return context.Values<TStored>(slots.ValueCount);
    }

    private byte[] MinimumBytes(Bounds bounds) => ToBytes(TFormat.ToMinimum(bounds.Minimum));

    private byte[] MaximumBytes(Bounds bounds) => ToBytes(TFormat.ToMaximum(bounds.Maximum));

    private byte[] ToBytes(TStored value)
    {
        using BufferBuilder target = new(_width);
        TFormat.PutPlain([value], _width, target);
        return target.Span.ToArray();
    }

    private struct Bounds
    {
        public TStored Minimum;
        public TStored Maximum;
        public bool Any;
        public long NaNCount;

        public void Add(ReadOnlySpan<TStored> values)
        {
            if (values.IsEmpty)
            {
                return;
            }

            NaNCount += int.Max(0, TFormat.CountNaN(values));
            if (TFormat.TryFindBounds(values, out TStored minimum, out TStored maximum))
            {
                Merge(new Bounds { Minimum = minimum, Maximum = maximum, Any = true });
            }
        }

        public void Merge(in Bounds other)
        {
            NaNCount += other.NaNCount;
            if (!other.Any)
            {
                return;
            }

            Minimum = !Any || TFormat.Compare(other.Minimum, Minimum) < 0 ? other.Minimum : Minimum;
            Maximum = !Any || TFormat.Compare(other.Maximum, Maximum) > 0 ? other.Maximum : Maximum;
            Any = true;
        }
    }
}
