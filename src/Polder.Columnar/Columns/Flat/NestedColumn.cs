using System;
using Apache.Arrow;
using Polder.Bytes;

namespace Polder.Columns.Flat;

/// <summary>
/// A list array of any depth seen as what it is in memory: one buffer of leaves and, for each level of lists, the
/// places where they end. It holds the array's buffers and copies nothing (but booleans, and what lies below null lists
/// that cover items). Made by <see cref="Nested"/>, which checks every offset once; reads after that only look up. Safe
/// for many threads, valid while the array is not disposed.
/// </summary>
/// <typeparam name="T">The type of the leaves.</typeparam>
/// <remarks>
/// Invariants: (1) there is at least one level; (2) the offsets of a level ascend and end within the level below;
/// (3) a null list has no items, so that the leaves of its parent are exactly those of its siblings.
/// </remarks>
public sealed class NestedColumn<T>
    where T : unmanaged
{
    private readonly ReadOnlyMemory<byte> _leaves;

    internal NestedColumn(IArrowArray array, NestedLayout layout)
    {
        Array = array;
        Levels = layout.Levels;
        LeafRows = layout.LeafRows;
        _leaves = layout.Leaves;
    }

    /// <summary>The array that is viewed.</summary>
    public IArrowArray Array { get; }

    /// <summary>Number of rows.</summary>
    public int Count => Levels[0].Count;

    /// <summary>
    /// Levels of lists, the rows themselves included; 3 for the bytes of <c>list&lt;list&lt;string&gt;&gt;</c>.
    /// </summary>
    public int Depth => Levels.Length;

    /// <summary>Whether any leaf may be null (see <see cref="NestedView{T}.IsNullLeaf"/>).</summary>
    public bool HasNullLeaves => LeafRows.HasNulls;

    /// <summary>All rows as one view: its items are the rows.</summary>
    public NestedView<T> Rows => new(this, ByteCast.As<T>(_leaves.Span), 0, 0, Count, false);

    /// <summary>The leaves of all rows as one span.</summary>
    public ReadOnlySpan<T> Leaves => Rows.Leaves;

    internal NestedLevel[] Levels { get; }

    internal RowBits LeafRows { get; }

    /// <summary>One row.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There are not so many rows.</exception>
    public NestedView<T> this[int row] => Rows[row];

    /// <summary>Goes through the rows without allocating.</summary>
    public NestedView<T>.Enumerator GetEnumerator() => Rows.GetEnumerator();
}
