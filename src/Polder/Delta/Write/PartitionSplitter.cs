using System;
using System.Collections.Generic;
using System.Linq;
using Apache.Arrow;
using Polder.Columns;
using Polder.Columns.Kernels;
using Polder.Delta.Shapes;

namespace Polder.Delta.Write;

/// <summary>The rows of a batch that belong to one partition, without the partition columns.</summary>
internal sealed record PartitionRows(IReadOnlyList<string?> Values, RecordBatch Batch);

/// <summary>Splits batches by their partition columns.</summary>
internal sealed class PartitionSplitter
{
    private readonly List<(int Index, DataType Type)> _partitions;
    private readonly List<int> _dataColumns;
    private readonly Schema _dataSchema;

    /// <param name="schema">The table's schema, which batches have.</param>
    /// <param name="partitionColumns">In the order of the directories.</param>
    public PartitionSplitter(DataType schema, IReadOnlyList<string> partitionColumns)
    {
        _partitions = [.. partitionColumns
            .Select(schema.IndexOf)
            .Select(index => (index, schema.Fields[index].Type))];
        _dataColumns = [.. Enumerable.Range(0, schema.Fields.Count)
            .Where(index => !_partitions.Exists(partition => partition.Index == index))];
        DataSchema = DataType.Struct([.. _dataColumns.Select(index => schema.Fields[index])]);
        _dataSchema = ArrowTypes.ToSchema(DataSchema);
    }

    /// <summary>What data files hold.</summary>
    public DataType DataSchema { get; }

    /// <summary>The partitions of a batch, in the order of their first rows.</summary>
    public IEnumerable<PartitionRows> Split(RecordBatch batch)
    {
        if (_partitions.Count == 0)
        {
            return [new PartitionRows([], Project(batch))];
        }

        int[] groups = new int[batch.Length];
        List<int[]> codes = [.. _partitions.Select(partition => Encode(batch.Column(partition.Index), partition.Type))];
        Dictionary<GroupKey, int> groupByKey = [];
        for (int row = 0; row < groups.Length; row++)
        {
            GroupKey key = new(codes, row);
            if (!groupByKey.TryGetValue(key, out int group))
            {
                group = groupByKey.Count;
                groupByKey.Add(key, group);
            }

            groups[row] = group;
        }

        RecordBatch data = Project(batch);
        return groupByKey.Count == 1
            ? [new PartitionRows(Format(batch, 0), data)]
            : Gather(batch, data, groups, groupByKey.Count);
    }

    private IEnumerable<PartitionRows> Gather(RecordBatch batch, RecordBatch data, int[] groups, int groupCount)
    {
        int[] counts = new int[groupCount];
        foreach (int group in groups)
        {
            counts[group]++;
        }

        int[][] rows = [.. counts.Select(count => new int[count])];
        System.Array.Clear(counts);
        for (int row = 0; row < groups.Length; row++)
        {
            rows[groups[row]][counts[groups[row]]++] = row;
        }

        return rows.Select(chosen => new PartitionRows(
            Format(batch, chosen[0]), Take.Rows(data, chosen.AsSpan())));
    }

    private RecordBatch Project(RecordBatch batch) => _dataColumns.Count == batch.ColumnCount
        ? batch
        : new RecordBatch(_dataSchema, _dataColumns.Select(batch.Column), batch.Length);

    private List<string?> Format(RecordBatch batch, int row) => [.. _partitions.Select(partition =>
        PartitionText.Format(
            ColumnValues.Get(batch.Column(partition.Index), row, partition.Type), partition.Type))];

    /// <summary>A small number per row, alike where the values are; 0 is null.</summary>
    private static int[] Encode(IArrowArray column, DataType type)
    {
        int[] codes = new int[column.Length];
        Validity validity = Validity.Of(column);
        if (column.Data.DataType is Apache.Arrow.Types.Int32Type or Apache.Arrow.Types.Date32Type)
        {
            ReadOnlySpan<int> values = ColumnValues.Fixed<int>(column);
            Dictionary<int, int> codeByNumber = [];
            for (int row = 0; row < codes.Length; row++)
            {
                if (validity.IsValid(row) && !codeByNumber.TryGetValue(values[row], out codes[row]))
                {
                    codes[row] = codeByNumber.Count + 1;
                    codeByNumber.Add(values[row], codes[row]);
                }
            }

            return codes;
        }

        // Text decides, not the value: what the log spells alike is one partition ('' and null are).
        Dictionary<string, int> codeByText = [];
        for (int row = 0; row < codes.Length; row++)
        {
            string? text = PartitionText.Format(ColumnValues.Get(column, row, type), type);
            if (text is not null && !codeByText.TryGetValue(text, out codes[row]))
            {
                codes[row] = codeByText.Count + 1;
                codeByText.Add(text, codes[row]);
            }
        }

        return codes;
    }

    private readonly struct GroupKey(List<int[]> codes, int row) : IEquatable<GroupKey>
    {
        private readonly List<int[]> _codes = codes;
        private readonly int _row = row;

        public bool Equals(GroupKey other)
        {
            foreach (int[] column in _codes)
            {
                if (column[_row] != column[other._row])
                {
                    return false;
                }
            }

            return true;
        }

        public override bool Equals(object? obj) => obj is GroupKey other && Equals(other);

        public override int GetHashCode()
        {
            HashCode hash = default;
            foreach (int[] column in _codes)
            {
                hash.Add(column[_row]);
            }

            return hash.ToHashCode();
        }
    }
}
