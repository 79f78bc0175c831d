using System;
using System.Collections.Generic;
using System.Linq;
using Apache.Arrow;
using Polder.Columns.Kernels.Sorting;

namespace Polder.Columns.Kernels;

/// <summary>How a column takes part in an order; as it is, ascending with nulls first.</summary>
/// <param name="Descending">Greatest first.</param>
/// <param name="NullsLast">Nulls behind the values, whatever the direction.</param>
public readonly record struct SortDirection(bool Descending = false, bool NullsLast = false);

/// <summary>Puts rows in order.</summary>
public static class Sort
{
    /// <summary>
    /// The positions of the rows in the order of the first column, among equals of the next, and so on; rows that are
    /// equal in all keep their order. NaN is the greatest number, -0.0 equals 0.0, text and binary order by bytes.
    /// </summary>
    /// <param name="columns">At least one, in canonical form, of one length.</param>
    /// <param name="directions">One per column, or none for ascending with nulls first.</param>
    /// <exception cref="ArgumentException">Lengths differ, or there are too few directions.</exception>
    /// <exception cref="UnsupportedFeatureException">Values of a type have no order.</exception>
    public static int[] Rows(IReadOnlyList<IArrowArray> columns, params IReadOnlyList<SortDirection> directions)
    {
        ArgumentOutOfRangeException.ThrowIfZero(columns.Count);
        int rowCount = columns[0].Length;
        if (columns.Any(column => column.Length != rowCount) ||
            (directions.Count > 0 && directions.Count != columns.Count))
        {
            throw new ArgumentException("columns of different lengths, or not one direction per column");
        }

        SortColumn[] keys = new SortColumn[columns.Count];
        for (int index = 0; index < keys.Length; index++)
        {
            SortDirection direction = directions.Count == 0 ? default : directions[index];
            DataType type = ArrowTypes.FromArrow(columns[index].Data.DataType);
            keys[index] = new SortColumn(type, direction.Descending, !direction.NullsLast);
        }

        return RowSorter.Sort(new SortKeyEncoder(keys).Encode(columns, rowCount));
    }
}
