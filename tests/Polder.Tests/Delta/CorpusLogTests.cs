using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Threading.Tasks;
using Polder.Delta;
using Polder.Delta.Protocol;
using Xunit;

namespace Polder.Tests.Delta;

/// <summary>The logs of the corpus' tables: version, files, schema, protocol of every version that is listed.</summary>
public sealed class CorpusLogTests
{
    // An empty commit file has lost what it said. Spark takes it for a commit without actions; Polder refuses it.
    private static readonly string[] Stricter = ["spark4/damaged-empty-commit", "spark4/damaged-empty-commit-middle"];

    private static readonly JsonSerializerOptions Relaxed =
        new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    [Fact]
    public async Task Every_readable_log_gives_its_recorded_versions()
    {
        List<string> offences = [];
        int passed = 0, pending = 0;
        foreach (CorpusTable table in CorpusTable.LoadAll().Where(table => table.Expect == "ok"))
        {
            try
            {
                offences.AddRange((await CompareAsync(table)).Select(difference => $"{table.Name}: {difference}"));
                passed++;
            }
            catch (UnsupportedFeatureException exception)
                when (table.MayBePending || exception.Feature == "reading Parquet checkpoints")
            {
                Assert.NotEmpty(exception.Feature);
                pending++;
            }
            catch (CorruptLogException) when (Stricter.Contains(table.Name))
            {
            }
            catch (Exception exception)
            {
                offences.Add($"{table.Name}: {exception.GetType().Name} {exception.Message}");
            }
        }

        TestContext.Current.TestOutputHelper?.WriteLine($"{passed} logs read, {pending} pending");
        Assert.True(offences.Count == 0, string.Join('\n', offences));
        Assert.True(passed >= 300, $"only {passed} logs were read");
    }

    private static async Task<List<string>> CompareAsync(CorpusTable table)
    {
        List<string> differences = [];
        void Check<T>(string what, T expected, T actual)
        {
            if (!EqualityComparer<T>.Default.Equals(expected, actual))
            {
                differences.Add($"{what} is {actual}, expected {expected}");
            }
        }

        DeltaTable opened = await DeltaTable.OpenAsync(table.Folder);
        Snapshot snapshot = await opened.SnapshotAsync();
        Check("version", table.Number("latestVersion") ?? -1, snapshot.Version);
        Check("files", table.Number("numFiles") ?? snapshot.FileCount, snapshot.FileCount);
        Check("schema", SchemaJson.Format(SchemaJson.Parse(Raw(table, "schema"))), SchemaJson.Format(snapshot.Schema));
        Check(
            "partition columns",
            string.Join(',', table.Expected.GetProperty("partitionColumns").EnumerateArray()),
            string.Join(',', snapshot.PartitionColumns));
        if (table.Number("rowCount") is long rows && snapshot.RowCount is long counted)
        {
            Check("rows by statistics", rows, counted);
        }

        if (table.Expected.TryGetProperty("versions", out JsonElement versions))
        {
            foreach (JsonProperty version in versions.EnumerateObject().Where((_, index) => index % 3 == 0))
            {
                Snapshot older = await opened.SnapshotAsync(long.Parse(version.Name, CultureInfo.InvariantCulture));
                JsonElement files = version.Value.GetProperty("numFiles");
                Check(
                    $"files of version {version.Name}",
                    files.ValueKind == JsonValueKind.Number ? files.GetInt32() : older.FileCount,
                    older.FileCount);
            }
        }

        return differences;
    }

    private static string Raw(CorpusTable table, string property) => JsonSerializer.Serialize(
        table.Expected.GetProperty(property), Relaxed);
}
