using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text;
using System.Text.Json;
using System.Threading.Tasks;
using Apache.Arrow;
using Polder.Delta;
using Polder.Delta.Scan;
using Polder.Delta.Write;
using Polder.Storage.Memory;
using Xunit;

namespace Polder.Tests.Delta;

/// <summary>Statistics as Polder writes them beside those that Spark wrote for the same rows.</summary>
public sealed class StatisticsTests
{
    // Spark counts NaN into a maximum and writes it as text; Polder leaves both bounds of such a column out.
    private static readonly string[] Tables =
    [
        "spark4/values-string-long", "spark4/values-string", "spark4/values-date", "spark4/part-date",
        "spark4/values-timestamp-int96", "spark4/values-decimal-legacy-format", "spark4/values-300-columns",
        "spark4/timestamp-ntz", "spark4/write-optimize", "spark4/values-nested-legacy-format", "spark4/part-int",
        "spark4/parquet-row-groups", "spark4/values-rebase-corrected",
    ];

    [Fact]
    public async Task Statistics_are_those_of_Spark_for_the_same_rows()
    {
        List<string> offences = [];
        int compared = 0;
        foreach (CorpusTable table in CorpusTable.LoadAll().Where(table => Tables.Contains(table.Name)))
        {
            Snapshot theirs = await (await DeltaTable.OpenAsync(table.Folder)).SnapshotAsync();
            IReadOnlyList<string> columns = [.. theirs.Schema.Fields
                .Select(field => field.Name).Except(theirs.PartitionColumns)];
            ScanPlan plan = ScanPlan.Create(theirs, columns, null);
            for (int file = 0; file < theirs.FileCount; file++)
            {
                string spark = Encoding.UTF8.GetString(theirs.State.Files.GetStats(file));
                List<RecordBatch> rows = await new FileMorsel(plan, file).ReadAsync(default).ToListAsync();
                DeltaTable ours = await DeltaTable.CreateAsync(new MemoryStore(), plan.Projection.Output);
                await ours.AppendAsync(rows.ToAsyncEnumerable());
                if (spark.Length == 0 || ours.LastSeen.FileCount != 1)
                {
                    continue;
                }

                compared++;
                string polder = Encoding.UTF8.GetString(ours.LastSeen.State.Files.GetStats(0));
                List<string> expected = Flatten(spark), actual = Flatten(polder);
                offences.AddRange(expected.Except(actual).Select(item => $"{table.Name}: Spark has {item}"));
                offences.AddRange(actual.Except(expected).Select(item => $"{table.Name}: Polder has {item}"));
            }
        }

        TestContext.Current.TestOutputHelper?.WriteLine($"{compared} files compared");
        Assert.True(offences.Count == 0, string.Join('\n', offences));
        Assert.True(compared >= 30, $"only {compared} files");
    }

    [Theory]
    [InlineData("short", "short", "short")]
    [InlineData("32*a bcd", "32*a", "32*a \u007f")]
    [InlineData("32*a \u00e9", "32*a", "32*a \U0010FFFF")]
    [InlineData("31*a \U0001F418 z", "31*a \U0001F418", "31*a \U0001F418 \u007f")]
    [InlineData("31*a \U0001F418", "31*a \U0001F418", "31*a \U0001F418")]
    [InlineData("32*a \U0010FFFF b", "32*a", "32*a \U0010FFFF \u007f")]
    public void Long_text_is_cut_so_that_bounds_stay_bounds(string text, string minimum, string maximum)
    {
        (text, minimum, maximum) = (Expand(text), Expand(minimum), Expand(maximum));
        Assert.Equal(minimum, StatisticsText.CutMinimum(text));
        Assert.Equal(maximum, StatisticsText.CutMaximum(text));
        Assert.True(Encoding.UTF8.GetBytes(minimum).AsSpan().SequenceCompareTo(Encoding.UTF8.GetBytes(text)) <= 0);
        Assert.True(Encoding.UTF8.GetBytes(maximum).AsSpan().SequenceCompareTo(Encoding.UTF8.GetBytes(text)) >= 0);
    }

    /// <summary>Parts with blanks between; 32*a stands for so many.</summary>
    private static string Expand(string parts) => string.Concat(parts.Split(' ').Select(part =>
        part.IndexOf('*', StringComparison.Ordinal) is int star and > 0
            ? new string(part[star + 1], int.Parse(part[..star], CultureInfo.InvariantCulture))
            : part));

    private static List<string> Flatten(string stats)
    {
        using JsonDocument json = JsonDocument.Parse(stats);
        List<string> items = [];
        Flatten(json.RootElement, "", items);
        return items;
    }

    private static void Flatten(JsonElement json, string path, List<string> items)
    {
        if (json.ValueKind != JsonValueKind.Object)
        {
            string value = json.ValueKind switch
            {
                JsonValueKind.String => json.GetString()!,
                JsonValueKind.Number when json.GetRawText().AsSpan().ContainsAny('e', 'E') =>
                    json.GetDouble().ToString("R", CultureInfo.InvariantCulture),
                _ => json.GetRawText(),
            };
            items.Add($"{path} = {value}");
            return;
        }

        foreach (JsonProperty property in json.EnumerateObject())
        {
            Flatten(property.Value, $"{path}/{property.Name}", items);
        }
    }
}
