using System;
using System.Collections.Generic;
using Apache.Arrow;
using Polder.Bytes;
using Polder.Columns;
using Polder.Columns.Kernels;

namespace Polder.Expressions.Evaluation;

/// <summary>
/// The rows that an expression is evaluated for: a batch, or some of its rows. Columns are gathered on first use.
/// </summary>
internal sealed class Frame
{
    private readonly RecordBatch _batch;
    private readonly Selection? _rows;
    private Dictionary<int, Vector>? _columns;
    private Dictionary<Kernel, Vector>? _shared;

    private Frame(RecordBatch batch, Selection? rows, int count)
    {
        _batch = batch;
        _rows = rows;
        Count = count;
    }

    /// <summary>Number of rows.</summary>
    public int Count { get; }

    /// <summary>All rows of a batch.</summary>
    public static Frame Of(RecordBatch batch) => new(batch, null, batch.Length);

    /// <summary>Some rows of a batch.</summary>
    public static Frame Of(RecordBatch batch, Selection rows) =>
        rows.IsAll && rows.Count == batch.Length ? Of(batch) : new Frame(batch, rows, rows.Count);

    /// <summary>A column for these rows.</summary>
    public Vector Column(int index, DataType type)
    {
        if (_columns is not null && _columns.TryGetValue(index, out Vector? known))
        {
            return known;
        }

        IArrowArray array = ArrowConvert.ToCanonical(_batch.Column(index));
        Vector column = Vector.Flat(type, (_rows is null ? array : Take.Rows(array, _rows)).Data);
        (_columns ??= []).Add(index, column);
        return column;
    }

    /// <summary>The values of a kernel that stands in several places, computed once for these rows.</summary>
    public Vector Shared(Kernel kernel)
    {
        if (_shared is null || !_shared.TryGetValue(kernel, out Vector? values))
        {
            values = kernel.Evaluate(this);
            (_shared ??= []).Add(kernel, values);
        }

        return values;
    }

    /// <summary>Some of these rows, by ascending position among them.</summary>
    public Frame Narrow(ReadOnlySpan<int> positions)
    {
        int[] rows = positions.ToArray();
        if (_rows is not null)
        {
            ReadOnlySpan<int> chosen = _rows.Rows;
            for (int index = 0; index < rows.Length; index++)
            {
                rows[index] = chosen[rows[index]];
            }
        }

        return new Frame(_batch, Selection.From(rows, rows.Length), rows.Length);
    }

    /// <summary>The positions whose bit is set.</summary>
    public int[] Positions(ReadOnlySpan<byte> bits)
    {
        int[] positions = new int[Bitmap.CountOnes(bits, 0, Count)];
        Bitmap.FindOnes(bits, 0, Count, positions);
        return positions;
    }
}
