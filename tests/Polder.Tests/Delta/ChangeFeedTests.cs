using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Threading.Tasks;
using Apache.Arrow;
using Polder.Columns;
using Polder.Delta;
using Polder.Expressions;
using Polder.Formats;
using Xunit;

namespace Polder.Tests.Delta;

/// <summary>Change feeds, against those that Spark recorded.</summary>
public sealed class ChangeFeedTests
{
    private readonly List<string> _offences = [];
    private int _feeds;

    [Fact]
    public async Task Every_recorded_change_feed_is_given()
    {
        foreach (CorpusTable table in CorpusTable.LoadAll())
        {
            if (table.Expected.TryGetProperty("cdf", out JsonElement feed))
            {
                DeltaTable opened = await DeltaTable.OpenAsync(table.Folder);
                await CompareAsync(table, opened, feed);
                await CompareRangesAsync(table, opened);
            }
        }

        Counted.Say($"change feeds: {_feeds} of recorded ranges are given");
        Assert.True(_offences.Count == 0, string.Join('\n', _offences));
        Assert.True(_feeds > 150, $"only {_feeds} change feeds");
    }

    private async Task CompareAsync(CorpusTable table, DeltaTable opened, JsonElement feed)
    {
        string file = Path.Combine(Path.GetDirectoryName(table.Folder)!, feed.GetProperty("data").GetString()!);
        TableScan scan = WithoutTime(await opened.ChangesAsync(
            feed.GetProperty("fromVersion").GetInt64(), feed.GetProperty("toVersion").GetInt64()));
        List<string> expected = [.. File.ReadLines(file)
            .Where(line => line.Length > 0).Select(line => RowLines.Normalize(line, scan.Schema))];
        expected.Sort(StringComparer.Ordinal);
        List<string> actual = await RowLines.ReadAsync(scan);
        _feeds++;
        if (!expected.SequenceEqual(actual))
        {
            _offences.Add(
                $"{table.Name}: {actual.Count} changes, expected {expected.Count}; missing " +
                $"{expected.Except(actual).FirstOrDefault("none")}; too much " +
                $"{actual.Except(expected).FirstOrDefault("none")}");
        }
    }

    private async Task CompareRangesAsync(CorpusTable table, DeltaTable opened)
    {
        if (!table.Expected.TryGetProperty("cdfRanges", out JsonElement ranges))
        {
            return;
        }

        foreach (JsonElement range in ranges.EnumerateArray())
        {
            long from = range.GetProperty("fromVersion").GetInt64(), to = range.GetProperty("toVersion").GetInt64();
            string expected = range.TryGetProperty("error", out JsonElement error)
                ? error.GetProperty("condition").GetString()!
                : range.GetProperty("sha256").GetString()!;
            string actual = await AnswerAsync(opened, from, to);
            _feeds++;
            if (expected != actual)
            {
                _offences.Add($"{table.Name} from {from} to {to}: {actual}, expected {expected}");
            }
        }
    }

    private static async Task<string> AnswerAsync(DeltaTable table, long from, long to)
    {
        try
        {
            return await HashAsync(WithoutTime(await table.ChangesAsync(from, to)));
        }
        catch (QueryException exception)
        {
            return exception.Condition;
        }
        catch (CorruptFileException exception) when (exception.Message.Contains("gone", StringComparison.Ordinal))
        {
            return "FAILED_READ_FILE.FILE_NOT_EXIST";
        }
    }

    private static TableScan WithoutTime(TableScan feed) =>
        feed.Select([.. feed.Schema.Fields.Select(field => field.Name).Where(name => name != "_commit_timestamp")]);

    [Fact]
    public async Task Feed_is_a_scan_with_columns_and_predicates_of_its_own()
    {
        DeltaTable table = await DeltaTable.OpenAsync(Corpus.Path("corpus", "delta", "spark4", "cdf-dml"));
        TableScan feed = await table.ChangesAsync(0);

        List<string> deleted = await RowLines.ReadAsync(
            feed.Where($"_change_type = {"delete"} AND _commit_version >= {3}").Select("id", "_commit_version"));

        List<string> all = await RowLines.ReadAsync(feed);
        Assert.Equal(
            all.Count(line => line.Contains("\"delete\"", StringComparison.Ordinal) &&
                !line.Contains("\"_commit_version\":2", StringComparison.Ordinal)),
            deleted.Count);
        Assert.Equal("""{"id":3,"_commit_version":3}""", deleted[0]);
        Assert.True((await table.ChangesAsync(4, 4)).ListFiles().Count > 0);
        Assert.Contains(
            "partition(_commit_version)", feed.Where($"_commit_version = {2}").Explain(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Feed_between_times_has_what_was_committed_in_between()
    {
        DeltaTable table = await DeltaTable.OpenAsync(Corpus.Path("corpus", "delta", "delta-rs", "cdc_ict_table"));
        Dictionary<long, DateTimeOffset> times = [];
        await foreach (TableCommit commit in table.HistoryAsync())
        {
            times[commit.Version] = commit.Timestamp;
        }

        async Task<List<long>> VersionsAsync(DateTimeOffset from, DateTimeOffset? to)
        {
            TableScan feed = (await table.ChangesAsync(from, to)).Select("_commit_version");
            return [.. (await RowLines.ReadAsync(feed)).Select(line => (long)(line[^2] - '0')).Distinct()];
        }

        Assert.Equal([1, 2, 3], await VersionsAsync(times[1], null));
        Assert.Equal([2], await VersionsAsync(times[1].AddMilliseconds(1), times[3].AddMilliseconds(-1)));
        Assert.Empty(await VersionsAsync(times[2].AddMilliseconds(1), times[3].AddMilliseconds(-1)));
        QueryException late = await Assert.ThrowsAsync<QueryException>(
            () => table.ChangesAsync(times[3].AddMilliseconds(1)));
        Assert.Equal("DELTA_TIMESTAMP_GREATER_THAN_COMMIT", late.Condition);
        QueryException reversed = await Assert.ThrowsAsync<QueryException>(() => table.ChangesAsync(2, 1));
        Assert.Equal("DELTA_INVALID_CDC_RANGE", reversed.Condition);
    }

    [Fact]
    public async Task Commit_time_of_a_change_is_the_commits_own_where_it_has_one()
    {
        DeltaTable table = await DeltaTable.OpenAsync(Corpus.Path("corpus", "delta", "delta-rs", "cdc_ict_table"));
        TableScan feed = (await table.ChangesAsync(2, 2)).Select("_commit_timestamp");

        DateTimeOffset expected = DateTimeOffset.MinValue;
        await foreach (TableCommit commit in table.HistoryAsync())
        {
            expected = commit.Version == 2 ? commit.Timestamp : expected;
        }

        string only = Assert.Single((await RowLines.ReadAsync(feed)).Distinct());
        using JsonDocument row = JsonDocument.Parse(only);
        Assert.Equal(expected, row.RootElement.GetProperty("_commit_timestamp").GetDateTimeOffset());
    }

    /// <summary>Of the rows as the corpus writes them, sorted.</summary>
    private static async Task<string> HashAsync(TableScan scan)
    {
        List<string> lines = [];
        await foreach (RecordBatch batch in scan)
        {
            for (int row = 0; row < batch.Length; row++)
            {
                using MemoryStream line = new();
                using (Utf8JsonWriter writer = new(line, RowJson.WriterOptions))
                {
                    RowJson.WriteRow(writer, batch, scan.Schema, row);
                }

                using JsonDocument json = JsonDocument.Parse(line.ToArray());
                lines.Add(Spell(json.RootElement, scan.Schema) + "\n");
            }
        }

        lines.Sort(StringComparer.Ordinal);
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Concat(lines))));
    }

    /// <summary>As Python spells it, which wrote the corpus: a double always has a point or an exponent.</summary>
    private static string Spell(JsonElement json, DataType type) => (type.Kind, json.ValueKind) switch
    {
        (TypeKind.Struct, JsonValueKind.Object) => "{" + string.Join(',', json.EnumerateObject().Select(
            (property, index) =>
                $"\"{property.Name}\":{Spell(property.Value, type.Fields[index].Type)}")) + "}",
        (TypeKind.Double, JsonValueKind.Number) when !json.GetRawText().AsSpan().ContainsAny(".eE") =>
            json.GetRawText() + ".0",
        _ => json.GetRawText(),
    };
}
