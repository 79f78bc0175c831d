using System;
using System.Buffers;
using System.Collections.Generic;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Polder.Columns.Rows;

/// <summary>
/// Used by generated code: rows that lie inside other rows. They are read many at a time; where lists are long, each
/// list straight into its own array.
/// </summary>
/// <typeparam name="T">The row type.</typeparam>
public readonly ref struct RowValues<T>
    where T : IPolderRow<T>
{
    private const int MostHeldRows = 8192;

    private readonly RowColumn _column;
    private readonly int _start;
    private readonly T[]? _held;

    /// <summary>The rows of a column from one position to another.</summary>
    public RowValues(RowColumn column, int start, int end)
    {
        _column = column;
        _start = start;
        if (end - start <= MostHeldRows)
        {
            _held = ArrayPool<T>.Shared.Rent(end - start);
            Read(column, start, _held.AsSpan(0, end - start));
        }
    }

    /// <summary>One row; the default value where it is null.</summary>
    public T this[int row]
    {
        get
        {
            if (_held is not null)
            {
                return _held[row - _start];
            }

            T[] single = new T[1];
            Read(_column, row, single);
            return single[0];
        }
    }

    /// <summary>The rows from one position to another.</summary>
    public T[] ToArray(int start, int end)
    {
        if (start == end)
        {
            return [];
        }

        T[] rows = new T[end - start];
        CopyTo(start, rows);
        return rows;
    }

    /// <summary>The rows from one position to another.</summary>
    public List<T> ToList(int start, int end)
    {
        List<T> rows = new(end - start);
        CollectionsMarshal.SetCount(rows, end - start);
        CopyTo(start, CollectionsMarshal.AsSpan(rows));
        return rows;
    }

    /// <summary>Call when the rows have been taken.</summary>
    public void Finish()
    {
        if (_held is not null)
        {
            ArrayPool<T>.Shared.Return(_held, RuntimeHelpers.IsReferenceOrContainsReferences<T>());
        }
    }

    private void CopyTo(int start, Span<T> rows)
    {
        if (_held is not null)
        {
            _held.AsSpan(start - _start, rows.Length).CopyTo(rows);
        }
        else
        {
            Read(_column, start, rows);
        }
    }

    // What lies under a null row is not looked at: it may be null where the row type allows none.
    private static void Read(RowColumn column, int start, Span<T> rows)
    {
        Validity validity = column.Validity();
        for (int done = 0; done < rows.Length;)
        {
            int count = int.Min(RowShape.ChunkRows, rows.Length - done);
            if (validity.HasNulls)
            {
                if (validity.IsNull(start + done))
                {
                    rows[done++] = default!;
                    continue;
                }

                int run = 1;
                while (run < count && validity.IsValid(start + done + run))
                {
                    run++;
                }

                count = run;
            }

            T.Read(column, start + done, rows.Slice(done, count));
            done += count;
        }
    }
}
