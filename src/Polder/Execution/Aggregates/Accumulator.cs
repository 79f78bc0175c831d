using System;
using System.Collections.Generic;
using Apache.Arrow;

namespace Polder.Execution.Aggregates;

/// <summary>The groups of the rows of a batch: an id per row, or one group for all rows.</summary>
internal readonly ref struct RowGroups
{
    private RowGroups(ReadOnlySpan<int> ids, int rowCount)
    {
        Ids = ids;
        RowCount = rowCount;
    }

    /// <summary>Number of rows.</summary>
    public int RowCount { get; }

    /// <summary>The group of each row; empty where every row is of group 0.</summary>
    public ReadOnlySpan<int> Ids { get; }

    /// <summary>Whether every row is of group 0.</summary>
    public bool IsSingle => Ids.Length < RowCount;

    public static RowGroups Single(int rowCount) => new([], rowCount);

    public static RowGroups Of(ReadOnlySpan<int> ids) => new(ids, ids.Length);
}

/// <summary>The state of one aggregate for every group, by dense group id.</summary>
internal abstract class Accumulator
{
    /// <summary>Bytes held.</summary>
    public abstract long SizeBytes { get; }

    /// <summary>Makes room for the groups from 0 up; new ones start empty.</summary>
    public abstract void Resize(int groupCount);

    /// <summary>Adds rows in order.</summary>
    /// <param name="arguments">One array per argument, a row each.</param>
    /// <param name="groups">The group of each row.</param>
    public abstract void Add(IReadOnlyList<IArrowArray> arguments, RowGroups groups);

    /// <summary>Adds what another instance for the same call holds.</summary>
    /// <param name="other">What came later in the order of rows.</param>
    /// <param name="groups">For each group of the other the group here.</param>
    public abstract void Merge(Accumulator other, ReadOnlySpan<int> groups);

    /// <summary>Called once after all rows, before <see cref="Build"/>.</summary>
    public virtual void Complete()
    {
    }

    /// <summary>The results of a run of groups. Changes nothing, so that many may call it at once.</summary>
    public abstract IArrowArray Build(int start, int count);
}
