using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading.Tasks;
using Polder.Delta;
using Polder.Delta.Actions;
using Polder.Delta.Log;
using Polder.Storage;
using Polder.Storage.Memory;
using Xunit;

namespace Polder.Tests.Delta;

/// <summary>Snapshots from logs that other engines, or accidents, could have left.</summary>
public sealed class LogTests
{
    private readonly MemoryStore _store = new();

    [Fact]
    public async Task Newest_action_on_a_file_decides_and_paths_are_decoded_once()
    {
        await LogFiles.PutAsync(_store, 0, LogFiles.Protocol, LogFiles.Metadata);
        await LogFiles.PutAsync(
            _store, 1, LogFiles.Add("a%20b.parquet", 3), LogFiles.Add("p=x%2520y/c.parquet", 5), LogFiles.Add("d", 7));
        await LogFiles.PutAsync(_store, 2, LogFiles.Remove("a b.parquet"), LogFiles.Add("d", 11));

        Snapshot snapshot = await OpenAsync();

        Assert.Equal(2, snapshot.Version);
        Assert.Equal(2, snapshot.FileCount);
        Assert.Equal(16, snapshot.RowCount);
        (_, StorePath path) = snapshot.Locator.Locate(snapshot.Files[0].Path);
        Assert.Equal("p=x%20y/c.parquet", path.Value);
    }

    [Fact]
    public async Task Unknown_actions_and_fields_blank_lines_bom_and_crlf_are_let_pass()
    {
        await LogFiles.PutAsync(_store, 0, LogFiles.Protocol, LogFiles.Metadata);
        await LogFiles.PutAsync(
            _store,
            LogPath.ForCommit(1).Value,
            "\uFEFF{\"fancy\":{\"a\":[1,{}]}}\r\n\r\n" +
            "{\"add\":{\"path\":\"x\",\"size\":1,\"new\":{\"b\":[2]},\"partitionValues\":{},\"dataChange\":true," +
            "\"modificationTime\":1,\"stats\":\"no json\"}}\r\n{\"add\":null,\"txn\":{\"appId\":\"a\",\"version\":4}}");

        Snapshot snapshot = await OpenAsync();

        Assert.Equal(1, snapshot.FileCount);
        Assert.Null(snapshot.RowCount);
        Assert.Equal(4, snapshot.SetTransactions["a"]);
    }

    [Fact]
    public async Task Torn_commit_is_an_error_or_the_original_at_every_byte()
    {
        await LogFiles.PutAsync(_store, 0, LogFiles.Protocol, LogFiles.Metadata);
        byte[] whole = LogFiles.Encode(
            new CommitInfo { Operation = "WRITE", TransactionId = "t", ActionCount = 3 },
            LogFiles.Add("a"),
            LogFiles.Add("grüße"));
        for (int length = 0; length <= whole.Length; length++)
        {
            await LogFiles.PutAsync(_store, LogPath.ForCommit(1).Value, whole[..length]);
            if (length >= whole.Length - 1)
            {
                Assert.Equal(2, (await OpenAsync()).FileCount);
                continue;
            }

            CorruptLogException error = await Assert.ThrowsAsync<CorruptLogException>(OpenAsync);
            Assert.Contains("00000000000000000001.json", error.Message, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("{\"add\":{\"path\":\"x\"}}", 1)]
    [InlineData("{\"add\":{\"path\":\"x\",\"size\":1.5}}", 1)]
    [InlineData("{\"txn\":{\"appId\":\"a\",\"version\":1}}\n{\"add\":{\"path\":\"\\ud800\",\"size\":1}}", 2)]
    [InlineData("{} {}", 1)]
    [InlineData("[1]", 1)]
    public async Task Malformed_action_names_file_and_line(string body, int line)
    {
        await LogFiles.PutAsync(_store, 0, LogFiles.Protocol, LogFiles.Metadata);
        await LogFiles.PutAsync(_store, LogPath.ForCommit(1).Value, body);

        CorruptLogException error = await Assert.ThrowsAsync<CorruptLogException>(OpenAsync);

        Assert.Equal(line, error.Line);
        Assert.Equal("memory://memory/_delta_log/00000000000000000001.json", error.Path);
    }

    [Fact]
    public async Task Gap_in_the_log_is_corruption_and_strangers_are_not()
    {
        await LogFiles.PutAsync(_store, 0, LogFiles.Protocol, LogFiles.Metadata);
        await LogFiles.PutAsync(_store, 1, LogFiles.Add("a"));
        string[] strangers =
        [
            "2.json", "00000000000000000009.json.tmp", "00000000000000000001.00000000000000000009.compacted.json",
            "_staged_commits/00000000000000000002.3a0d65cd-4056-49b8-937b-95f9e3ee90e5.json",
            "00000000000000000007.crc", "0000000000000000000x.json", "00000000000000000004.checkpoint.parquet.tmp",
            "00000000000000000005.checkpoint.0000000001.0000000002.parquet",
        ];
        foreach (string stranger in strangers)
        {
            await LogFiles.PutAsync(_store, "_delta_log/" + stranger, "not json");
        }

        Assert.Equal(1, (await OpenAsync()).Version);
        await LogFiles.PutAsync(_store, 3, LogFiles.Add("c"));
        CorruptLogException error = await Assert.ThrowsAsync<CorruptLogException>(OpenAsync);
        Assert.Contains("commit 2", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{\"version\":0,\"size\":1}")]
    [InlineData("{\"version\":1,\"size\":1}")]
    [InlineData("{\"version\":77,\"size\":1}")]
    [InlineData("{\"version\":-1}")]
    [InlineData("{\"version\":")]
    [InlineData("")]
    public async Task Last_checkpoint_is_only_a_hint(string hint)
    {
        await LogFiles.PutAsync(_store, 0, LogFiles.Protocol, LogFiles.Metadata);
        await LogFiles.PutAsync(_store, 1, LogFiles.Add("a"));
        await LogFiles.PutAsync(_store, 2, LogFiles.Add("b"));
        await LogFiles.PutAsync(_store, "_delta_log/_last_checkpoint", hint);

        Snapshot snapshot = await OpenAsync();

        Assert.Equal(2, snapshot.Version);
        Assert.Equal(2, snapshot.FileCount);
    }

    [Fact]
    public async Task Missing_protocol_missing_metadata_and_no_table_are_told_apart()
    {
        await Assert.ThrowsAsync<TableNotFoundException>(OpenAsync);
        await LogFiles.PutAsync(_store, 0, LogFiles.Protocol);
        Assert.Contains(
            "metaData", (await Assert.ThrowsAsync<CorruptLogException>(OpenAsync)).Message, StringComparison.Ordinal);
        await LogFiles.PutAsync(_store, 0, LogFiles.Metadata);
        Assert.Contains(
            "protocol", (await Assert.ThrowsAsync<CorruptLogException>(OpenAsync)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Refresh_sees_new_commits_and_a_table_that_was_replaced()
    {
        await LogFiles.PutAsync(_store, 0, LogFiles.Protocol, LogFiles.Metadata, LogFiles.Add("a"));
        DeltaTable table = await DeltaTable.OpenAsync(_store);
        Snapshot first = await table.SnapshotAsync();
        Assert.Same(first, await table.SnapshotAsync());

        await LogFiles.PutAsync(_store, 1, LogFiles.Remove("a"), LogFiles.Add("b"));
        await LogFiles.PutAsync(_store, 2, LogFiles.Add("c"));
        Snapshot second = await table.SnapshotAsync();
        Assert.Equal(2, second.Version);
        Assert.Equal(["b", "c"], second.Files.Select(file => file.Path));

        await _store.DeleteAsync(LogPath.ForCommit(1));
        await _store.DeleteAsync(LogPath.ForCommit(2));
        await LogFiles.PutAsync(_store, 0, LogFiles.Protocol, LogFiles.Metadata, LogFiles.Add("z"));
        Snapshot replaced = await table.SnapshotAsync();
        Assert.Equal((0L, "z"), (replaced.Version, replaced.Files.Single().Path));
    }

    [Fact]
    public async Task Versions_can_be_visited_and_missing_ones_are_named()
    {
        await LogFiles.PutAsync(_store, 0, LogFiles.Protocol, LogFiles.Metadata);
        await LogFiles.PutAsync(_store, 1, LogFiles.Add("a"));
        DeltaTable table = await DeltaTable.OpenAsync(_store);

        Assert.Equal(0, (await table.SnapshotAsync(version: 0)).FileCount);
        await Assert.ThrowsAsync<VersionNotFoundException>(() => table.SnapshotAsync(version: 2));
        List<TableCommit> history = await table.HistoryAsync().ToListAsync();
        Assert.Equal([1L, 0L], history.Select(commit => commit.Version));
    }

    [Theory]
    [InlineData("../secret")]
    [InlineData("%2e%2e/secret")]
    [InlineData("a/%2E%2E/%2e%2e/secret")]
    [InlineData("/etc/passwd")]
    [InlineData("%2fetc/passwd")]
    [InlineData("file:///etc/passwd")]
    [InlineData("//host/share")]
    [InlineData("s3://other/x")]
    [InlineData("http://169.254.169.254/x")]
    [InlineData("a%00b")]
    [InlineData("")]
    public async Task File_paths_never_leave_the_table(string path)
    {
        await LogFiles.PutAsync(_store, 0, LogFiles.Protocol, LogFiles.Metadata);
        Snapshot snapshot = await OpenAsync();

        Exception error = Assert.ThrowsAny<Exception>(() => snapshot.Locator.Locate(path));
        Assert.True(error is CorruptLogException or UnsupportedFeatureException, error.ToString());
    }

    [Theory]
    [InlineData(99, 7, null, null, "minReaderVersion 99")]
    [InlineData(0, 2, null, null, "minReaderVersion 0")]
    [InlineData(3, 7, "fancyNewThing", "fancyNewThing", "fancyNewThing")]
    [InlineData(3, 7, "DELETIONVECTORS", "DELETIONVECTORS", "DELETIONVECTORS")]
    public async Task Unknown_reader_features_are_refused_by_name(
        int reader, int writer, string? readerFeature, string? writerFeature, string named)
    {
        TableProtocol protocol = new(
            reader,
            writer,
            readerFeature is null ? null : [readerFeature],
            writerFeature is null ? null : [writerFeature]);
        await LogFiles.PutAsync(_store, 0, protocol, LogFiles.Metadata);

        UnsupportedFeatureException error = await Assert.ThrowsAsync<UnsupportedFeatureException>(OpenAsync);

        Assert.Contains(named, error.Message, StringComparison.Ordinal);
    }

    private async Task<Snapshot> OpenAsync() => await (await DeltaTable.OpenAsync(_store)).SnapshotAsync();
}
