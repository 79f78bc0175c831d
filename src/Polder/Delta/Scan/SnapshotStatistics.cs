using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Polder.Delta.Snapshots;

namespace Polder.Delta.Scan;

/// <summary>
/// The statistics of a snapshot's files, column by column: typed on first use by a predicate, then kept with the files,
/// for every version that has them. Thread-safe.
/// </summary>
internal sealed class SnapshotStatistics(Snapshot snapshot)
{
    /// <summary>What is known of a column of some files; null where it was not loaded.</summary>
    public static StatisticsColumn? Find(FileTable files, ScanColumn column) =>
        files.Statistics.GetValueOrDefault(column.Key);

    /// <summary>
    /// Types the columns where all statistics are in memory. False where some lie in the checkpoint and were not
    /// <see cref="LoadAsync">loaded</see>.
    /// </summary>
    public bool TryLoad(IEnumerable<ScanColumn> columns)
    {
        List<ScanColumn> wanted = [.. columns.Where(column => !column.IsPartition).Distinct()];
        bool isComplete = true;
        foreach (FileChunk chunk in snapshot.State.Files.Chunks)
        {
            List<ScanColumn> missing = FindMissing(chunk.Table, wanted);
            if (missing.Count > 0 && chunk.Table.StatisticsParts.Count == 0)
            {
                Loading loading = new(chunk.Table, missing);
                loading.ParseMemory();
                loading.Keep();
            }
            else
            {
                isComplete &= missing.Count == 0;
            }
        }

        return isComplete;
    }

    /// <summary>Types the columns, reading the checkpoint again where their statistics lie there.</summary>
    public async ValueTask LoadAsync(IEnumerable<ScanColumn> columns, CancellationToken cancellationToken)
    {
        List<ScanColumn> wanted = [.. columns.Where(column => !column.IsPartition).Distinct()];
        if (TryLoad(wanted))
        {
            return;
        }

        foreach (FileChunk chunk in snapshot.State.Files.Chunks)
        {
            List<ScanColumn> missing = FindMissing(chunk.Table, wanted);
            if (missing.Count == 0)
            {
                continue;
            }

            Loading loading = new(chunk.Table, missing);
            await foreach ((int row, ReadOnlyMemory<byte> json) in StoredStatistics
                .ReadAsync(snapshot.Engine, snapshot.Locator.Store, chunk.Table, cancellationToken)
                .ConfigureAwait(false))
            {
                loading.Parse(row, json.Span);
            }

            loading.ParseMemory();
            loading.Keep();
        }
    }

    private static List<ScanColumn> FindMissing(FileTable files, IEnumerable<ScanColumn> wanted) =>
        [.. wanted.Where(column => !files.Statistics.ContainsKey(column.Key))];

    /// <summary>Some columns of some files, being typed.</summary>
    private sealed class Loading
    {
        private readonly FileTable _files;
        private readonly List<(ScanColumn Column, StatisticsColumn Statistics)> _columns;
        private readonly StatisticsParser _parser;

        public Loading(FileTable files, IEnumerable<ScanColumn> columns)
        {
            _files = files;
            _columns = [.. columns.Select(column => (column, new StatisticsColumn(column.Type, files.Count)))];
            _parser = new StatisticsParser(_columns.Select(pair => (pair.Column.Names, pair.Statistics)));
        }

        public void Parse(int row, ReadOnlySpan<byte> json) =>
            _parser.Parse(row, json, _files.GetPhysicalRowCount(row));

        public void ParseMemory()
        {
            for (int row = 0; row < _files.Count; row++)
            {
                Parse(row, _files.GetStats(row));
            }
        }

        public void Keep()
        {
            foreach ((ScanColumn column, StatisticsColumn statistics) in _columns)
            {
                statistics.Seal(_files);
                _files.Statistics.TryAdd(column.Key, statistics);
            }
        }
    }
}
