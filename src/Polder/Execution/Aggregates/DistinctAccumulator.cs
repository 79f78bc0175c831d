using System;
using System.Collections.Generic;
using System.Linq;
using Apache.Arrow;
using Polder.Columns;
using Polder.Columns.Kernels;
using Polder.Execution.Keys;
using Polder.Execution.Pipelines;

namespace Polder.Execution.Aggregates;

/// <summary>
/// An aggregate over distinct arguments: collects the distinct pairs of group and arguments, and gives them to the
/// plain aggregate at the end, in the order of first appearance. Rows with a null argument do not count.
/// </summary>
internal sealed class DistinctAccumulator(IReadOnlyList<DataType> argumentTypes, Accumulator plain) : Accumulator
{
    private readonly KeyTable _pairs = new([DataType.Integer, .. argumentTypes]);
    private int _groupCount;

    public override long SizeBytes => _pairs.SizeBytes + plain.SizeBytes;

    public override void Resize(int groupCount) => _groupCount = int.Max(_groupCount, groupCount);

    public override void Add(IReadOnlyList<IArrowArray> arguments, RowGroups groups)
    {
        int[] rows = NonNullRows(arguments, groups.RowCount);
        int[] ids = new int[rows.Length];
        for (int index = 0; index < rows.Length && !groups.IsSingle; index++)
        {
            ids[index] = groups.Ids[rows[index]];
        }

        IEnumerable<IArrowArray> values = rows.Length == groups.RowCount
            ? arguments
            : arguments.Select(argument => Take.Rows(argument, rows));
        AddPairs(ids, [.. values]);
    }

    public override void Merge(Accumulator other, ReadOnlySpan<int> groups)
    {
        KeyTable others = ((DistinctAccumulator)other)._pairs;
        for (int start = 0; start < others.Count; start += Chunk.MaxRows)
        {
            IArrowArray[] pairs = others.Build(start, int.Min(Chunk.MaxRows, others.Count - start));
            int[] ids = ColumnValues.Fixed<int>(pairs[0]).ToArray();
            for (int index = 0; index < ids.Length; index++)
            {
                ids[index] = groups[ids[index]];
            }

            AddPairs(ids, pairs[1..]);
        }
    }

    public override void Complete()
    {
        plain.Resize(_groupCount);
        for (int start = 0; start < _pairs.Count; start += Chunk.MaxRows)
        {
            IArrowArray[] pairs = _pairs.Build(start, int.Min(Chunk.MaxRows, _pairs.Count - start));
            plain.Add(pairs[1..], RowGroups.Of(ColumnValues.Fixed<int>(pairs[0])));
        }

        plain.Complete();
    }

    public override IArrowArray Build(int start, int count) => plain.Build(start, count);

    private void AddPairs(int[] ids, IArrowArray[] values)
    {
        FixedBuilder<int> groups = (FixedBuilder<int>)ColumnBuilder.Create(DataType.Integer, ids.Length);
        groups.Append(ids);
        _pairs.FindOrAdd([groups.Build(), .. values], new int[ids.Length]);
    }

    private static int[] NonNullRows(IReadOnlyList<IArrowArray> arguments, int rowCount)
    {
        int[] rows = new int[rowCount];
        int count = 0;
        for (int row = 0; row < rowCount; row++)
        {
            bool isNull = false;
            foreach (IArrowArray argument in arguments)
            {
                isNull |= Validity.Of(argument).IsNull(row);
            }

            rows[count] = row;
            count += isNull ? 0 : 1;
        }

        return rows[..count];
    }
}
