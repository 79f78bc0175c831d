using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Apache.Arrow;
using Polder.Columns;
using Polder.Columns.Kernels;
using Polder.Execution;

namespace Polder.Server.Queries;

/// <summary>The first rows of a result, and how many there are in all. Immutable.</summary>
internal sealed class QueryRows
{
    /// <summary>Rows that are kept: what a chart can be drawn of and a person look through.</summary>
    public const int MostRows = 50_000;

    private readonly IReadOnlyList<IArrowArray> _columns;

    private QueryRows(
        DataType schema, IReadOnlyList<IArrowArray> columns, int count, long totalCount, object?[]? last, long bytes)
    {
        Schema = schema;
        _columns = columns;
        Count = count;
        TotalCount = totalCount;
        Last = last;
        SizeBytes = bytes;
    }

    /// <summary>A struct of the columns; names need not be unique.</summary>
    public DataType Schema { get; }

    /// <summary>Rows that are kept.</summary>
    public int Count { get; }

    /// <summary>Rows of the result.</summary>
    public long TotalCount { get; }

    /// <summary>Whether every row is kept.</summary>
    public bool IsWhole => Count == TotalCount;

    /// <summary>The last row of the result, as <see cref="ColumnValues"/> has it; null where none is.</summary>
    public object?[]? Last { get; }

    /// <summary>Bytes of the kept rows.</summary>
    public long SizeBytes { get; }

    /// <summary>A value in the form of <see cref="ColumnValues"/>.</summary>
    public object? this[int row, int column] => ColumnValues.Get(_columns[column], row, Schema.Fields[column].Type);

    /// <summary>The column of a name, exactly or else without case; -1 where there is none.</summary>
    public int Find(string name)
    {
        int exact = IndexOf(name, StringComparison.Ordinal);
        return exact >= 0 ? exact : IndexOf(name, StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>The kept rows as a source of other queries.</summary>
    public IBatchSource AsSource() => new Source(this);

    /// <summary>The kept rows as a batch.</summary>
    public RecordBatch ToBatch() => new(ArrowTypes.ToSchema(Schema), _columns, Count);

    /// <summary>Runs a query to its end, and keeps what the limits allow.</summary>
    public static async Task<QueryRows> ReadAsync(
        DataType schema, IAsyncEnumerable<RecordBatch> batches, long mostBytes, CancellationToken cancellationToken)
    {
        List<RecordBatch> kept = [];
        RecordBatch? end = null;
        int count = 0;
        long totalCount = 0;
        long bytes = 0;
        await foreach (RecordBatch batch in batches.WithCancellation(cancellationToken).ConfigureAwait(false))
        {
            if (batch.Length == 0)
            {
                continue;
            }

            end = batch;
            totalCount += batch.Length;
            if (count == totalCount - batch.Length && count < MostRows && bytes < mostBytes)
            {
                // Text is as long as it is: the batch that passes the limit is kept in part.
                long size = batch.Arrays.Sum(array => SizeOf(array.Data));
                long fitting = size == 0 ? batch.Length : batch.Length * (mostBytes - bytes) / size;
                int rows = (int)long.Clamp(long.Min(fitting, MostRows - count), 0, batch.Length);
                kept.Add(rows == batch.Length ? batch : batch.Slice(0, rows));
                bytes += size * rows / batch.Length;
                count += rows;
            }
        }

        IArrowArray[] columns =
        [
            .. schema.Fields.Select((field, index) => kept.Count == 0
                ? Constants.Repeat(null, field.Type, 0)
                : Concat.Arrays([.. kept.Select(batch => batch.Column(index))])),
        ];
        return new QueryRows(schema, columns, count, totalCount, LastOf(schema, end), bytes);
    }

    private static object?[]? LastOf(DataType schema, RecordBatch? batch) => batch is null ? null :
    [
        .. schema.Fields.Select((field, index) =>
            ColumnValues.Get(batch.Column(index), batch.Length - 1, field.Type)),
    ];

    private int IndexOf(string name, StringComparison comparison)
    {
        for (int index = 0; index < Schema.Fields.Count; index++)
        {
            if (Schema.Fields[index].Name.Equals(name, comparison))
            {
                return index;
            }
        }

        return -1;
    }

    private static long SizeOf(ArrayData data) =>
        data.Buffers.Sum(buffer => (long)buffer.Length) + (data.Children?.Sum(SizeOf) ?? 0);

    private sealed class Source(QueryRows rows) : IBatchSource
    {
        public DataType Schema => rows.Schema;

        public long? RowCountEstimate => rows.Count;

        public ValueTask<IReadOnlyList<Morsel>> OpenAsync(CancellationToken cancellationToken) =>
            ValueTask.FromResult<IReadOnlyList<Morsel>>([new One(rows)]);
    }

    private sealed class One(QueryRows rows) : Morsel
    {
        private const int BatchRows = 8192;

        public override async IAsyncEnumerable<RecordBatch> ReadAsync(
            [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
        {
            RecordBatch all = rows.ToBatch();
            for (int first = 0; first < rows.Count; first += BatchRows)
            {
                cancellationToken.ThrowIfCancellationRequested();
                yield return all.Slice(first, int.Min(BatchRows, rows.Count - first));
            }

            await ValueTask.CompletedTask.ConfigureAwait(false);
        }
    }
}
