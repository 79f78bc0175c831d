using System;
using System.Collections.Generic;
using Apache.Arrow;
using Polder.Columns;

namespace Polder.Execution.Aggregates;

/// <summary>count(*) and count(x, …): rows whose arguments are all non-null.</summary>
internal sealed class CountAccumulator : Accumulator
{
    private long[] _counts = [];

    public override long SizeBytes => sizeof(long) * (long)_counts.Length;

    public override void Resize(int groupCount)
    {
        if (groupCount > _counts.Length)
        {
            System.Array.Resize(ref _counts, int.Max(groupCount, groupCount < 16 ? groupCount : 2 * _counts.Length));
        }
    }

    public override void Add(IReadOnlyList<IArrowArray> arguments, RowGroups groups)
    {
        bool hasNulls = false;
        foreach (IArrowArray argument in arguments)
        {
            hasNulls |= Validity.Of(argument).HasNulls;
        }

        if (hasNulls)
        {
            AddValid(arguments, groups);
        }
        else if (groups.IsSingle)
        {
            _counts[0] += groups.RowCount;
        }
        else
        {
            long[] counts = _counts;
            foreach (int group in groups.Ids)
            {
                counts[group]++;
            }
        }
    }

    public override void Merge(Accumulator other, ReadOnlySpan<int> groups)
    {
        long[] others = ((CountAccumulator)other)._counts;
        for (int group = 0; group < groups.Length; group++)
        {
            _counts[groups[group]] += others[group];
        }
    }

    public override IArrowArray Build(int start, int count)
    {
        FixedBuilder<long> builder = (FixedBuilder<long>)ColumnBuilder.Create(DataType.Long, count);
        builder.Append(_counts.AsSpan(start, count));
        return builder.Build();
    }

    private void AddValid(IReadOnlyList<IArrowArray> arguments, RowGroups groups)
    {
        if (arguments.Count == 1 && groups.IsSingle)
        {
            _counts[0] += groups.RowCount - Validity.Of(arguments[0]).NullCount;
            return;
        }

        Span<bool> isNull = new bool[groups.RowCount];
        foreach (IArrowArray argument in arguments)
        {
            Validity validity = Validity.Of(argument);
            for (int row = 0; validity.HasNulls && row < isNull.Length; row++)
            {
                isNull[row] |= validity.IsNull(row);
            }
        }

        for (int row = 0; row < isNull.Length; row++)
        {
            _counts[groups.IsSingle ? 0 : groups.Ids[row]] += isNull[row] ? 0 : 1;
        }
    }
}
