using System;
using System.Globalization;
using System.Linq;
using System.Threading.Tasks;
using Polder.Delta;
using Polder.Delta.Actions;
using Polder.Delta.Checkpoints;
using Polder.Delta.Log;
using Polder.Files;
using Polder.Parquet;
using Polder.Storage.Memory;
using Polder.Tests.Storage;
using Xunit;

namespace Polder.Tests.Delta;

/// <summary>What snapshots of many files hold, and what they share.</summary>
[CollectionDefinition(nameof(SnapshotSizeTests), DisableParallelization = true)]
[Collection(nameof(SnapshotSizeTests))]
public sealed class SnapshotSizeTests
{
    private const int FileCount = 100_000;
    private const int MostBytesBesidesPath = 80;

    private readonly MemoryStore _store = new();
    private readonly Engine _engine = new(new EngineOptions { Limits = new Limits { StatisticsMemory = 0 } });

    [Fact]
    public async Task A_file_takes_its_path_and_at_most_80_bytes_and_a_shared_folder_once()
    {
        await FillAsync();
        Snapshot first = await OpenAsync(); // What the first use of anything allocates is not the snapshot's.
        long before = GC.GetTotalMemory(forceFullCollection: true);
        Snapshot snapshot = await OpenAsync();
        long bytes = GC.GetTotalMemory(forceFullCollection: true) - before;
        long names = Enumerable.Range(0, FileCount).Sum(file => (long)NameOf(file).Length);
        GC.KeepAlive((first, snapshot));
        TestContext.Current.TestOutputHelper?.WriteLine(
            $"{bytes} bytes, {(double)(bytes - names) / FileCount:F1} a file besides its name");
        Assert.InRange(bytes, FileCount * 20L, names + (FileCount * MostBytesBesidesPath));
    }

    [Fact]
    public async Task Refreshing_copies_nothing_of_what_stays()
    {
        await FillAsync();
        DeltaTable table = await DeltaTable.OpenAsync(_store, _engine);
        Snapshot first = await table.SnapshotAsync();
        await RefreshAsync(table, 1);
        long before = GC.GetAllocatedBytesForCurrentThread();
        Snapshot last = first;
        for (int version = 2; version < 22; version++)
        {
            last = await RefreshAsync(table, version);
        }

        long bytes = (GC.GetAllocatedBytesForCurrentThread() - before) / 20;
        TestContext.Current.TestOutputHelper?.WriteLine($"{bytes} bytes a refresh");
        Assert.InRange(bytes, 1, 200_000);
        Assert.Equal((FileCount, FileCount), (first.FileCount, last.FileCount));
        Assert.Same(first.State.Files.Chunks[0].Table, last.State.Files.Chunks[0].Table);
        Assert.Equal(FileCount - 21, last.State.Files.Chunks[0].Count);
        Assert.InRange(last.State.Files.Chunks.Count, 2, 8);
    }

    [Fact]
    public async Task Predicates_read_no_statistics_again_after_a_refresh()
    {
        await FillAsync();
        TracingStore traced = new(_store);
        DeltaTable table = await DeltaTable.OpenAsync(traced, _engine);
        await (await table.SnapshotAsync()).Scan().Where($"id = {5}").ListFilesAsync();
        Snapshot next = await RefreshAsync(table, 1);
        traced.Trace.Clear();
        TableScan scan = next.Scan().Where($"id = {500}");
        await scan.ListFilesAsync();
        Assert.Empty(traced.Trace);
        Assert.Equal(1, scan.CountKeptFiles());
    }

    private async Task<Snapshot> RefreshAsync(DeltaTable table, int version)
    {
        await LogFiles.PutAsync(
            _store, version, LogFiles.Remove(PathOf(version * 7)), LogFiles.Add($"new{version}") with
            {
                Stats = "{\"numRecords\":1,\"minValues\":{\"id\":-5},\"maxValues\":{\"id\":-5}}",
            });
        return await table.SnapshotAsync();
    }

    private async Task<Snapshot> OpenAsync() => await (await DeltaTable.OpenAsync(_store, _engine)).SnapshotAsync();

    private async Task FillAsync()
    {
        ParquetFileWriter writer = await ParquetFileWriter.CreateAsync(
            Engine.Default, _store, LogPath.ForCheckpoint(0), CheckpointSchema.Type, ParquetWriteOptions.Default,
            default);
        await using (writer)
        {
            CheckpointRowBuilder rows = new();
            rows.Append(LogFiles.Protocol);
            rows.Append(LogFiles.Metadata);
            for (int file = 0; file < FileCount; file++)
            {
                rows.Append(LogFiles.Add(PathOf(file)) with
                {
                    Stats = string.Create(
                        CultureInfo.InvariantCulture,
                        $"{{\"numRecords\":1,\"minValues\":{{\"id\":{file}}},\"maxValues\":{{\"id\":{file}}}}}"),
                });
                if (rows.RowCount == 8192)
                {
                    await writer.WriteAsync(rows.Build(), default);
                }
            }

            await writer.WriteAsync(rows.Build(), default);
            await writer.CompleteAsync(default);
        }

        await LogFiles.PutAsync(_store, 0, new CommitInfo { Operation = "WRITE" });
    }

    private static string PathOf(int file) =>
        string.Create(CultureInfo.InvariantCulture, $"day=2020-01-{1 + (file / 5000):D2}/{NameOf(file)}");

    private static string NameOf(int file) => string.Create(
        CultureInfo.InvariantCulture, $"part-{file:D5}-5fba94ed-9794-4965-ba6e-{file * 7919:D12}.c000.snappy.parquet");
}
