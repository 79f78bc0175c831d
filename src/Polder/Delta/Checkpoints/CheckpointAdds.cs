using System;
using System.Linq;
using Apache.Arrow;
using Apache.Arrow.Types;
using Polder.Columns;
using Polder.Delta.Actions;
using Polder.Delta.Snapshots;

namespace Polder.Delta.Checkpoints;

/// <summary>
/// The adds of a batch of a checkpoint, from columns to columns: what every file has is copied as bytes, and only what
/// few have (deletion vectors, tags, row ids) goes through objects.
/// </summary>
internal sealed class CheckpointAdds
{
    private static readonly string[] RareFields =
        ["deletionVector", "tags", "baseRowId", "defaultRowCommitVersion", "clusteringProvider"];

    private readonly ActionColumn _adds;
    private readonly ActionColumn? _parsedStatistics;
    private readonly TextColumn _paths;
    private readonly TextColumn? _stats;
    private readonly TextColumn? _partitionKeys;
    private readonly TextColumn? _partitionTexts;
    private readonly int[] _partitionOffsets = [];
    private readonly bool _hasRare;

    private CheckpointAdds(ActionColumn adds)
    {
        _adds = adds;
        _paths = new TextColumn(adds["path"] ?? throw new MissingFieldException("the column add.path is missing"));
        _stats = adds["stats"] is ActionColumn stats ? new TextColumn(stats) : null;
        _parsedStatistics = adds["stats_parsed"];
        _hasRare = RareFields.Any(name => adds[name] is ActionColumn column &&
            column.Array.NullCount < column.Array.Length);
        if (adds["partitionValues"] is ActionColumn partitionValues)
        {
            _partitionOffsets = ColumnValues.Offsets(partitionValues.Array).ToArray();
            (ActionColumn keys, ActionColumn texts) = partitionValues.Pairs();
            (_partitionKeys, _partitionTexts) = (new TextColumn(keys), new TextColumn(texts));
        }
    }

    /// <summary>Applies the adds of a batch to a replay.</summary>
    /// <exception cref="CorruptLogException">A required field is null, or a column has another type.</exception>
    /// <param name="batch">The batch.</param>
    /// <param name="replay">The replay.</param>
    /// <param name="firstRow">Its first row's position in the file where statistics are left there, else null.</param>
    /// <param name="path">The file.</param>
    public static void Apply(RecordBatch batch, LogReplay replay, long? firstRow, string path)
    {
        if (ActionColumn.Find(batch, "add") is not ActionColumn adds || adds.Array.NullCount == batch.Length)
        {
            return;
        }

        CheckpointRows.Guard(path, () => new CheckpointAdds(adds).Apply(batch.Length, replay, firstRow));
    }

    private void Apply(int rowCount, LogReplay replay, long? firstRow)
    {
        Validity validity = Validity.Of(_adds.Array);
        long[] sizes = Numbers("size"), times = Numbers("modificationTime");
        for (int row = 0; row < rowCount; row++)
        {
            if (validity.IsNull(row))
            {
                continue;
            }

            if (_paths.IsNull(row) || sizes.Length == 0 || sizes[row] < 0)
            {
                throw new MissingFieldException(
                    $"the required field {(_paths.IsNull(row) ? "add.path" : "add.size")} is null");
            }

            AddFile? rare = _hasRare ? CheckpointRows.DecodeRare(_adds, row) : null;
            if (replay.TryClaim(_paths[row]))
            {
                FileTable files = replay.Adds;
                ReadOnlySpan<byte> stats = _stats is null ? default : _stats[row];
                if (stats.IsEmpty && ParsedStatistics.Format(_parsedStatistics, row) is string parsed)
                {
                    stats = System.Text.Encoding.UTF8.GetBytes(parsed);
                }

                files.Append(
                    _paths[row],
                    stats,
                    sizes[row],
                    times.Length == 0 ? 0 : long.Max(times[row], 0),
                    firstRow is long first ? first + row : null);
                AppendPartitionValues(files, row);
                if (rare is not null)
                {
                    files.Complete(rare);
                }
            }
        }
    }

    private void AppendPartitionValues(FileTable files, int row)
    {
        if (_partitionKeys is null)
        {
            return;
        }

        for (int pair = _partitionOffsets[row]; pair < _partitionOffsets[row + 1]; pair++)
        {
            files.SetPartitionValue(_partitionKeys[pair], _partitionTexts![pair], _partitionTexts.IsNull(pair));
        }
    }

    /// <summary>The numbers of a column, -1 for null; none where the column is missing.</summary>
    private long[] Numbers(string name)
    {
        if (_adds[name] is not ActionColumn column)
        {
            return [];
        }

        if (column.Array.Data.DataType is Int64Type && column.Array.NullCount == 0)
        {
            return ColumnValues.Fixed<long>(column.Array).ToArray();
        }

        long[] numbers = new long[column.Array.Length];
        for (int row = 0; row < numbers.Length; row++)
        {
            numbers[row] = _adds.Long(name, row) ?? -1;
        }

        return numbers;
    }

    /// <summary>A column of text as bytes.</summary>
    private sealed class TextColumn(ActionColumn column)
    {
        private readonly int[] _offsets = ColumnValues.Offsets(column.Array).ToArray();
        private readonly ReadOnlyMemory<byte> _bytes = column.Array.Data.Buffers[2].Memory;

        /// <summary>The text; empty for null.</summary>
        public ReadOnlySpan<byte> this[int row] => _bytes.Span[_offsets[row].._offsets[row + 1]];

        public bool IsNull(int row) => column.Array.NullCount > 0 && column.IsNull(row);
    }
}
