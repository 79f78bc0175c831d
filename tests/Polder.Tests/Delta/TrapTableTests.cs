using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading.Tasks;
using Polder.Delta;
using Xunit;

namespace Polder.Tests.Delta;

/// <summary>Traps that take a whole table to fall into: tables of Spark, with the rows that Spark read.</summary>
public sealed class TrapTableTests
{
    [Theory]
    [InlineData("part-string-special", "part-string-special-mapped")]
    public Task Trap_001_and_005_partition_values_are_those_of_the_log(params string[] tables) => CheckAsync(tables);

    [Theory]
    [InlineData("part-timestamp-utc", "part-timestamp-kolkata", "part-timestamp-los-angeles-legacy")]
    public Task Trap_002_time_partitions_have_two_forms(params string[] tables) => CheckAsync(tables);

    [Theory]
    [InlineData("part-decimal", "part-date", "part-double", "part-float")]
    public Task Trap_003_partition_text_need_not_be_canonical(params string[] tables) => CheckAsync(tables);

    [Theory]
    [InlineData("clone-shallow", "clone-shallow-dv", "path-absolute", "dv-absolute-path")]
    public Task Trap_007_absolute_paths_are_followed(params string[] tables) => CheckAsync(tables);

    [Theory]
    [InlineData("cm-name-partition-renamed", "variant-partitioned-mapped")]
    public Task Trap_009_partition_values_go_by_physical_names(params string[] tables) => CheckAsync(tables);

    [Theory]
    [InlineData("unknown-action", "unknown-fields")]
    public Task Trap_011_unknown_actions_and_fields_are_ignored(params string[] tables) => CheckAsync(tables);

    [Theory]
    [InlineData("checkpoint-txn-domain-tombstones", "checkpoint-classic", "checkpoint-multipart")]
    public Task Trap_018_and_021_checkpoints_say_what_the_commits_said(params string[] tables) => CheckAsync(tables);

    [Theory]
    [InlineData("checkpoint-v2-json-sidecars", "checkpoint-v2-parquet-sidecars", "checkpoint-v2-default")]
    public Task Trap_024_and_025_checkpoints_are_what_they_contain(params string[] tables) => CheckAsync(tables);

    [Theory]
    [InlineData("last-checkpoint-stale", "last-checkpoint-to-nothing", "last-checkpoint-too-high",
        "last-checkpoint-wrong-checksum")]
    public Task Trap_027_hint_is_only_a_hint(params string[] tables) => CheckAsync(tables);

    [Theory]
    [InlineData("checkpoint-struct-stats-types", "checkpoint-stats-json-only", "cm-name-checkpoint-stats")]
    public Task Trap_031_and_033_parsed_statistics_count_as_json_ones(params string[] tables) => CheckAsync(tables);

    [Theory]
    [InlineData("stats-columns-property", "stats-empty-object", "stats-garbage", "stats-missing",
        "stats-num-indexed-0")]
    public Task Trap_050_and_051_statistics_may_cover_little_or_nothing(params string[] tables) => CheckAsync(tables);

    [Theory]
    [InlineData("tw-stats-pruning", "tw-checkpoint", "tw-decimal-scale")]
    public Task Trap_057_statistics_are_of_the_older_type(params string[] tables) => CheckAsync(tables);

    [Theory]
    [InlineData("dv-delete", "dv-checkpoint", "dv-200k-random")]
    public Task Trap_058_and_059_vectors_are_framed_in_big_endian(params string[] tables) => CheckAsync(tables);

    [Theory]
    [InlineData("dv-first-last-row", "parquet-row-groups", "dv-all-rows")]
    public Task Trap_061_rows_are_told_by_their_place_in_the_file(params string[] tables) => CheckAsync(tables);

    [Theory]
    [InlineData("dv-feature-dropped", "dv-optimize", "dv-delete-repeated")]
    public Task Trap_062_and_063_vectors_count_until_they_are_gone(params string[] tables) => CheckAsync(tables);

    [Theory]
    [InlineData("cm-name-swap-names", "cm-name-rename-drop-add", "cm-special-names", "cm-upgrade-none-to-name")]
    public Task Trap_066_and_068_columns_have_a_name_and_a_physical_name(params string[] tables) => CheckAsync(tables);

    [Theory]
    [InlineData("dv-column-mapping-id")]
    public Task Trap_067_columns_mapped_by_id_are_never_found_by_name(params string[] tables) => CheckAsync(tables);

    [Theory]
    [InlineData("cm-removed", "cm-name-drop-readd-same-type")]
    public Task Trap_069_and_070_mapping_counts_only_with_the_feature(params string[] tables) => CheckAsync(tables);

    [Theory]
    [InlineData("values-timestamp-int96", "timestamp-ntz", "values-rebase-legacy", "values-rebase-corrected")]
    public Task Trap_072_and_073_times_are_read_in_every_form(params string[] tables) => CheckAsync(tables);

    [Theory]
    [InlineData("values-nested-legacy-format", "values-decimal-legacy-format", "void-column")]
    public Task Trap_074_and_075_old_shapes_and_void_columns_are_read(params string[] tables) => CheckAsync(tables);

    [Theory]
    [InlineData("tw-nested", "tw-date-timestampntz", "tw-long-decimal", "tw-partition")]
    public Task Trap_076_older_types_are_widened(params string[] tables) => CheckAsync(tables);

    [Theory]
    [InlineData("char-varchar", "generated-many", "cluster-none")]
    public Task Trap_077_and_081_char_is_text_and_supported_is_not_active(params string[] tables) => CheckAsync(tables);

    [Theory]
    [InlineData("dv-delete", "dv-update")]
    public Task Trap_109_vector_names_are_big_endian_uuids(params string[] tables) => CheckAsync(tables);

    [Theory]
    [InlineData("values-numbers", "values-date")]
    public Task Trap_110_values_beyond_those_of_dotnet_are_read(params string[] tables) => CheckAsync(tables);

    [Theory]
    [InlineData("part-string-special", "write-random-prefix", "part-all-columns-names")]
    public Task Trap_111_and_112_paths_and_log_text_are_decoded_as_written(params string[] tables) =>
        CheckAsync(tables);

    [Theory]
    [InlineData("file:///etc/passwd")]
    [InlineData("/allowed-not/x.parquet")]
    [InlineData("/allowed/../etc/passwd")]
    public async Task Absolute_paths_outside_the_allowed_roots_are_refused(string path)
    {
        using TemporaryFolder folder = new();
        string log = System.IO.Path.Combine(folder.Path, "_delta_log");
        System.IO.Directory.CreateDirectory(log);
        await System.IO.File.WriteAllBytesAsync(
            System.IO.Path.Combine(log, "00000000000000000000.json"),
            LogFiles.Encode(LogFiles.Protocol, LogFiles.Metadata, LogFiles.Add(path)));
        Engine server = new(new EngineOptions { Limits = new Limits { AllowedRoots = ["/allowed"] } });
        Snapshot snapshot = await (await DeltaTable.OpenAsync(folder.Path, server)).SnapshotAsync();

        Exception error = await Assert.ThrowsAnyAsync<Exception>(() => RowLines.ReadAsync(snapshot.Scan()));

        Assert.True(error is UnsupportedFeatureException or CorruptLogException, error.ToString());
        Assert.Contains(path, error.Message, StringComparison.Ordinal);
    }

    private static async Task CheckAsync(string[] names)
    {
        using AbsolutePaths paths = new();
        IReadOnlyList<CorpusTable> all = CorpusTable.LoadAll();
        foreach (string name in names)
        {
            CorpusTable table = all.Single(table => table.Name == "spark4/" + name);
            Snapshot snapshot = await (await DeltaTable.OpenAsync(table.Folder)).SnapshotAsync();
            List<string> rows = await RowLines.ReadAsync(snapshot.Scan());
            if (table.Rows is string[] expected)
            {
                IEnumerable<string> wanted = expected.Select(row => RowLines.Normalize(row, snapshot.Schema));
                Assert.Equal(wanted.Order(StringComparer.Ordinal), rows);
            }
            else
            {
                Assert.Equal(table.Number("rowCount"), rows.Count);
            }
        }
    }
}
