using System;
using System.Runtime.CompilerServices;
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
    private readonly T[] _held = new T[RowShape.ChunkRows];
    private int _heldCount;
    private bool _isBroken;

    /// <summary>Makes an empty builder.</summary>
    /// <param name="capacity">Rows to make room for at once.</param>
    public RowBatchBuilder(int capacity = 0)
    {
        _columns = (StructBuilder)ColumnBuilder.Create(T.Shape.Type, capacity);
        Schema = ArrowTypes.ToSchema(T.Shape.Type);
    }

    /// <summary>The schema of the batches.</summary>
    public Schema Schema { get; }

    /// <summary>Rows appended since the last <see cref="Build"/>.</summary>
    public int Length => _columns.Length + _heldCount;

    /// <summary>Appends a row. It is read now or as late as the build: do not change it until then.</summary>
    /// <exception cref="ArgumentException">A value that its column cannot hold, or a null too many.</exception>
    public void Append(T row)
    {
        if (row is null)
        {
            throw new ArgumentNullException(nameof(row), $"row {Length} of {T.Shape.Name} is null");
        }

        if (_heldCount == _held.Length)
        {
            Flush();
        }

        _held[_heldCount++] = row;
    }

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

        Flush();
        for (int start = 0; start < rows.Length; start += RowShape.ChunkRows)
        {
            Add(rows.Slice(start, int.Min(RowShape.ChunkRows, rows.Length - start)));
        }
    }

    /// <summary>The rows as a batch of plain GC memory; the builder starts anew.</summary>
    /// <exception cref="ArgumentException">A value that its column cannot hold, or a null too many.</exception>
    public RecordBatch Build()
    {
        Flush();
        int length = _columns.Length;
        ArrayData data = _columns.BuildData();
        IArrowArray[] columns = new IArrowArray[data.Children.Length];
        for (int index = 0; index < columns.Length; index++)
        {
            columns[index] = ArrowArrayFactory.BuildArray(data.Children[index]);
        }

        return new RecordBatch(Schema, columns, length);
    }

    private void Flush()
    {
        Add(_held.AsSpan(0, _heldCount));
        if (RuntimeHelpers.IsReferenceOrContainsReferences<T>())
        {
            _held.AsSpan(0, _heldCount).Clear();
        }

        _heldCount = 0;
    }

    private void Add(ReadOnlySpan<T> rows)
    {
        // After an exception the columns are of different lengths.
        if (_isBroken)
        {
            throw new InvalidOperationException("a row could not be appended before: begin a new batch builder");
        }

        if (rows.Length > 0)
        {
            _isBroken = true;
            T.Append(rows, _columns);
            _columns.EndRows(rows.Length);
            _isBroken = false;
        }
    }
}
