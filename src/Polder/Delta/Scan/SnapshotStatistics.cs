using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Polder.Delta.Snapshots;

namespace Polder.Delta.Scan;

/// <summary>
/// The statistics of a snapshot's files, column by column: typed on first use by a predicate, then kept as long as the
/// snapshot. Thread-safe.
/// </summary>
internal sealed class SnapshotStatistics(Snapshot snapshot)
{
    private readonly ConcurrentDictionary<string, StatisticsColumn> _columns = [];
    private readonly FileTable _files = snapshot.State.Files;

    /// <summary>What is known of a column; null where it was not loaded.</summary>
    public StatisticsColumn? Find(ScanColumn column) => _columns.GetValueOrDefault(Key(column));

    /// <summary>
    /// Types the columns where all statistics are in memory. False where some lie in the checkpoint and were not
    /// <see cref="LoadAsync">loaded</see>.
    /// </summary>
    public bool TryLoad(IEnumerable<ScanColumn> columns)
    {
        List<ScanColumn> missing = Missing(columns);
        if (missing.Count > 0 && _files.StatisticsParts.Count == 0)
        {
            Dictionary<ScanColumn, StatisticsColumn> loaded = Begin(missing);
            ParseMemory(Parser(loaded));
            Keep(loaded);
            missing = [];
        }

        return missing.Count == 0;
    }

    /// <summary>Types the columns, reading the checkpoint again where their statistics lie there.</summary>
    public async ValueTask LoadAsync(IEnumerable<ScanColumn> columns, CancellationToken cancellationToken)
    {
        List<ScanColumn> wanted = [.. columns];
        if (TryLoad(wanted))
        {
            return;
        }

        Dictionary<ScanColumn, StatisticsColumn> loaded = Begin(Missing(wanted));
        StatisticsParser parser = Parser(loaded);
        await foreach ((int file, System.ReadOnlyMemory<byte> json) in StoredStatistics
            .ReadAsync(snapshot.Engine, snapshot.Locator.Store, _files, cancellationToken).ConfigureAwait(false))
        {
            parser.Parse(file, json.Span, _files.GetPhysicalRowCount(file));
        }

        ParseMemory(parser);
        Keep(loaded);
    }

    private void ParseMemory(StatisticsParser parser)
    {
        for (int file = 0; file < _files.Count; file++)
        {
            parser.Parse(file, _files.GetStats(file), _files.GetPhysicalRowCount(file));
        }
    }

    private List<ScanColumn> Missing(IEnumerable<ScanColumn> columns) =>
        [.. columns.Where(column => !column.IsPartition && !_columns.ContainsKey(Key(column))).Distinct()];

    private Dictionary<ScanColumn, StatisticsColumn> Begin(IEnumerable<ScanColumn> columns) =>
        columns.ToDictionary(column => column, column => new StatisticsColumn(column.Type, _files.Count));

    private static StatisticsParser Parser(Dictionary<ScanColumn, StatisticsColumn> loaded) =>
        new(loaded.Select(pair => (pair.Key.Names, pair.Value)));

    private void Keep(Dictionary<ScanColumn, StatisticsColumn> loaded)
    {
        foreach ((ScanColumn column, StatisticsColumn statistics) in loaded)
        {
            _columns.TryAdd(Key(column), statistics);
        }
    }

    private static string Key(ScanColumn column) => $"{column.Type}\0{string.Join('\0', column.Names)}";
}
