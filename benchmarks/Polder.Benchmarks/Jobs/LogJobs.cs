using System;
using System.Globalization;
using System.Threading.Tasks;
using Polder.Delta;

namespace Polder.Benchmarks.Jobs;

/// <summary>Opening tables of many files, and finding which of them a predicate needs.</summary>
internal static class LogJobs
{
    private const int FileCount = 2_000_000;
    private const int DryFileCount = 20_000;

    /// <summary>From nothing to the newest snapshot.</summary>
    public static Job Open { get; } = new(
        "log-open",
        "Opening a table of 2,000,000 files from one checkpoint: paths, partition values, sizes and row counts",
        Measure.Wall,
        [new Side("Polder", OpenAsync), new Side("DuckDB, the same columns", OpenWithDuckAsync)],
        new Target("DuckDB, the same columns", 1.3));

    private static string Table(Inputs inputs) =>
        LogInputs.Prepare(inputs, inputs.IsDry ? DryFileCount : FileCount);

    private static async Task<string> OpenAsync(Inputs inputs)
    {
        Snapshot snapshot = await (await DeltaTable.OpenAsync(Table(inputs))).SnapshotAsync();
        return string.Create(
            CultureInfo.InvariantCulture, $"{snapshot.FileCount}/{snapshot.SizeBytes}/{snapshot.RowCount}");
    }

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
}
