using System.Collections.Generic;
using System.Linq;
using Apache.Arrow;
using Polder.Expressions;

namespace Polder.Execution.Pipelines;

/// <summary>Which columns of a batch somebody needs; others are not computed, gathered or kept. Immutable.</summary>
internal sealed class ColumnSet
{
    private readonly bool[] _needed;

    private ColumnSet(bool[] needed)
    {
        _needed = needed;
    }

    /// <summary>Number of columns, needed or not.</summary>
    public int ColumnCount => _needed.Length;

    /// <summary>Every column.</summary>
    public static ColumnSet All(int columnCount) => new([.. Enumerable.Repeat(true, columnCount)]);

    /// <summary>No column.</summary>
    public static ColumnSet None(int columnCount) => new(new bool[columnCount]);

    /// <summary>What stands for a column that nobody needs.</summary>
    public static IArrowArray Unneeded(int rowCount) => new NullArray(rowCount);

    public bool Contains(int column) => _needed[column];

    /// <summary>These and the columns that expressions refer to.</summary>
    public ColumnSet With(IEnumerable<Expression> expressions)
    {
        bool[] needed = [.. _needed];
        foreach (Expression expression in expressions)
        {
            Mark(expression, needed);
        }

        return new ColumnSet(needed);
    }

    /// <summary>A run of the columns.</summary>
    public ColumnSet Slice(int start, int count) => new(_needed[start..(start + count)]);

    /// <summary>The columns of either set.</summary>
    public ColumnSet Union(ColumnSet other) => new([.. _needed.Zip(other._needed, (first, second) => first || second)]);

    private static void Mark(Expression expression, bool[] needed)
    {
        if (expression is ColumnReference column)
        {
            needed[column.Index] = true;
        }

        foreach (Expression child in expression.Children)
        {
            Mark(child, needed);
        }
    }
}
