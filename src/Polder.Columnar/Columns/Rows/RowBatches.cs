using System;
using System.Collections.Generic;
using System.Linq;
using Apache.Arrow;

namespace Polder.Columns.Rows;

/// <summary>Own types to record batches and back.</summary>
public static class RowBatches
{
    /// <summary>Rows of a batch unless a caller asks for another number.</summary>
    public const int DefaultBatchRows = 8192;

    /// <summary>The Arrow schema of a row type.</summary>
    public static Schema SchemaOf<T>()
        where T : IPolderRow<T> => ArrowTypes.ToSchema(T.Shape.Type);

    /// <summary>Checks that columns fit the members of a row type, before there are any rows.</summary>
    /// <param name="columns">A struct.</param>
    /// <exception cref="RowMismatchException">A column is missing or of a type that does not fit.</exception>
    public static void Check<T>(DataType columns)
        where T : IPolderRow<T>
    {
        ArgumentNullException.ThrowIfNull(columns);
        IArrowArray[] none = [.. columns.Fields.Select(field => ColumnBuilder.Create(field.Type).Build())];
        RowBinding.Bind(T.Shape, new RecordBatch(ArrowTypes.ToSchema(columns), none, 0));
    }

    /// <summary>Rows as one batch, in plain GC memory.</summary>
    /// <exception cref="ArgumentException">A value that its column cannot hold, or a null too many.</exception>
    public static RecordBatch ToBatch<T>(this ReadOnlySpan<T> rows)
        where T : IPolderRow<T>
    {
        RowBatchBuilder<T> builder = new(rows.Length);
        builder.Append(rows);
        return builder.Build();
    }

    /// <summary>Rows as one batch, in plain GC memory.</summary>
    /// <exception cref="ArgumentException">A value that its column cannot hold, or a null too many.</exception>
    public static RecordBatch ToBatch<T>(this T[] rows)
        where T : IPolderRow<T> => ToBatch(new ReadOnlySpan<T>(rows));

    /// <summary>Rows as batches, made as they are asked for. No rows make no batch.</summary>
    /// <param name="rows">The rows; read once.</param>
    /// <param name="batchRows">Rows of a batch; the last may have fewer.</param>
    /// <exception cref="ArgumentException">A value that its column cannot hold, or a null too many.</exception>
    public static IEnumerable<RecordBatch> ToBatches<T>(this IEnumerable<T> rows, int batchRows = DefaultBatchRows)
        where T : IPolderRow<T>
    {
        ArgumentNullException.ThrowIfNull(rows);
        ArgumentOutOfRangeException.ThrowIfLessThan(batchRows, 1);
        return Fill(rows, batchRows);
    }

    /// <summary>The rows of a batch. Columns match members by name, without case where no name is exact.</summary>
    /// <param name="batch">A batch; columns that no member maps are not looked at.</param>
    /// <exception cref="RowMismatchException">Columns and members do not fit each other.</exception>
    /// <exception cref="CorruptFileException">Offsets or lengths that leave a buffer.</exception>
    public static T[] ToRows<T>(this RecordBatch batch)
        where T : IPolderRow<T>
    {
        ArgumentNullException.ThrowIfNull(batch);
        T[] rows = new T[batch.Length];
        Read(batch, rows.AsSpan());
        return rows;
    }

    /// <summary>Reads the rows of a batch.</summary>
    /// <param name="batch">A batch; columns that no member maps are not looked at.</param>
    /// <param name="rows">Takes the rows; as long as the batch.</param>
    /// <exception cref="RowMismatchException">Columns and members do not fit each other.</exception>
    /// <exception cref="CorruptFileException">Offsets or lengths that leave a buffer.</exception>
    public static void Read<T>(RecordBatch batch, Span<T> rows)
        where T : IPolderRow<T>
    {
        ArgumentNullException.ThrowIfNull(batch);
        ArgumentOutOfRangeException.ThrowIfNotEqual(rows.Length, batch.Length, nameof(rows));
        RowColumn columns = RowBinding.Bind(T.Shape, batch);
        for (int start = 0; start < rows.Length; start += RowShape.ChunkRows)
        {
            T.Read(columns, start, rows.Slice(start, int.Min(RowShape.ChunkRows, rows.Length - start)));
        }
    }

    private static IEnumerable<RecordBatch> Fill<T>(IEnumerable<T> rows, int batchRows)
        where T : IPolderRow<T>
    {
        RowBatchBuilder<T> builder = new(batchRows);
        foreach (T row in rows)
        {
            builder.Append(row);
            if (builder.Length == batchRows)
            {
                yield return builder.Build();
            }
        }

        if (builder.Length > 0)
        {
            yield return builder.Build();
        }
    }
}
