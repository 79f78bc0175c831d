using System.Collections.Concurrent;
using System.Globalization;
using System.Threading.Tasks;
using Polder.Delta;
using Polder.Expressions;

namespace Polder.Benchmarks.Jobs;

/// <summary>Opening tables of many files, and finding which of them a predicate needs.</summary>
internal static class LogJobs
{
    private const int FileCount = 2_000_000;
    private const int DryFileCount = 20_000;
    private const string Peer = "DuckDB, the same columns";

    private static readonly ConcurrentDictionary<string, Snapshot> Opened = [];
    private static readonly ConcurrentDictionary<string, DeltaTable> Followed = [];

    /// <summary>From nothing to the newest snapshot.</summary>
    public static Job Open { get; } = new(
        "log-open",
        "Opening a table of 2,000,000 files from one checkpoint: paths, partition values, sizes and row counts",
        Measure.Wall,
        [new Side("Polder", OpenAsync), new Side(Peer, OpenWithDuckAsync)],
        new Target(Peer, 1.3));

    /// <summary>Statistics read and parsed for the two columns that the predicate asks for.</summary>
    public static Job FirstPredicate { get; } = new(
        "log-predicate",
        "The first predicate on that table, two columns of statistics read from the checkpoint and parsed",
        Measure.Wall,
        [
            new Side("Polder", async inputs => await PruneAsync(await FreshAsync(inputs), 1000)),
            new Side(Peer, PruneWithDuckAsync),
        ],
        new Target(Peer, 1.5));

    /// <summary>The next predicates; there is no peer that keeps statistics.</summary>
    public static Job NextPredicate { get; } = new(
        "log-next-predicate",
        "Ten more predicates on the same two columns (2,000,000 files each)",
        Measure.Wall,
        [new Side("Polder", PruneAgainAsync)]);

    /// <summary>What following a table costs for every commit of others.</summary>
    public static Job Refresh { get; } = new(
        "log-refresh",
        "Ten refreshes of that table, each after one new commit of a file added and a file removed",
        Measure.Wall,
        [new Side("Polder", RefreshAsync)]);

    private static string Table(Inputs inputs) =>
        LogInputs.Prepare(inputs, inputs.IsDry ? DryFileCount : FileCount);

    private static async Task<string> OpenAsync(Inputs inputs)
    {
        Snapshot snapshot = await FreshAsync(inputs);
        return string.Create(
            CultureInfo.InvariantCulture, $"{snapshot.FileCount}/{snapshot.SizeBytes}/{snapshot.RowCount}");
    }

    private static async Task<Snapshot> FreshAsync(Inputs inputs) =>
        await (await DeltaTable.OpenAsync(Table(inputs))).SnapshotAsync();

    private static Task<string> OpenWithDuckAsync(Inputs inputs)
    {
        string answer = Duck.Execute($"""
            SELECT count(add.path), sum(add.size),
              sum(regexp_extract(add.stats, '"numRecords":([0-9]+)', 1)::BIGINT),
              bit_xor(hash(add.path)), max(add.modificationTime), count(DISTINCT add.partitionValues)
            FROM read_parquet('{LogInputs.Checkpoint(Table(inputs))}') WHERE add IS NOT NULL
            """);
        return Task.FromResult(string.Join('/', answer.Split('|')[..3]));
    }

    private static async Task<string> PruneAsync(Snapshot snapshot, long bound)
    {
        Expression predicate = ExpressionAnalyzer.AnalyzeCondition(
            string.Create(CultureInfo.InvariantCulture, $"n0 >= {bound}L AND n1 < {bound * 10}L"), snapshot.Schema);
        TableScan scan = snapshot.Scan().Where(predicate);
        await scan.OpenAsync(default);
        return string.Create(CultureInfo.InvariantCulture, $"{scan.CountKeptFiles()}");
    }

    private static Task<string> PruneWithDuckAsync(Inputs inputs)
    {
        string answer = Duck.Execute(
            "LOAD json",
            $"""
            SELECT count(*) FROM (
              SELECT (add.stats->'maxValues'->>'n0')::BIGINT AS high, (add.stats->'minValues'->>'n1')::BIGINT AS low
              FROM read_parquet('{LogInputs.Checkpoint(Table(inputs))}') WHERE add IS NOT NULL)
            WHERE high >= 1000 AND low < 10000
            """);
        return Task.FromResult(answer.TrimEnd('\n', '|'));
    }

    private static async Task<string> PruneAgainAsync(Inputs inputs)
    {
        if (!Opened.TryGetValue(Table(inputs), out Snapshot? snapshot))
        {
            snapshot = await FreshAsync(inputs);
            Opened[Table(inputs)] = snapshot;
        }

        string answer = "";
        for (int round = 1; round <= 10; round++)
        {
            answer += await PruneAsync(snapshot, 1000 * round) + "/";
        }

        return answer;
    }

    private static async Task<string> RefreshAsync(Inputs inputs)
    {
        if (!Followed.TryGetValue(Table(inputs), out DeltaTable? table))
        {
            table = await DeltaTable.OpenAsync(LogInputs.Copy(Table(inputs), inputs.Fresh("log-followed")));
            Followed[Table(inputs)] = table;
        }

        Snapshot snapshot = await table.SnapshotAsync();
        int first = snapshot.FileCount;
        for (int round = 0; round < 10; round++)
        {
            DataFile removed = snapshot.Files[(int)(snapshot.Version * 7919 % first)];
            LogInputs.Commit(table.Location, snapshot.Version + 1, removed.Path);
            snapshot = await table.SnapshotAsync();
        }

        return string.Create(CultureInfo.InvariantCulture, $"{snapshot.FileCount}");
    }
}
