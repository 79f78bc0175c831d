using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Threading.Tasks;
using Polder.Delta;
using Polder.Expressions;
using Polder.Storage.Memory;
using Xunit;

namespace Polder.Tests.Delta;

/// <summary>The hidden column: files, positions, row ids.</summary>
public sealed class MetadataColumnTests
{
    [Fact]
    public async Task Recorded_row_ids_and_commit_versions_are_given()
    {
        using AbsolutePaths paths = new();
        List<string> offences = [];
        int compared = 0;
        foreach (CorpusTable table in CorpusTable.LoadAll())
        {
            if (!table.Expected.TryGetProperty("versionRowIds", out JsonElement versions))
            {
                continue;
            }

            DeltaTable opened = await DeltaTable.OpenAsync(table.Folder);
            foreach (JsonProperty version in versions.EnumerateObject())
            {
                Snapshot snapshot = version.Name == "latest"
                    ? await opened.SnapshotAsync()
                    : await opened.SnapshotAsync(long.Parse(version.Name, null));
                string expected = version.Value.ValueKind == JsonValueKind.String
                    ? version.Value.GetString()!
                    : version.Value.GetProperty("condition").GetString()!;
                string actual = await HashAsync(snapshot);
                compared++;
                if (expected != actual)
                {
                    offences.Add($"{table.Name} version {version.Name}: {actual}, expected {expected}");
                }
            }
        }

        Counted.Say($"row ids: {compared} recorded versions are given");
        Assert.True(offences.Count == 0, string.Join('\n', offences));
        Assert.True(compared > 25, $"only {compared} versions");
    }

    [Fact]
    public async Task Rows_tell_their_file_and_position_also_where_rows_are_deleted_or_filtered()
    {
        Snapshot snapshot = await (await DeltaTable.OpenAsync(
            Corpus.Path("corpus", "delta", "delta", "table-with-dv-small"))).SnapshotAsync();
        TableScan scan = snapshot.Scan().Select("value", "_metadata.row_index", "_metadata.file_name");

        List<string> rows = await RowLines.ReadAsync(scan);
        string file = Path.GetFileName(snapshot.Files[0].Path);

        Assert.Equal(8, rows.Count);
        Assert.All(rows, row => Assert.Equal(row, FormattableString.Invariant(
            $"{{\"value\":{row[9]},\"row_index\":{row[9]},\"file_name\":\"{file}\"}}")));
        Assert.Equal(
            ["""{"row_index":5}"""],
            await RowLines.ReadAsync(snapshot.Scan().Where($"value = {5}").Select("_metadata.row_index")));
        Assert.Equal(
            ["""{"value":7}"""],
            await RowLines.ReadAsync(snapshot.Scan().Where($"_metadata.row_index = {7}").Select("value")));
    }

    [Fact]
    public async Task Metadata_is_hidden_until_it_is_asked_for_and_behind_a_column_of_its_name()
    {
        MemoryStore store = new();
        DeltaTable table = await DeltaTable.CreateAsync(store, LogFiles.Schema);
        await table.AppendAsync(TestRows.Numbered(1, 2));
        Snapshot snapshot = await table.SnapshotAsync();
        DataFile file = snapshot.Files[0];

        Assert.Equal(["id", "s"], table.Scan().Schema.Fields.Select(field => field.Name));
        List<string> rows = await RowLines.ReadAsync(
            snapshot.Scan().Select("_metadata.file_path", "_metadata.file_size", "_metadata.file_modification_time"));
        Assert.Equal(2, rows.Count);
        Assert.StartsWith(
            FormattableString.Invariant($"{{\"file_path\":\"memory://memory/{file.Path}\",") +
            FormattableString.Invariant($"\"file_size\":{file.SizeBytes},\"file_modification_time\":\"20"),
            rows[0],
            StringComparison.Ordinal);
        QueryException missing = Assert.Throws<QueryException>(() => snapshot.Scan().Select("_metadata.row_id"));
        Assert.Equal("FIELD_NOT_FOUND", missing.Condition);

        Polder.Columns.DataType own = Polder.Columns.DataType.Struct(
            new Polder.Columns.StructField("_metadata", Polder.Columns.DataType.Long));
        DeltaTable named = await DeltaTable.CreateAsync(new MemoryStore(), own);
        await named.AppendAsync(TestRows.Stream(own, [5L]));
        Assert.Equal(["""{"_metadata":5}"""], await RowLines.ReadAsync(named.Scan()));
    }

    private static async Task<string> HashAsync(Snapshot snapshot)
    {
        try
        {
            TableScan scan = snapshot.Scan().Select(
            [
                .. snapshot.Schema.Fields.Select(field => field.Name),
                "_metadata.row_id", "_metadata.row_commit_version",
            ]);
            List<string> rows = [.. (await RowLines.ReadAsync(scan)).Select(row => row
                .Replace("\"row_id\"", "\"_metadata.row_id\"", StringComparison.Ordinal)
                .Replace("\"row_commit_version\"", "\"_metadata.row_commit_version\"", StringComparison.Ordinal) +
                "\n")];
            rows.Sort(StringComparer.Ordinal);
            return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Concat(rows))));
        }
        catch (QueryException exception)
        {
            return exception.Condition;
        }
    }
}
