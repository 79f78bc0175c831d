using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading.Tasks;
using Polder.Delta;
using Polder.Expressions;
using Polder.Storage.Memory;
using Xunit;

namespace Polder.Tests.Delta;

/// <summary>Statistics that are too large for memory: left in the checkpoint, read on first use.</summary>
public sealed class StoredStatisticsTests
{
    private readonly MemoryStore _store = new();
    private readonly Engine _small = new(new EngineOptions { Limits = new Limits { StatisticsMemory = 0 } });

    [Fact]
    public async Task Statistics_left_in_the_checkpoint_prune_as_those_in_memory()
    {
        await FillAsync(loads: 13);
        Snapshot inMemory = await (await DeltaTable.OpenAsync(_store)).SnapshotAsync();
        Snapshot stored = await (await DeltaTable.OpenAsync(_store, _small)).SnapshotAsync();
        Assert.Equal(inMemory.RowCount, stored.RowCount);
        foreach (FormattableString text in new FormattableString[]
            { $"id < 25", $"id >= 100 AND s = 's112'", $"s > 's9'", $"id = 1000", $"id IS NULL" })
        {
            Expression predicate = ExpressionAnalyzer.AnalyzeCondition(
                FormattableString.Invariant(text), stored.Schema);
            TableScan fast = inMemory.Scan().Where(predicate), slow = stored.Scan().Where(predicate);
            string[] expected = [.. fast.ListFiles().Select(file => file.SkippedBy + file.File.Path)];

            Assert.Equal(expected, (await slow.ListFilesAsync()).Select(file => file.SkippedBy + file.File.Path));
            Assert.Equal(await RowLines.ReadAsync(fast), await RowLines.ReadAsync(slow));
        }
    }

    [Fact]
    public async Task Explanation_says_when_statistics_have_not_been_looked_at()
    {
        await FillAsync(loads: 11);
        DeltaTable table = await DeltaTable.OpenAsync(_store, _small);
        TableScan scan = (await table.SnapshotAsync()).Scan().Where($"id = {11}");

        string before = scan.Explain();
        await RowLines.ReadAsync(scan);

        Assert.Contains("11 of 11 files before statistics are looked at", before, StringComparison.Ordinal);
        Assert.StartsWith("1 of 11 files; 10 skipped: statistics(id)", scan.Explain(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Next_checkpoint_has_the_statistics_that_the_last_one_had()
    {
        await FillAsync(loads: 15);
        DeltaTable small = await DeltaTable.OpenAsync(_store, _small);
        for (int load = 15; load < 22; load++)
        {
            await small.AppendAsync(TestRows.Numbered(10 * load, 3));
        }

        Assert.True(await _store.HeadAsync(new("_delta_log/00000000000000000020.checkpoint.parquet")) is not null);
        Snapshot snapshot = await (await DeltaTable.OpenAsync(_store)).SnapshotAsync();
        IReadOnlyList<ScannedFile> files = snapshot.Scan().Where($"id = {1}").ListFiles();

        Assert.Equal(22, files.Count);
        Assert.Single(files, file => file.SkippedBy is null);
        Assert.Equal(66, snapshot.RowCount);
    }

    private async Task FillAsync(int loads)
    {
        DeltaTable table = await DeltaTable.CreateAsync(_store, LogFiles.Schema);
        for (int load = 0; load < loads; load++)
        {
            await table.AppendAsync(TestRows.Numbered(10 * load, 3));
        }
    }
}
