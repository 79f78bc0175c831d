using System;
using System.Collections.Generic;
using System.Linq;
using Apache.Arrow;
using Polder.Bytes;
using Polder.Columns;
using Polder.Expressions;
using Polder.Expressions.Evaluation;
using Polder.Parquet.Compression;
using Polder.Parquet.Pages;
using Polder.Parquet.Values;

namespace Polder.Parquet.Read;

/// <summary>
/// Rules out row groups by the dictionary of a chunk all of whose pages use it: a condition on that column alone is
/// evaluated over the values that there are, and over null.
/// </summary>
internal sealed class DictionaryPruning
{
    private const int LargestBytes = 2 << 20;

    private readonly ColumnChunkMetadata _chunk;
    private readonly ParquetField _field;
    private readonly Expression _condition;

    private DictionaryPruning(ColumnChunkMetadata chunk, ParquetField field, Expression condition)
    {
        _chunk = chunk;
        _field = field;
        _condition = condition;
    }

    /// <summary>The condition that is asked.</summary>
    public Expression Condition => _condition;

    /// <summary>The bytes that hold the dictionary.</summary>
    public FileRange Range => new(_chunk.StartOffset, (int)(_chunk.DataPageOffset - _chunk.StartOffset));

    /// <summary>What can be asked of the dictionaries of a row group.</summary>
    public static IEnumerable<DictionaryPruning> Find(
        Expression predicate, ParquetFooter footer, RowGroupMetadata rowGroup)
    {
        if (predicate is Call { Function: Function.And } both)
        {
            return both.Children.SelectMany(child => Find(child, footer, rowGroup));
        }

        // Of the order of values the bounds have told already.
        Expression[] columns = [.. StatsPruner.ColumnsOf(predicate)];
        bool isOrder = predicate is not Call call || call.Function is Function.LessThan or Function.LessThanOrEqual
            or Function.GreaterThan or Function.GreaterThanOrEqual or Function.IsNull or Function.IsNotNull;
        if (isOrder || columns.Length == 0 ||
            RowGroupStats.Find(footer.Schema, StatsPruner.PathOf(columns[0])!) is not { Leaf: not null } field)
        {
            return [];
        }

        ColumnChunkMetadata chunk = rowGroup.Columns[field.Leaf.Index];
        bool isAlone = columns.All(column => StatsPruner.PathOf(column) == StatsPruner.PathOf(columns[0]));
        return isAlone && field.IsSupported && field.Type.Equals(columns[0].Type) && IsWholly(chunk)
            ? [new DictionaryPruning(chunk, field, predicate)]
            : [];
    }

    /// <summary>Whether no row of the row group can satisfy the condition.</summary>
    /// <param name="bytes">The bytes of <see cref="Range"/>.</param>
    /// <param name="limits">What the file may ask for.</param>
    /// <param name="allocator">Where the page is decompressed to.</param>
    /// <param name="context">What codecs keep.</param>
    public bool RulesOut(ReadOnlyMemory<byte> bytes, Limits limits, BufferAllocator allocator, CodecContext context)
    {
        try
        {
            Evaluator evaluator = Evaluator.Create(Bind(_condition));
            bool mayBeNull = _field.Leaf!.MaxDefinitionLevel > 0 && _chunk.Statistics?.NullCount != 0;
            return Decode(bytes, limits, allocator, context) is IArrowArray values &&
                evaluator.Filter(Batch(values)).Count == 0 &&
                !(mayBeNull && evaluator.Filter(Batch(Constants.Repeat(null, _field.Type, 1))).Count > 0);
        }
        catch (Exception exception)
            when (exception is QueryException or CorruptFileException or UnsupportedFeatureException)
        {
            // An error is for the scan itself to find, where it is one of a row that is there.
            return false;
        }
    }

    private static bool IsWholly(ColumnChunkMetadata chunk)
    {
        long size = chunk.DataPageOffset - chunk.StartOffset;
        if (size <= 0 || size > LargestBytes)
        {
            return false;
        }

        if (chunk.EncodingCounts.Count > 0)
        {
            return chunk.EncodingCounts.All(
                count => count.Type == PageType.DictionaryPage || IsDictionary(count.Encoding));
        }

        // Without counts only the old name tells: PLAIN may else be the encoding of the dictionary or of pages.
        return chunk.Encodings.Contains(ParquetEncoding.PlainDictionary) && chunk.Encodings.All(
            encoding => IsDictionary(encoding) || encoding is ParquetEncoding.Rle or ParquetEncoding.BitPacked);
    }

    private static bool IsDictionary(ParquetEncoding encoding) =>
        encoding is ParquetEncoding.PlainDictionary or ParquetEncoding.RleDictionary;

    private IArrowArray? Decode(
        ReadOnlyMemory<byte> bytes, Limits limits, BufferAllocator allocator, CodecContext context)
    {
        FileRange range = Range;
        ChunkWindows windows = new(range.Offset, range.End, range.Length, 0, allocator);
        using PageReader pages = new(_chunk, new PageOrder(long.MaxValue, isFlat: false), windows, limits, allocator);
        pages.Feed(range.Offset, BufferSlice.CopyFrom(bytes.Span, allocator));
        if (pages.TryRead(0, context, out PageBody page) != PageResult.Page ||
            page.Header.Type != PageType.DictionaryPage ||
            page.Header.Encoding is not (ParquetEncoding.Plain or ParquetEncoding.PlainDictionary) ||
            page.Header.ValueCount > page.End)
        {
            return null;
        }

        // The entries of a dictionary are the values of a PLAIN page.
        int count = page.Header.ValueCount;
        ValueDecoder values = ValueDecoders.For(_field.Leaf!, _field.Type, StringForm.Offsets);
        values.BeginChunk();
        values.BeginBatch(count);
        values.BeginPage(ParquetEncoding.Plain, page.Bytes, 0, page.End, count);
        values.Decode(count, count, [], 0);
        return ArrowArrayFactory.BuildArray(new ArrayData(
            ArrowTypes.ToArrow(_field.Type), count, 0, 0, [ArrowBuffer.Empty, .. values.FinishBatch()]));
    }

    private RecordBatch Batch(IArrowArray values) => new(
        ArrowTypes.ToSchema(DataType.Struct(new StructField("value", _field.Type))), [values], values.Length);

    private Expression Bind(Expression expression) => StatsPruner.PathOf(expression) is not null
        ? new ColumnReference(0, "value", _field.Type, nullable: true, expression.Span)
        : expression.WithChildren([.. expression.Children.Select(Bind)]);
}
