using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading.Tasks;
using Polder.Delta;
using Polder.Delta.Actions;
using Polder.Storage;
using Polder.Storage.Memory;
using Xunit;

namespace Polder.Tests.Delta;

/// <summary>Two writers at once, and stores whose answers get lost.</summary>
public sealed class ConcurrencyTests
{
    private readonly MemoryStore _inner = new();
    private readonly FaultyStore _store;

    public ConcurrencyTests()
    {
        _store = new FaultyStore(_inner);
    }

    [Fact]
    public async Task Appends_that_race_both_land()
    {
        (DeltaTable ours, DeltaTable rival) = await OpenTwiceAsync();
        _store.BeforeCommit = () => rival.AppendAsync(TestRows.Numbered(10, 2));

        CommitResult result = await ours.AppendAsync(TestRows.Numbered(20, 3));

        Assert.Equal((3L, 2), (result.Version, result.Attempts));
        Assert.Equal(6, (await ours.SnapshotAsync()).RowCount);
    }

    [Fact]
    public async Task Append_lands_on_top_of_an_overwrite()
    {
        (DeltaTable ours, DeltaTable rival) = await OpenTwiceAsync();
        _store.BeforeCommit = () => rival.OverwriteAsync(TestRows.Numbered(10, 2));

        await ours.AppendAsync(TestRows.Numbered(20, 3));

        Assert.Equal(5, (await ours.SnapshotAsync()).RowCount);
    }

    [Fact]
    public async Task Overwrite_conflicts_with_an_append_and_leaves_nothing_behind()
    {
        (DeltaTable ours, DeltaTable rival) = await OpenTwiceAsync();
        _store.BeforeCommit = () => rival.AppendAsync(TestRows.Numbered(10, 2));

        ConcurrentAppendException error = await Assert.ThrowsAsync<ConcurrentAppendException>(
            () => ours.OverwriteAsync(TestRows.Numbered(20, 3)));

        Assert.Equal(2, error.Version);
        Assert.Equal(3, (await ours.SnapshotAsync()).RowCount);
        Assert.Equal(2, await CountDataFilesAsync());
    }

    [Fact]
    public async Task Overwrite_conflicts_with_a_pure_removal()
    {
        (DeltaTable ours, DeltaTable rival) = await OpenTwiceAsync();
        _store.BeforeCommit = () => rival.OverwriteAsync(TestRows.Stream());

        await Assert.ThrowsAsync<ConcurrentDeleteReadException>(() => ours.OverwriteAsync(TestRows.Numbered(20, 3)));
    }

    [Fact]
    public async Task Changed_metadata_protocol_and_repeated_loads_conflict_with_an_append()
    {
        (DeltaTable ours, DeltaTable rival) = await OpenTwiceAsync();
        TableMetadata metadata = (await ours.SnapshotAsync()).State.Metadata;
        await AssertConflictAsync<MetadataChangedException>(ours, 2, metadata with { Description = "new" });
        await AssertConflictAsync<ProtocolChangedException>(ours, 3, new TableProtocol(1, 1, null, null));
        await AssertConflictAsync<ConcurrentTransactionException>(ours, 4, new SetTransaction("loader", 5, null));

        metadata = (await ours.SnapshotAsync()).State.Metadata;
        _store.BeforeCommit = () => LogFiles.PutAsync(_inner, 5, metadata with
        {
            Configuration = new Dictionary<string, string?> { ["delta.enableDeletionVectors"] = "true" },
        });
        Assert.Equal(6, (await ours.AppendAsync(TestRows.Numbered(1, 1))).Version);
        Assert.NotNull(rival);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Lost_answer_is_found_out_and_the_rows_are_there_once(bool lands)
    {
        (DeltaTable ours, _) = await OpenTwiceAsync();
        _store.LostAnswers.Enqueue(lands);

        CommitResult result = await ours.AppendAsync(TestRows.Numbered(20, 3));

        Assert.Equal(2, result.Version);
        Assert.Equal(4, (await ours.SnapshotAsync()).RowCount);
    }

    [Fact]
    public async Task Lost_answer_behind_a_rival_is_no_success()
    {
        (DeltaTable ours, DeltaTable rival) = await OpenTwiceAsync();
        _store.BeforeCommit = () => rival.AppendAsync(TestRows.Numbered(10, 2));
        _store.LostAnswers.Enqueue(false);
        _store.LostAnswers.Enqueue(false);

        CommitResult result = await ours.AppendAsync(TestRows.Numbered(20, 3));

        Assert.Equal(3, result.Version);
        Assert.Equal(6, (await ours.SnapshotAsync()).RowCount);
    }

    [Fact]
    public async Task Outcome_that_cannot_be_known_keeps_the_data_files_and_names_the_transaction()
    {
        (DeltaTable ours, DeltaTable rival) = await OpenTwiceAsync();
        _store.BeforeCommit = () =>
        {
            _store.IsCutOff = true;
            return Task.CompletedTask;
        };
        _store.LostAnswers.Enqueue(true);

        // The snapshot is refreshed before the store is cut off, by the hook that runs when the commit is put.
        CommitStateUnknownException error = await Assert.ThrowsAsync<CommitStateUnknownException>(
            () => ours.AppendAsync(TestRows.Numbered(20, 3)));

        _store.IsCutOff = false;
        TableCommit commit = await rival.HistoryAsync(1).FirstAsync();
        Assert.Equal((error.Version, error.TransactionId), (commit.Version, commit.TransactionId));
        Assert.Equal(4, (await RowLines.ReadAsync((await rival.SnapshotAsync()).Scan())).Count);
    }

    [Fact]
    public async Task Definite_failure_removes_the_data_files()
    {
        (DeltaTable ours, DeltaTable rival) = await OpenTwiceAsync();
        _store.RefusesCommit = true;

        StoreException error = await Assert.ThrowsAsync<StoreException>(
            () => ours.AppendAsync(TestRows.Numbered(20, 3)));

        Assert.Equal(StoreFailure.Full, error.Failure);
        Assert.Equal(1, await CountDataFilesAsync());
        Assert.Equal(1, (await rival.SnapshotAsync()).Version);
    }

    [Fact]
    public async Task Many_writers_lose_and_repeat_no_row()
    {
        await OpenTwiceAsync();
        List<Task> writers = [.. Enumerable.Range(0, 8).Select(async writer =>
        {
            DeltaTable table = await DeltaTable.OpenAsync(_inner);
            for (int load = 0; load < 6; load++)
            {
                await table.AppendAsync(TestRows.Numbered((writer * 100) + (load * 10), 5));
            }
        })];
        await Task.WhenAll(writers);

        Snapshot snapshot = await (await DeltaTable.OpenAsync(_inner)).SnapshotAsync();
        List<string> rows = await RowLines.ReadAsync(snapshot.Scan());
        Assert.Equal(49, snapshot.Version);
        IEnumerable<string> expected = Enumerable.Range(0, 8)
            .SelectMany(writer => Enumerable.Range(0, 6).SelectMany(
                load => Enumerable.Range((writer * 100) + (load * 10), 5)))
            .Append(1)
            .Select(id => $"{{\"id\":{id},\"s\":\"s{id}\"}}")
            .Order(StringComparer.Ordinal);
        Assert.Equal(expected, rows);
    }

    private async Task AssertConflictAsync<T>(DeltaTable ours, long version, DeltaAction rival)
        where T : ConcurrentModificationException
    {
        await ours.SnapshotAsync();
        _store.BeforeCommit = () => LogFiles.PutAsync(_inner, version, rival);
        T error = await Assert.ThrowsAsync<T>(() => ours.AppendAsync(
            TestRows.Numbered(1, 1), new WriteOptions { ApplicationId = "loader", ApplicationVersion = version }));
        Assert.Equal(version, error.Version);
    }

    /// <summary>A table with one row, opened through the faulty store and through a good one.</summary>
    private async Task<(DeltaTable Ours, DeltaTable Rival)> OpenTwiceAsync()
    {
        DeltaTable rival = await DeltaTable.CreateAsync(_inner, LogFiles.Schema);
        await rival.AppendAsync(TestRows.Numbered(1, 1));
        return (await DeltaTable.OpenAsync(_store), rival);
    }

    private async Task<int> CountDataFilesAsync() => await _inner.ListAsync(StorePath.Root)
        .CountAsync(item => item.Path.Value.EndsWith(".parquet", StringComparison.Ordinal) &&
            !item.Path.Value.StartsWith('_'));
}
