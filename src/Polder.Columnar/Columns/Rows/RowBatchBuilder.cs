using System;
using Apache.Arrow;

namespace Polder.Columns.Rows;

/// <summary>
/// Collects rows of a type into a batch of its columns. One thread at a time; reusable after <see cref="Build"/>, not
/// after an exception.
/// </summary>
/// <typeparam name="T">The row type.</typeparam>
public sealed class RowBatchBuilder<T>
    where T : IPolderRow<T>
{
    private readonly StructBuilder _columns;
    private readonly RowAppender<T> _rows;
    private bool _isBroken;

    /// <summary>Makes an empty builder.</summary>
    /// <param name="capacity">Rows to make room for at once.</param>
    public RowBatchBuilder(int capacity = 0)
    {
        _columns = (StructBuilder)ColumnBuilder.Create(T.Shape.Type, capacity);
        _rows = T.NewAppender(_columns);
        Schema = ArrowTypes.ToSchema(T.Shape.Type);
    }

    /// <summary>The schema of the batches.</summary>
    public Schema Schema { get; }

    /// <summary>Rows appended since the last <see cref="Build"/>.</summary>
    public int Length => _rows.Length;

    /// <summary>Appends a row.</summary>
    /// <exception cref="ArgumentException">A value that its column cannot hold, or a null too many.</exception>
    public void Append(T row) => Append(new ReadOnlySpan<T>(in row));

    /// <summary>Appends rows.</summary>
    /// <exception cref="ArgumentException">A value that its column cannot hold, or a null too many.</exception>
    public void Append(ReadOnlySpan<T> rows)
    {
        if (!typeof(T).IsValueType)
        {
            for (int index = 0; index < rows.Length; index++)
            {
                if (rows[index] is null)
                {
                    throw new ArgumentNullException(
                        nameof(rows), $"row {Length + index} of {T.Shape.Name} is null");
                }
            }
        }

        ThrowIfBroken();
        _isBroken = true;
        _rows.Append(rows, T.Shape.Name);
        _isBroken = false;
    }

    /// <summary>The rows as a batch of plain GC memory; the builder starts anew.</summary>
    /// <exception cref="InvalidOperationException">A row could not be appended before.</exception>
    public RecordBatch Build()
    {
        ThrowIfBroken();
        _rows.Flush();
        int length = _columns.Length;
        ArrayData data = _columns.BuildData();
        IArrowArray[] columns = new IArrowArray[data.Children.Length];
        for (int index = 0; index < columns.Length; index++)
        {
            columns[index] = ArrowArrayFactory.BuildArray(data.Children[index]);
        }

        return new RecordBatch(Schema, columns, length);
    }

    // After an exception the columns are of different lengths.
    private void ThrowIfBroken()
    {
        if (_isBroken)
        {
            throw new InvalidOperationException("a row could not be appended before: begin a new batch builder");
        }
    }
}
