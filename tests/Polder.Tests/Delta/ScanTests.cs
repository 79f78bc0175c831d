using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Threading.Tasks;
using Apache.Arrow;
using Polder.Columns;
using Polder.Columns.Kernels;
using Polder.Delta;
using Polder.Delta.Scan;
using Polder.Expressions;
using Polder.Expressions.Evaluation;
using Polder.Storage;
using Polder.Storage.Memory;
using Xunit;

namespace Polder.Tests.Delta;

/// <summary>Scans: columns, predicates, pruning, evolution.</summary>
public sealed class ScanTests
{
    private static readonly DataType Schema = DataType.Struct(
        new StructField("p", DataType.String),
        new StructField("i", DataType.Integer),
        new StructField("d", DataType.Decimal(10, 2)),
        new StructField("f", DataType.Double),
        new StructField("s", DataType.String),
        new StructField("t", DataType.Timestamp),
        new StructField("day", DataType.Date),
        new StructField("st", DataType.Struct(
            new StructField("x", DataType.Long), new StructField("y", DataType.String))));

    private static readonly string[] Names = ["p", "i", "d", "f", "s", "t", "day", "st.x"];

    private readonly MemoryStore _store = new();

    [Fact]
    public async Task Pruned_scan_gives_the_rows_of_an_unpruned_one_on_random_predicates()
    {
        const int seed = 20260;
        TestContext.Current.TestOutputHelper?.WriteLine($"seed {seed}");
        Random random = new(seed);
        Snapshot snapshot = await FillAsync(random);
        List<RecordBatch> everything = await TestRows.ToListAsync(snapshot.Scan());
        int skipped = 0, kept = 0;
        for (int round = 0; round < 300; round++)
        {
            string text = MakePredicate(random, depth: 0);
            Expression predicate = ExpressionAnalyzer.AnalyzeCondition(text, Schema);
            TableScan scan = snapshot.Scan().Where(predicate);
            List<string> expected = FilterAll(everything, predicate);

            List<string> actual = await RowLines.ReadAsync(scan);

            Assert.True(expected.SequenceEqual(actual), $"seed {seed}, round {round}: {text}: {scan.Explain()}");
            skipped += scan.ListFiles().Count(file => file.SkippedBy is not null);
            kept += scan.ListFiles().Count(file => file.SkippedBy is null);
        }

        TestContext.Current.TestOutputHelper?.WriteLine($"{skipped} files skipped, {kept} read");
        Assert.True(skipped > kept / 4, $"{skipped} of {skipped + kept} files skipped: pruning does nothing");
    }

    [Fact]
    public async Task Files_are_pruned_as_the_pruner_says_whichever_way_is_taken()
    {
        const int seed = 20261;
        TestContext.Current.TestOutputHelper?.WriteLine($"seed {seed}");
        Random random = new(seed);
        Snapshot snapshot = await FillAsync(random);
        Dictionary<string, ScanColumn> columns = ScanColumn.FindAll(
            Schema, snapshot.PartitionColumns, Polder.Delta.Shapes.ColumnNaming.None);
        new SnapshotStatistics(snapshot).TryLoad(columns.Values);
        FileStatistics statistics = new(snapshot.State.Files, columns);
        for (int round = 0; round < 300; round++)
        {
            string text = MakePredicate(random, depth: 3);
            Expression predicate = ExpressionAnalyzer.AnalyzeCondition(text, Schema);
            FileSelection skips = new FilePruner(predicate, columns, snapshot.State.Files).Prune();
            Assert.Equal(skips.Kept, Enumerable.Range(0, skips.Count).Where(file => skips[file] is null));
            for (int file = 0; file < skips.Count; file++)
            {
                statistics.MoveTo(file);
                bool expected = Conjunction.Split(predicate)
                    .Any(part => StatsPruner.Prune(part, statistics) == PruneResult.Skip);
                Assert.True(expected == (skips[file] is not null), $"seed {seed}, round {round}: {text}, file {file}");
            }
        }
    }

    [Fact]
    public async Task Values_in_braces_are_literals_whatever_they_hold()
    {
        DeltaTable table = await DeltaTable.CreateAsync(_store, LogFiles.Schema);
        string nasty = "x' OR '1'='1' -- \\ \n";
        await table.AppendAsync(TestRows.Stream(LogFiles.Schema, [1L, nasty], [2L, "b"], [3L, null]));

        Assert.Single(await RowLines.ReadAsync(table.Scan().Where($"s = {nasty}")));
        Assert.Empty(await RowLines.ReadAsync(table.Scan().Where($"s = {"x' OR '1'='1"}")));
        Assert.Equal(2, (await RowLines.ReadAsync(table.Scan().Where($"id IN {new[] { 1, 3, 9 }}"))).Count);
        Assert.Single(await RowLines.ReadAsync(table.Scan().Where($"id > {1} AND s IS NOT NULL").Select("S")));
    }

    [Fact]
    public async Task Unknown_columns_are_named_with_what_there_is()
    {
        DeltaTable table = await DeltaTable.CreateAsync(_store, LogFiles.Schema);

        QueryException predicate = Assert.Throws<QueryException>(() => table.Scan().Where($"delay > {1}"));
        QueryException column = Assert.Throws<QueryException>(() => table.Scan().Select("id", "delay"));

        Assert.StartsWith("UNRESOLVED_COLUMN", predicate.Condition, StringComparison.Ordinal);
        Assert.Equal("there is no column delay; the table has id, s", column.Message);
    }

    [Fact]
    public async Task Nested_fields_are_selected_by_path_and_are_null_inside_null_structs()
    {
        DataType inner = DataType.Struct(new StructField("z", DataType.Integer));
        DataType schema = DataType.Struct(
            new StructField("id", DataType.Integer),
            new StructField("st", DataType.Struct(
                new StructField("x", DataType.Long, nullable: false), new StructField("in", inner))));
        DeltaTable table = await DeltaTable.CreateAsync(_store, schema);
        await table.AppendAsync(TestRows.Stream(
            schema,
            [1, null],
            [2, new object?[] { 5L, null }],
            [3, new object?[] { 6L, new object?[] { 7 } }]));

        TableScan scan = (await table.SnapshotAsync()).Scan().Select("st.x", "ST.IN.z", "id").Where($"id < {9}");

        Assert.Equal("struct<x:bigint,z:int,id:int>", scan.Schema.ToString());
        Assert.Equal(
            ["{\"x\":5,\"z\":null,\"id\":2}", "{\"x\":6,\"z\":7,\"id\":3}", "{\"x\":null,\"z\":null,\"id\":1}"],
            await RowLines.ReadAsync(scan));
        Assert.Single(await RowLines.ReadAsync(table.Scan().Where($"st.in.z = {7}")));
    }

    [Fact]
    public async Task Explain_and_file_list_say_what_was_skipped_by_what()
    {
        DataType schema = DataType.Struct(
            new StructField("origin", DataType.String), new StructField("delay", DataType.Integer));
        DeltaTable table = await DeltaTable.CreateAsync(
            _store, schema, new TableOptions { PartitionBy = ["origin"] });
        await table.AppendAsync(TestRows.Stream(schema, ["SEA", 10], ["SEA", 20], ["SFO", 5], ["JFK", 90]));

        TableScan scan = table.Scan().Where($"origin = {"SEA"} AND delay > {60}");

        long bytes = (await table.SnapshotAsync()).SizeBytes;
        Assert.Equal(
            FormattableString.Invariant(
                $"0 of 3 files; 3 skipped: partition(origin) 2, statistics(delay) 1; {bytes} bytes not read"),
            scan.Explain());
        Assert.Equal(
            [("JFK", "partition"), ("SEA", "statistics"), ("SFO", "partition")],
            scan.ListFiles().Select(file => (file.File.PartitionValues["origin"], file.SkippedBy)).Order());
        Assert.Equal("3 of 3 files", table.Scan().Explain());
    }

    [Theory]
    [InlineData("delay > 70000", 1)]
    [InlineData("delay < 0", 0)]
    [InlineData("name >= 'm'", 1)]
    [InlineData("name IS NULL", 2)]
    [InlineData("name IS NOT NULL", 3)]
    [InlineData("t = TIMESTAMP '2020-01-01 00:00:00.123999Z'", 2)]
    [InlineData("d = 12345678901234567.89BD", 2)]
    [InlineData("f = CAST('NaN' AS DOUBLE)", 3)]
    [InlineData("p = 7", 1)]
    [InlineData("p IS NULL", 1)]
    [InlineData("NOT (p = 7)", 1)]
    public async Task Statistics_of_other_writers_are_taken_for_what_they_say(string predicate, int keptFiles)
    {
        DataType schema = DataType.Struct(
            new StructField("delay", DataType.Integer), new StructField("name", DataType.String),
            new StructField("t", DataType.Timestamp), new StructField("d", DataType.Decimal(20, 2)),
            new StructField("f", DataType.Double), new StructField("p", DataType.Integer));
        string[] stats =
        [
            // Cut to milliseconds; a decimal that went through a double.
            """
            {"numRecords":10,"minValues":{"delay":1,"name":"a","t":"2020-01-01T00:00:00.100Z",
             "d":1.2345678901234568E16,"f":1.5},
             "maxValues":{"delay":50,"name":"b","t":"2020-01-01T00:00:00.123Z","d":1.2345678901234568E16,"f":2.5},
             "nullCount":{"delay":0,"name":0,"t":0,"d":0,"f":0}}
            """,
            """
            {"numRecords":10,"minValues":{"delay":100,"name":"x","t":"2021-01-01T00:00:00.100Z","d":5,"f":1.5},
             "maxValues":{"delay":80000,"name":"z","t":"2021-01-01T00:00:00.123Z","d":6.25,"f":2.5},
             "nullCount":{"delay":0,"name":3,"t":0,"d":0,"f":0},"tightBounds":false}
            """,
            """
            {"numRecords":10,"nullCount":{"name":4}}
            """,
        ];
        await LogFiles.PutAsync(
            _store, 0, LogFiles.Protocol,
            LogFiles.Metadata with
            {
                SchemaString = Polder.Delta.Protocol.SchemaJson.Format(schema),
                PartitionColumns = ["p"],
            },
            LogFiles.Add("a") with { Stats = stats[0], PartitionValues = Partition("7") },
            LogFiles.Add("b") with { Stats = stats[1], PartitionValues = Partition("8") },
            LogFiles.Add("c") with { Stats = stats[2], PartitionValues = Partition(null) });
        Snapshot snapshot = await (await DeltaTable.OpenAsync(_store)).SnapshotAsync();

        TableScan scan = snapshot.Scan().Where(ExpressionAnalyzer.AnalyzeCondition(predicate, schema));

        int unknown = predicate.StartsWith("delay", StringComparison.Ordinal) ||
            predicate.StartsWith("name >=", StringComparison.Ordinal) ? 1 : 0;
        Assert.Equal(keptFiles + unknown, scan.ListFiles().Count(file => file.SkippedBy is null));
    }

    [Fact]
    public async Task Only_the_selected_fields_of_a_struct_are_read_from_the_file()
    {
        DataType inner = DataType.Struct(
            new StructField("small", DataType.Integer), new StructField("large", DataType.String));
        DataType schema = DataType.Struct(
            new StructField("st", DataType.Struct(new StructField("in", inner), new StructField("z", DataType.Long))));
        DeltaTable table = await DeltaTable.CreateAsync(_store, schema);
        await table.AppendAsync(TestRows.Stream(
            schema,
            [new object?[] { new object?[] { 1, "a" }, 2L }],
            [null],
            [new object?[] { null, 3L }]));

        ScanPlan plan = ScanPlan.Create(table.LastSeen, ["st.z", "ST.in.small"], null);

        Assert.Equal("struct<st:struct<in:struct<small:int>,z:bigint>>", plan.Layout.ToString());
        Assert.Equal(
            ["{\"z\":2,\"small\":1}", "{\"z\":3,\"small\":null}", "{\"z\":null,\"small\":null}"],
            await RowLines.ReadAsync(table.Scan().Select("st.z", "ST.in.small")));
        Assert.Equal(
            ["{\"in\":null}", "{\"in\":null}", "{\"in\":{\"small\":1,\"large\":\"a\"}}"],
            await RowLines.ReadAsync(table.Scan().Select("st.in")));
    }

    [Fact]
    public async Task Missing_data_file_is_an_error_that_names_version_and_file()
    {
        DeltaTable table = await DeltaTable.CreateAsync(_store, LogFiles.Schema);
        await table.AppendAsync(TestRows.Numbered(0, 3));
        string path = (await table.SnapshotAsync()).Files[0].Path;
        await _store.DeleteAsync(new StorePath(path));

        CorruptFileException error = await Assert.ThrowsAsync<CorruptFileException>(
            () => RowLines.ReadAsync(table.Scan()));

        Assert.Contains("version 1", error.Message, StringComparison.Ordinal);
        Assert.Contains(path, error.Message, StringComparison.Ordinal);
    }

    private static Dictionary<string, string?> Partition(string? value) => new() { ["p"] = value };

    private static List<string> FilterAll(List<RecordBatch> batches, Expression predicate)
    {
        Evaluator filter = Evaluator.Create(Conjunction.Rebind(predicate, Schema));
        List<string> lines = [.. batches.SelectMany(
            batch => RowLines.Format(Take.Rows(batch, filter.Filter(batch)), Schema))];
        lines.Sort(StringComparer.Ordinal);
        return lines;
    }

    private async Task<Snapshot> FillAsync(Random random)
    {
        DeltaTable table = await DeltaTable.CreateAsync(_store, Schema, new TableOptions { PartitionBy = ["p"] });
        for (int load = 0; load < 6; load++)
        {
            await table.AppendAsync(TestRows.Stream(
                Schema, [.. Enumerable.Range(0, 60).Select(_ => MakeRow(random, load))]));
        }

        return await table.SnapshotAsync();
    }

    private static object?[] MakeRow(Random random, int load)
    {
        object? Maybe(object value) => random.Next(10) == 0 ? null : value;
        int number = (load * 10) + random.Next(12);
        return
        [
            Maybe("p" + random.Next(3).ToString(CultureInfo.InvariantCulture)),
            Maybe(random.Next(4) == 0 ? 3 : number),
            Maybe((Int128)(number * 25)),
            Maybe(random.Next(8) switch { 0 => double.NaN, 1 => -0.0, _ => number / 4.0 }),
            Maybe(new string('k', random.Next(3) * 20) + number.ToString(CultureInfo.InvariantCulture)),
            Maybe((number * 86_400_000_000L) + random.Next(2000)),
            Maybe(number * 3),
            random.Next(6) == 0 ? null : new object?[] { Maybe((long)number), Maybe("y" + load) },
        ];
    }

    private static string MakePredicate(Random random, int depth)
    {
        int choice = random.Next(depth < 3 ? 8 : 5);
        string comparison = new[] { "=", "<", "<=", ">", ">=", "<>", "<=>" }[random.Next(7)];
        int number = random.Next(70);
        return choice switch
        {
            5 => $"({MakePredicate(random, depth + 1)} AND {MakePredicate(random, depth + 1)})",
            6 => $"({MakePredicate(random, depth + 1)} OR {MakePredicate(random, depth + 1)})",
            7 => $"NOT ({MakePredicate(random, depth + 1)})",
            0 => Names[random.Next(Names.Length)] + (random.Next(2) == 0 ? " IS NULL" : " IS NOT NULL"),
            1 => $"p {comparison} 'p{random.Next(4)}'",
            2 => $"i IN ({number}, {number + 1}, 3)",
            _ => random.Next(7) switch
            {
                0 => $"i {comparison} {number}",
                1 => FormattableString.Invariant($"d {comparison} {number * 0.25m}BD"),
                2 => FormattableString.Invariant($"f {comparison} {number / 4.0}D"),
                3 => $"s {comparison} '{new string('k', random.Next(3) * 20)}{number}'",
                4 => $"t {comparison} TIMESTAMP '{Day(number)} 00:00:00.{random.Next(2000):D6}Z'",
                5 => $"day {comparison} DATE '{Day(number * 3)}'",
                _ => $"st.x {comparison} {number}",
            },
        };
    }

    private static string Day(int days) =>
        DateTime.UnixEpoch.AddDays(days).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
