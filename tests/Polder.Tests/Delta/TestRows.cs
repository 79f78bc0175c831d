using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading.Tasks;
using Apache.Arrow;
using Polder.Columns;

namespace Polder.Tests.Delta;

/// <summary>Batches made of values, as <c>Literal.Value</c> holds them.</summary>
internal static class TestRows
{
    public static RecordBatch Batch(DataType schema, params object?[][] rows)
    {
        List<ColumnBuilder> columns = [.. schema.Fields.Select(field => ColumnBuilder.Create(field.Type))];
        foreach (object?[] row in rows)
        {
            for (int index = 0; index < columns.Count; index++)
            {
                columns[index].AppendValue(row[index]);
            }
        }

        return new RecordBatch(
            ArrowTypes.ToSchema(schema), columns.Select(column => column.Build()).ToList(), rows.Length);
    }

    public static IAsyncEnumerable<RecordBatch> Stream(params RecordBatch[] batches) => batches.ToAsyncEnumerable();

    public static IAsyncEnumerable<RecordBatch> Stream(DataType schema, params object?[][] rows) =>
        Stream(Batch(schema, rows));

    /// <summary>Numbered rows: id and s = "s" + id, as of <see cref="LogFiles.Schema"/>.</summary>
    public static IAsyncEnumerable<RecordBatch> Numbered(int first, int count) => Stream(
        LogFiles.Schema,
        [.. Enumerable.Range(first, count)
            .Select(id => new object?[] { (long)id, FormattableString.Invariant($"s{id}") })]);

    public static async Task<List<RecordBatch>> ToListAsync(Polder.Delta.TableScan scan)
    {
        List<RecordBatch> batches = [];
        await foreach (RecordBatch batch in scan)
        {
            batches.Add(batch);
        }

        return batches;
    }
}
