using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;
using System.Text.Json;
using System.Threading.Tasks;
using Polder.Columns;
using Polder.Delta;
using Polder.Delta.Actions;
using Polder.Delta.Checkpoints;
using Polder.Delta.Log;
using Polder.Delta.Protocol;
using Polder.Delta.Scan;
using Polder.Delta.Snapshots;
using Polder.Expressions;
using Polder.Storage.Memory;
using Xunit;

namespace Polder.Tests.Delta;

/// <summary>
/// What readers of other engines got wrong: a test per trap, by the number that the table in docs/protocol.md gives it.
/// Logs are written by hand here; <see cref="TrapTableTests"/> reads whole tables.
/// </summary>
public sealed class TrapTests
{
    private static readonly DataType Typed = DataType.Struct(
        new StructField("n", DataType.Integer), new StructField("x", DataType.Double),
        new StructField("d", DataType.Decimal(38, 0)), new StructField("t", DataType.Timestamp));

    private readonly MemoryStore _store = new();

    [Fact]
    public async Task Trap_006_path_is_decoded_exactly_once()
    {
        await PutAsync(LogFiles.Add("k=a%253Ab/part%20one.parquet"));
        Snapshot snapshot = await OpenAsync();
        Assert.Equal("k=a%3Ab/part one.parquet", snapshot.Locator.Locate(snapshot.Files[0].Path).Path.Value);
    }

    [Theory]
    [InlineData("a%20b.parquet", "a b.parquet")]
    [InlineData("file:/data/x.parquet", "file:///data/x.parquet")]
    [InlineData("file:///data/x.parquet", "/data/x.parquet")]
    public async Task Trap_008_spellings_of_one_path_are_one_file(string added, string removed)
    {
        await PutAsync(LogFiles.Add(added));
        await LogFiles.PutAsync(_store, 2, LogFiles.Remove(removed));
        Assert.Equal(0, (await OpenAsync()).FileCount);
    }

    [Fact]
    public async Task Trap_012_actions_of_a_commit_may_come_in_any_order()
    {
        AddFile old = LogFiles.Add("a", 10), now = old with { DeletionVector = Vector("new", 3) };
        await PutAsync(old);
        await LogFiles.PutAsync(_store, 2, now, LogFiles.Remove("a"));
        Snapshot snapshot = await OpenAsync();
        Assert.Equal(7, Assert.Single(snapshot.Files).RowCount);
    }

    [Fact]
    public void Trap_014_offset_zero_and_no_offset_are_different_vectors()
    {
        Assert.NotEqual(Vector("x", 1, offset: 0).UniqueId, Vector("x", 1, offset: null).UniqueId);
        Assert.Equal("ux@4", Vector("x", 1, offset: 4).UniqueId);
    }

    [Fact]
    public async Task Trap_016_newest_vector_of_a_path_wins_where_the_remove_is_missing()
    {
        await PutAsync(LogFiles.Add("a", 10) with { DeletionVector = Vector("one", 1) });
        await LogFiles.PutAsync(_store, 2, LogFiles.Add("a", 10) with { DeletionVector = Vector("two", 4) });
        Assert.Equal(6, Assert.Single((await OpenAsync()).Files).RowCount);
    }

    [Fact]
    public async Task Trap_017_tombstones_stay_and_one_without_a_time_counts_as_expired()
    {
        await PutAsync(LogFiles.Add("a"), LogFiles.Add("b"));
        await LogFiles.PutAsync(_store, 2, LogFiles.Remove("a"));
        await LogFiles.PutAsync(
            _store, LogPath.ForCommit(3).Value, "{\"remove\":{\"path\":\"b\",\"dataChange\":true}}");
        ReplayResult state = (await OpenAsync()).State;
        Assert.Equal(
            [("a", 1L), ("b", 0L)],
            state.Tombstones.Find(state.Files, _store.Root).Select(remove => (remove.Path, remove.DeletionTimestamp))
                .OrderBy(pair => pair.Path));
    }

    [Fact]
    public async Task Trap_019_removed_domain_hides_older_ones()
    {
        await PutAsync(new DomainMetadata("a", "1", false), new DomainMetadata("b", "1", false));
        await LogFiles.PutAsync(_store, 2, new DomainMetadata("a", "", true), new DomainMetadata("b", "2", false));
        KeyValuePair<string, string> domain = Assert.Single((await OpenAsync()).DomainMetadata);
        Assert.Equal(("b", "2"), (domain.Key, domain.Value));
    }

    [Fact]
    public async Task Trap_022_feature_lists_must_fit_the_versions()
    {
        await LogFiles.PutAsync(_store, 0, new TableProtocol(3, 7, null, []), LogFiles.Metadata);
        await Assert.ThrowsAsync<CorruptLogException>(OpenAsync);
        await LogFiles.PutAsync(_store, 0, new TableProtocol(1, 7, null, []), LogFiles.Metadata);
        Assert.Equal(0, (await OpenAsync()).Version);
    }

    [Fact]
    public async Task Trap_023_multipart_checkpoint_with_a_hole_is_not_there()
    {
        await PutAsync(LogFiles.Add("a"));
        await LogFiles.PutAsync(
            _store, "_delta_log/00000000000000000001.checkpoint.0000000001.0000000002.parquet", "half of it");
        Assert.Equal(1, (await OpenAsync()).FileCount);
    }

    [Fact]
    public async Task Trap_026_actions_of_checkpoints_mean_nothing_in_a_commit()
    {
        await PutAsync(LogFiles.Add("a"));
        await LogFiles.PutAsync(
            _store,
            LogPath.ForCommit(2).Value,
            "{\"checkpointMetadata\":{\"version\":2}}\n{\"sidecar\":{\"path\":\"x.parquet\",\"sizeInBytes\":1}}");
        Assert.Equal((2, 1), ((int)(await OpenAsync()).Version, (await OpenAsync()).FileCount));
    }

    [Fact]
    public void Trap_028_checksum_of_the_hint_is_the_protocols()
    {
        const string vector = """
            {"k0":"'v 0'", "checksum": "adsaskfljadfkjadfkj", "k1":{"k2": 2, "k3":
            ["v3", [1, 2], {"k4": "v4", "k5": ["v5", "v6", "v7"]}]}}
            """;
        using JsonDocument json = JsonDocument.Parse(vector);
        Assert.Equal("6a92d155a59bf2eecbd4b4ec7fd1f875", JsonChecksum.Compute(json.RootElement));

        Assert.Equal(4, LastCheckpointHint.Parse("{\"version\":4,\"size\":2}"u8));
        Assert.Null(LastCheckpointHint.Parse(
            "{\"version\":4,\"size\":2,\"checksum\":\"00000000000000000000000000000000\"}"u8));
        using JsonDocument hint = JsonDocument.Parse("{\"version\":4,\"size\":2}");
        Assert.Equal(4, LastCheckpointHint.Parse(Encoding.UTF8.GetBytes(
            $"{{\"version\":4,\"size\":2,\"checksum\":\"{JsonChecksum.Compute(hint.RootElement)}\"}}")));
    }

    [Fact]
    public async Task Trap_029_compaction_is_read_in_place_of_what_it_covers_and_only_inside_the_range()
    {
        await PutAsync(LogFiles.Add("a"));
        await LogFiles.PutAsync(_store, 2, LogFiles.Add("b"), LogFiles.Remove("a"));
        await LogFiles.PutAsync(_store, 3, LogFiles.Add("c"));
        await LogFiles.PutAsync(_store, 4, new CommitInfo { Operation = "LAST" }, LogFiles.Add("d"));
        await LogFiles.PutAsync(
            _store, Compaction(1, 3), LogFiles.Encode(
                LogFiles.Remove("a"), LogFiles.Add("b"), LogFiles.Add("c"), LogFiles.Add("only here")));

        Snapshot latest = await OpenAsync();
        DeltaTable table = await DeltaTable.OpenAsync(_store);
        Snapshot inside = await table.SnapshotAsync(version: 2);

        Assert.Equal(["b", "c", "d", "only here"], Paths(latest));
        Assert.Equal("LAST", latest.CommitInfo?.Operation);
        Assert.Equal(["b"], Paths(inside));
        await LogFiles.PutAsync(_store, Compaction(1, 3), "{\"add\":");
        Assert.Equal(["b", "c", "d"], Paths(await OpenAsync()));
    }

    [Fact]
    public async Task Trap_030_version_checksums_of_other_writers_agree_with_what_is_read()
    {
        List<string> offences = [];
        int compared = 0;
        foreach (CorpusTable table in CorpusTable.LoadAll().Where(table =>
            table.Expect == "ok" && table.Features.Contains("versionChecksum") &&
            !table.Features.Contains("damaged") && !table.Features.Contains("derived")))
        {
            string[] files = Directory.GetFiles(Path.Combine(table.Folder, "_delta_log"), "*.crc");
            DeltaTable opened = await DeltaTable.OpenAsync(table.Folder);
            foreach (string file in files.OrderDescending(StringComparer.Ordinal).Take(1))
            {
                try
                {
                    Snapshot snapshot = await opened.SnapshotAsync(
                        long.Parse(Path.GetFileNameWithoutExtension(file), null));
                    string? difference = VersionChecksum
                        .Parse(await File.ReadAllBytesAsync(file))?.FindDifference(snapshot);
                    compared++;
                    if (difference is not null)
                    {
                        offences.Add($"{table.Name} {Path.GetFileName(file)}: {difference}");
                    }
                }
                catch (VersionNotFoundException)
                {
                    // Kept longer than the commits.
                }
            }
        }

        Counted.Say($"version checksums: {compared} agree");
        Assert.True(offences.Count == 0, string.Join('\n', offences));
        Assert.True(compared > 100, $"only {compared} checksums");
    }

    [Fact]
    public async Task Trap_034_holes_are_corruption_only_after_the_oldest_checkpoint()
    {
        await PutAsync(LogFiles.Add("a"));
        await LogFiles.PutAsync(_store, 3, LogFiles.Add("c"));
        CorruptLogException gap = await Assert.ThrowsAsync<CorruptLogException>(OpenAsync);
        Assert.Contains("commit 2", gap.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Trap_043_text_order_is_that_of_utf8()
    {
        StatisticsColumn column = Parse(
            DataType.String, """{"numRecords":2,"minValues":{"s":"\uFF61"},"maxValues":{"s":"\uD83D\uDE00"}}""", "s");
        ulong[] isOut = [0];
        column.Exclude(Function.LessThan, "\uFF60"u8, isOut);
        Assert.Equal(1UL, isOut[0]);
        isOut[0] = 0;
        column.Exclude(Function.GreaterThan, "\uFFEE"u8, isOut);
        Assert.Equal(0UL, isOut[0]);
    }

    [Fact]
    public void Trap_044_maximum_time_may_be_later_than_the_log_says()
    {
        Assert.False(IsOut("t > TIMESTAMP '2024-01-01 00:00:00.123456Z'", "t", "\"2024-01-01T00:00:00.123Z\""));
        Assert.True(IsOut("t > TIMESTAMP '2024-01-01 00:00:00.124Z'", "t", "\"2024-01-01T00:00:00.123Z\""));
    }

    [Fact]
    public void Trap_045_times_with_microseconds_and_odd_offsets_are_understood()
    {
        Assert.False(IsOut("t >= TIMESTAMP '2024-01-01 00:00:00.123456Z'", "t", "\"2024-01-01T00:00:00.123456Z\""));
        Assert.True(IsOut("t > TIMESTAMP '1900-01-01 00:00:00Z'", "t", "\"1899-01-01T00:53:28+00:53:28\""));
    }

    [Fact]
    public void Trap_046_maximum_of_floating_numbers_says_nothing_of_NaN()
    {
        Assert.False(IsOut("x > 5", "x", "3.0"));
        Assert.True(IsOut("x < 1", "x", "3.0"));
    }

    [Theory]
    [InlineData("\"Infinity\"")]
    [InlineData("\"NaN\"")]
    public void Trap_047_infinity_and_NaN_may_be_text(string maximum) =>
        Assert.False(IsOut("x > 1e300", "x", maximum));

    [Fact]
    public void Trap_048_decimals_are_not_cut_to_doubles()
    {
        Assert.True(IsOut("d = 12345678901234569BD", "d", "123456789012345"));
        Assert.False(IsOut("d = 90071992547409930000000000001BD", "d", "9.007199254740993E28"));
    }

    [Fact]
    public void Trap_052_column_without_statistics_may_be_anything() =>
        Assert.False(IsOut("n = 1 AND n IS NOT NULL", "other", "1"));

    [Fact]
    public void Trap_053_wide_bounds_make_null_counts_say_little()
    {
        StatisticsColumn wide = Parse(
            DataType.Integer, """{"numRecords":9,"tightBounds":false,"nullCount":{"n":3}}""", "n", rowCount: 9);
        StatisticsColumn all = Parse(
            DataType.Integer, """{"numRecords":9,"nullCount":{"n":9},"tightBounds":false}""", "n", rowCount: 9);
        Assert.False(wide.TryGetBounds(0, out _));
        Assert.True(all.TryGetBounds(0, out ColumnBounds bounds));
        Assert.Equal(9, bounds.NullCount);
    }

    [Fact]
    public async Task Trap_054_rows_are_what_the_vector_leaves()
    {
        await PutAsync(LogFiles.Add("a", 10) with { DeletionVector = Vector("x", 4) });
        Assert.Equal(6, (await OpenAsync()).RowCount);
    }

    [Fact]
    public void Trap_055_and_056_null_and_negation_keep_what_they_must()
    {
        Assert.True(IsOut("NOT (n > 5)", "n", "9"));
        Assert.False(IsOut("NOT (n > 5)", "n", "5"));
        Assert.True(IsOut("n <> 5", "n", "5"));
        Assert.False(IsOut("n <> 5", "n", "6"));
        Assert.True(IsOut("n > 5", "n", "5"));
    }

    [Fact]
    public void Trap_060_inline_vectors_are_cut_to_their_size()
    {
        Assert.Equal("HelloWorld"u8.ToArray()[..0].Length, Z85.Decode("")!.Length);
        Assert.Equal([0x86, 0x4F, 0xD2, 0x6F, 0xB5, 0x59, 0xF7, 0x5B], Z85.Decode("HelloWorld"));
        Assert.Equal([0x03, 0x00], Z85.Decode("##093"));
        Assert.Null(Z85.Decode("#####"));
    }

    [Fact]
    public void Trap_079_and_080_legacy_versions_imply_features()
    {
        IReadOnlySet<string> four = TableFeature.FindSupported(new TableProtocol(1, 4, null, null));
        Assert.Superset(
            new HashSet<string> { "appendOnly", "invariants", "checkConstraints", "generatedColumns" },
            new HashSet<string>(four));
        Assert.DoesNotContain("columnMapping", four);
        Assert.Empty(TableFeature.FindSupported(new TableProtocol(1, 7, null, [])));
    }

    [Fact]
    public async Task Trap_082_protocol_may_go_down()
    {
        await LogFiles.PutAsync(_store, 0, new TableProtocol(3, 7, ["fancy"], ["fancy"]), LogFiles.Metadata);
        await LogFiles.PutAsync(_store, 1, new TableProtocol(1, 2, null, null), LogFiles.Add("a"));
        Assert.Equal(1, (await OpenAsync()).Protocol.ReaderVersion);
    }

    [Fact]
    public async Task Trap_113_remove_without_the_vector_leaves_the_file_with_it()
    {
        await PutAsync(LogFiles.Add("a", 10) with { DeletionVector = Vector("x", 4) });
        await LogFiles.PutAsync(_store, 2, LogFiles.Remove("a"));
        Assert.Equal(1, (await OpenAsync()).FileCount);
        await LogFiles.PutAsync(_store, 3, LogFiles.Remove("a") with { DeletionVector = Vector("x", 4) });
        Assert.Equal(0, (await OpenAsync()).FileCount);
    }

    private static string Compaction(long first, long last) =>
        FormattableString.Invariant($"_delta_log/{first:D20}.{last:D20}.compacted.json");

    private static List<string> Paths(Snapshot snapshot) => [.. snapshot.Files.Select(file => file.Path).Order()];

    private static DeletionVectorDescriptor Vector(string id, long cardinality, int? offset = 1) =>
        new("u", id, offset, 34, cardinality);

    /// <summary>Whether a file whose column has this greatest (and least) value is left out.</summary>
    private static bool IsOut(string predicate, string column, string value)
    {
        Dictionary<string, ScanColumn> columns =
            ScanColumn.FindAll(Typed, [], Polder.Delta.Shapes.ColumnNaming.None);
        FileTable files = new();
        files.Append(new AddFile
        {
            Path = "a",
            Stats = $"{{\"numRecords\":2,\"minValues\":{{\"{column}\":{value}}}," +
                $"\"maxValues\":{{\"{column}\":{value}}},\"nullCount\":{{\"{column}\":0}}}}",
        });
        Snapshot snapshot = new(
            Engine.Default,
            new FileLocator(new MemoryStore(), mayLeaveTable: false),
            0,
            DateTimeOffset.UnixEpoch,
            new ReplayResult(
                LogFiles.Protocol,
                LogFiles.Metadata with { SchemaString = SchemaJson.Format(Typed) },
                FileSet.Of(files),
                Tombstones.Empty,
                new Dictionary<string, SetTransaction>(),
                new Dictionary<string, DomainMetadata>()),
            null);
        return snapshot.Scan().Where(ExpressionAnalyzer.AnalyzeCondition(predicate, Typed))
            .ListFiles()[0].SkippedBy is not null;
    }

    private static StatisticsColumn Parse(DataType type, string stats, string name, long rowCount = -1)
    {
        StatisticsColumn column = new(type, 1);
        new StatisticsParser([([name], column)]).Parse(0, Encoding.UTF8.GetBytes(stats), rowCount);
        return column;
    }

    private async Task PutAsync(params DeltaAction[] actions)
    {
        await LogFiles.PutAsync(_store, 0, LogFiles.Protocol, LogFiles.Metadata);
        await LogFiles.PutAsync(_store, 1, actions);
    }

    private async Task<Snapshot> OpenAsync() => await (await DeltaTable.OpenAsync(_store)).SnapshotAsync();
}
