using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using System.Threading.Tasks;
using DuckDB.NET.Data;
using Polder.Bytes;
using Polder.Delta;
using Polder.Delta.Actions;
using Polder.Delta.Checkpoints;
using Polder.Delta.Log;
using Polder.Storage.Memory;
using Xunit;

namespace Polder.Tests.Delta;

/// <summary>Checkpoints: written every so often, and as good as the commits that they stand for.</summary>
public sealed class CheckpointTests
{
    private readonly MemoryStore _store = new();

    [Fact]
    public async Task Checkpoint_comes_at_the_interval_and_replaces_the_commits_before_it()
    {
        DeltaTable table = await CreateAsync(interval: 3);
        for (int load = 0; load < 7; load++)
        {
            await table.AppendAsync(TestRows.Numbered(load * 10, 2), new WriteOptions
            {
                ApplicationId = "loader",
                ApplicationVersion = load,
            });
        }

        await table.OverwriteAsync(TestRows.Numbered(100, 1));
        await table.AppendAsync(TestRows.Numbered(200, 1));
        LogListing listing = await LogListing.LoadAsync(_store, 0, default);
        Assert.Equal([3L, 6L, 9L], listing.Checkpoints.Select(checkpoint => checkpoint.Version));
        using (BufferSlice hint = await _store.ReadAsync(LogPath.LastCheckpoint))
        {
            Assert.StartsWith("{\"version\":9,", Encoding.UTF8.GetString(hint.Span), StringComparison.Ordinal);
        }

        Snapshot before = await table.SnapshotAsync();
        for (long version = 0; version <= 9; version++)
        {
            await _store.DeleteAsync(LogPath.ForCommit(version));
        }

        Snapshot after = await (await DeltaTable.OpenAsync(_store)).SnapshotAsync();
        Assert.Equal(
            (before.Version, before.RowCount, before.Id, before.SetTransactions["loader"]),
            (after.Version, after.RowCount, after.Id, after.SetTransactions["loader"]));
        Assert.Equal(before.Schema, after.Schema);
        Assert.Equal(before.Configuration, after.Configuration);
        Assert.Equal(7, after.State.Tombstones.Find(after.State.Files, _store.Root).Count());
        Assert.Equal(await RowLines.ReadAsync(before.Scan()), await RowLines.ReadAsync(after.Scan()));
        await Assert.ThrowsAsync<VersionNotFoundException>(() => table.SnapshotAsync(version: 2));
    }

    [Fact]
    public async Task Checkpoint_keeps_everything_that_a_file_action_says()
    {
        AddFile add = LogFiles.Add("a%20b", 5) with
        {
            Tags = new Dictionary<string, string?> { ["k"] = "v" },
            DeletionVector = new DeletionVectorDescriptor("u", "ab^-aqEH.-t@S}K{vb[*k^", 4, 40, 2),
            BaseRowId = 7,
            DefaultRowCommitVersion = 3,
            ClusteringProvider = "liquid",
            PartitionValues = new Dictionary<string, string?> { ["p"] = null, ["q"] = "x" },
            Stats = "{\"numRecords\":5,\"minValues\":{\"id\":1}}",
        };
        RemoveFile recent = LogFiles.Remove("gone") with
        {
            DeletionTimestamp = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds(),
            DeletionVector = add.DeletionVector,
            SizeBytes = 9,
        };
        await LogFiles.PutAsync(
            _store, 0, LogFiles.Protocol, LogFiles.Metadata, add, recent, LogFiles.Remove("expired"),
            new DomainMetadata("d", "c", false), new DomainMetadata("old", "c", true),
            new SetTransaction("app", 4, 5));
        Snapshot before = await (await DeltaTable.OpenAsync(_store)).SnapshotAsync();

        await new CheckpointWriter(Engine.Default, _store).WriteAsync(before, default);
        await _store.DeleteAsync(LogPath.ForCommit(0));

        Snapshot after = await (await DeltaTable.OpenAsync(_store)).SnapshotAsync();
        Assert.Equal(
            Encoding.UTF8.GetString(LogFiles.Encode(before.State.Files.GetAction(0))),
            Encoding.UTF8.GetString(LogFiles.Encode(after.State.Files.GetAction(0))));
        RemoveFile tombstone = Assert.Single(after.State.Tombstones.Find(after.State.Files, _store.Root));
        Assert.Equal(
            Encoding.UTF8.GetString(LogFiles.Encode(recent with { DataChange = false })),
            Encoding.UTF8.GetString(LogFiles.Encode(tombstone)));
        Assert.Equal(["d"], after.DomainMetadata.Keys);
        Assert.Equal(4, after.SetTransactions["app"]);
        Assert.Equal(3, after.RowCount);
    }

    [Fact]
    public async Task Broken_checkpoint_is_replaced_by_the_commits_while_they_are_there()
    {
        DeltaTable table = await CreateAsync(interval: 2);
        for (int load = 0; load < 5; load++)
        {
            await table.AppendAsync(TestRows.Numbered(load, 1));
        }

        await LogFiles.PutAsync(_store, LogPath.ForCheckpoint(4).Value, "PAR1 garbage PAR1");
        Assert.Equal(5, (await (await DeltaTable.OpenAsync(_store)).SnapshotAsync()).RowCount);

        await LogFiles.PutAsync(_store, LogPath.ForCheckpoint(2).Value, "PAR1 garbage PAR1");
        await _store.DeleteAsync(LogPath.ForCommit(0));
        await Assert.ThrowsAnyAsync<CorruptFileException>(() => DeltaTable.OpenAsync(_store));
    }

    [Fact]
    public async Task Other_readers_understand_the_checkpoint()
    {
        using TemporaryFolder folder = new();
        DeltaTable table = await DeltaTable.CreateAsync(folder.Path, LogFiles.Schema, new TableOptions
        {
            Properties = new Dictionary<string, string> { ["delta.checkpointInterval"] = "2" },
        });
        await table.AppendAsync(TestRows.Numbered(0, 2));
        await table.AppendAsync(TestRows.Numbered(2, 2));

        using DuckDBConnection duck = new("DataSource=:memory:");
        duck.Open();
        using DuckDBCommand command = duck.CreateCommand();
        command.CommandText =
            $"SELECT count(add.path), count(protocol.minReaderVersion), max(metaData.schemaString), " +
            $"max(metaData.configuration['delta.checkpointInterval'][1]) " +
            $"FROM read_parquet('{folder.Path}/_delta_log/00000000000000000002.checkpoint.parquet')";
        using DuckDBDataReader reader = command.ExecuteReader();
        Assert.True(reader.Read());
        Assert.Equal((2L, 1L), (reader.GetInt64(0), reader.GetInt64(1)));
        Assert.Equal((await table.SnapshotAsync()).State.Metadata.SchemaString, reader.GetString(2));
    }

    private Task<DeltaTable> CreateAsync(int interval) => DeltaTable.CreateAsync(
        _store,
        LogFiles.Schema,
        new TableOptions
        {
            Properties = new Dictionary<string, string>
            {
                ["delta.checkpointInterval"] = interval.ToString(System.Globalization.CultureInfo.InvariantCulture),
            },
        });
}
