using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Threading.Tasks;
using Apache.Arrow;
using DuckDB.NET.Data;
using Polder.Columns;
using Polder.Delta;
using Polder.Delta.Shapes;
using Polder.Storage;
using Polder.Storage.Memory;
using Xunit;

namespace Polder.Tests.Delta;

/// <summary>Create, append, overwrite: rows in, rows out.</summary>
public sealed class AppendTests
{
    private static readonly DataType AllTypes = DataType.Struct(
        new StructField("id", DataType.Long, nullable: false),
        new StructField("b", DataType.Boolean),
        new StructField("i8", DataType.Byte),
        new StructField("i16", DataType.Short),
        new StructField("i32", DataType.Integer),
        new StructField("f32", DataType.Float),
        new StructField("f64", DataType.Double),
        new StructField("d", DataType.Decimal(38, 10)),
        new StructField("s", DataType.String),
        new StructField("bin", DataType.Binary),
        new StructField("day", DataType.Date),
        new StructField("ts", DataType.Timestamp),
        new StructField("ntz", DataType.TimestampNtz),
        new StructField("a", DataType.Array(DataType.Integer)),
        new StructField("m", DataType.Map(DataType.String, DataType.Long)),
        new StructField("st", DataType.Struct(
            new StructField("x", DataType.Integer), new StructField("y", DataType.Array(DataType.String)))));

    private readonly MemoryStore _store = new();

    [Fact]
    public async Task Rows_of_every_type_come_back_as_they_went_in()
    {
        RecordBatch rows = TestRows.Batch(
            AllTypes,
            [
                1L, true, (sbyte)-128, (short)-32768, int.MinValue, 1.5f, -2.5e300, -(Int128)12345678901234567890,
                "grüße 🐘", new byte[] { 0, 255 }, -719162, -62135596800000000L, 253402300799999999L,
                new object?[] { 1, null, 3 }, new (object?, object?)[] { ("k", 1L), ("l", null) },
                new object?[] { 7, new object?[] { "p", null } },
            ],
            [2L, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null],
            [
                3L, false, (sbyte)0, (short)0, 0, float.NaN, double.PositiveInfinity, (Int128)0, "",
                System.Array.Empty<byte>(), 0, 0L, 0L, System.Array.Empty<object?>(),
                System.Array.Empty<(object?, object?)>(), new object?[] { null, null },
            ]);
        DeltaTable table = await DeltaTable.CreateAsync(_store, AllTypes);

        CommitResult result = await table.AppendAsync(TestRows.Stream(rows));

        Assert.Equal((1L, 1, 3L), (result.Version, result.FilesAdded, result.RowsAdded));
        Snapshot snapshot = await (await DeltaTable.OpenAsync(_store)).SnapshotAsync();
        Assert.Equal(AllTypes, snapshot.Schema);
        Assert.Equal(3, snapshot.RowCount);
        Assert.Equal(RowLines.Format(rows, AllTypes), await RowLines.ReadAsync(snapshot.Scan()));
        Assert.Equal((3, 7), (snapshot.Protocol.ReaderVersion, snapshot.Protocol.WriterVersion));
        Assert.Equal(["timestampNtz"], snapshot.Protocol.ReaderFeatures);
    }

    [Fact]
    public async Task Table_and_its_first_rows_come_in_one_version_or_not_at_all()
    {
        using TemporaryFolder folder = new();

        CommitResult result = await DeltaTable.CreateAsync(folder.Path, LogFiles.Schema, TestRows.Numbered(0, 7));

        Assert.Equal((0L, 7L), (result.Version, result.RowsAdded));
        DeltaTable table = await DeltaTable.OpenAsync(folder.Path);
        Assert.Equal(7, (await RowLines.ReadAsync(table.Scan())).Count);
        await Assert.ThrowsAsync<ConcurrentWriteException>(
            () => DeltaTable.CreateAsync(folder.Path, LogFiles.Schema, TestRows.Numbered(0, 1)));
        Assert.Single(Directory.EnumerateFiles(folder.Path, "*.parquet"));
        Assert.Equal(7, (await RowLines.ReadAsync(table.Scan())).Count);
    }

    [Fact]
    public async Task Table_without_new_types_keeps_the_oldest_protocol()
    {
        DeltaTable table = await DeltaTable.CreateAsync(_store, LogFiles.Schema);

        Snapshot snapshot = await table.SnapshotAsync();

        Assert.Equal((1, 2), (snapshot.Protocol.ReaderVersion, snapshot.Protocol.WriterVersion));
        Assert.Null(snapshot.Protocol.WriterFeatures);
        Assert.Equal(0, snapshot.Version);
        await Assert.ThrowsAsync<ConcurrentWriteException>(() => DeltaTable.CreateAsync(_store, LogFiles.Schema));
    }

    [Fact]
    public async Task Partition_values_of_every_type_and_nasty_characters_come_back()
    {
        DataType schema = DataType.Struct(
            new StructField("s", DataType.String), new StructField("d", DataType.Decimal(38, 18)),
            new StructField("f", DataType.Double), new StructField("t", DataType.Timestamp),
            new StructField("n", DataType.TimestampNtz), new StructField("day", DataType.Date),
            new StructField("b", DataType.Boolean), new StructField("i", DataType.Byte),
            new StructField("v", DataType.Integer));
        string[] texts =
        [
            "plain", "a b", "a/b", "a=b", "a%20b", "100%", "#?&", "\"'\\", "ä ö 🐘", "..", ".",
            "__HIVE_DEFAULT_PARTITION__", "x:y", "tab\tnl\n", "\u0001\u007f", "+", "a+b c", "[]{}^",
            new string('l', 300), "C:\\x", "//", " lead", "trail ",
        ];
        object?[][] rows =
        [
            .. texts.Select((text, index) => new object?[]
            {
                text, (Int128)index * 1_000_000_007 - 5, index - 0.5, index * 86_400_000_001L - 1,
                -index * 3_600_000_000L, index * 400 - 4000, index % 2 == 0, (sbyte)(index - 10), index,
            }),
            [null, null, null, null, null, null, null, null, 99],
        ];
        using TemporaryFolder folder = new();
        DeltaTable table = await DeltaTable.CreateAsync(
            folder.Path, schema, new TableOptions { PartitionBy = ["s", "d", "f", "t", "n", "day", "b", "i"] });

        CommitResult result = await table.AppendAsync(TestRows.Stream(schema, rows));

        Assert.Equal(rows.Length, result.FilesAdded);
        Snapshot snapshot = await (await DeltaTable.OpenAsync(folder.Path)).SnapshotAsync();
        List<string> expected = [.. RowLines.Format(TestRows.Batch(schema, rows), schema)];
        expected.Sort(StringComparer.Ordinal);
        Assert.Equal(expected, await RowLines.ReadAsync(snapshot.Scan()));
    }

    [Fact]
    public async Task Empty_text_as_a_partition_value_is_null()
    {
        DataType schema = DataType.Struct(
            new StructField("p", DataType.String), new StructField("v", DataType.Integer));
        DeltaTable table = await DeltaTable.CreateAsync(_store, schema, new TableOptions { PartitionBy = ["p"] });

        await table.AppendAsync(TestRows.Stream(schema, ["", 1], [null, 2]));

        Snapshot snapshot = await table.SnapshotAsync();
        Assert.Null(Assert.Single(snapshot.Files).PartitionValues["p"]);
    }

    [Fact]
    public async Task Month_of_a_column_partitions_and_the_rows_keep_the_column()
    {
        DataType schema = DataType.Struct(
            new StructField("date", DataType.Date), new StructField("v", DataType.Integer));
        DeltaTable table = await DeltaTable.CreateAsync(
            _store, schema, new TableOptions { PartitionBy = ["year(date)", "month(date)"] });
        int start = (int)(new DateTime(2001, 1, 1) - DateTime.UnixEpoch).TotalDays;

        await table.AppendAsync(TestRows.Stream(
            schema, [.. Enumerable.Range(0, 400).Select(day => new object?[] { start + day, day })]));

        Snapshot snapshot = await table.SnapshotAsync();
        Assert.Equal(["date_year", "date_month"], snapshot.PartitionColumns);
        Assert.Equal(14, snapshot.FileCount);
        TableScan scan = snapshot.Scan().Where($"date = {new DateOnly(2001, 3, 7)}").Select("date", "date_month", "v");
        Assert.Equal(["{\"date\":\"2001-03-07\",\"date_month\":3,\"v\":65}"], await RowLines.ReadAsync(scan));
        Assert.StartsWith("1 of 14 files; 13 skipped: statistics(date)", scan.Explain(), StringComparison.Ordinal);
        Assert.StartsWith(
            "1 of 14 files; 13 skipped: ",
            snapshot.Scan().Where($"date_month = {2} AND date_year = {2002}").Explain(),
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Overwrite_replaces_all_rows_and_old_versions_stay_readable()
    {
        DeltaTable table = await DeltaTable.CreateAsync(_store, LogFiles.Schema);
        await table.AppendAsync(TestRows.Numbered(0, 5));
        await table.AppendAsync(TestRows.Numbered(5, 5));

        CommitResult result = await table.OverwriteAsync(TestRows.Numbered(100, 2));

        Assert.Equal((3L, 1, 2), (result.Version, result.FilesAdded, result.FilesRemoved));
        Assert.Equal(2, (await table.SnapshotAsync()).RowCount);
        Assert.Equal(10, (await RowLines.ReadAsync((await table.SnapshotAsync(version: 2)).Scan())).Count);
        List<TableCommit> history = await table.HistoryAsync().ToListAsync();
        Assert.Equal(["WRITE", "WRITE", "WRITE", "CREATE TABLE"], history.Select(commit => commit.Operation));
        Assert.Equal("Overwrite", history[0].OperationParameters["mode"]);
        Assert.False(history[0].IsBlindAppend);
        Assert.True(history[1].IsBlindAppend);
        Assert.Equal("5", history[1].OperationMetrics["numOutputRows"]);
        Assert.StartsWith("Polder/", history[0].EngineInfo, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Rows_with_other_columns_are_refused_with_every_difference()
    {
        DataType schema = DataType.Struct(
            new StructField("id", DataType.Long), new StructField("day", DataType.Date),
            new StructField("st", DataType.Struct(new StructField("x", DataType.Integer))));
        DataType other = DataType.Struct(
            new StructField("ID", DataType.String), new StructField("extra", DataType.Integer),
            new StructField("st", DataType.Struct(new StructField("y", DataType.Integer))));
        DeltaTable table = await DeltaTable.CreateAsync(_store, schema);

        SchemaMismatchException error = await Assert.ThrowsAsync<SchemaMismatchException>(
            () => table.AppendAsync(TestRows.Stream(other, ["a", 1, new object?[] { 1 }])));

        Assert.Equal(
            [
                "the column id is string, the table has bigint",
                "the column day (date) is missing",
                "the table has no field st.y (int)",
                "the field st.x (int) is missing",
                "the table has no column extra (int)",
            ],
            error.Differences);
        Assert.Equal(0, (await table.SnapshotAsync()).Version);
    }

    [Fact]
    public async Task Narrower_numbers_are_widened_and_columns_may_come_in_any_order()
    {
        DataType schema = DataType.Struct(
            new StructField("id", DataType.Long), new StructField("d", DataType.Decimal(12, 4)),
            new StructField("s", DataType.String));
        DataType given = DataType.Struct(
            new StructField("S", DataType.String), new StructField("d", DataType.Decimal(8, 2)),
            new StructField("id", DataType.Short));
        DeltaTable table = await DeltaTable.CreateAsync(_store, schema);

        await table.AppendAsync(TestRows.Stream(given, ["x", (Int128)150, (short)7]));

        Assert.Equal(
            ["{\"id\":7,\"d\":\"1.5000\",\"s\":\"x\"}"], await RowLines.ReadAsync(table.Scan()));
    }

    [Fact]
    public async Task Merge_adds_columns_and_fills_missing_ones_with_null()
    {
        DataType given = DataType.Struct(new StructField("id", DataType.Long), new StructField("n", DataType.Double));
        DeltaTable table = await DeltaTable.CreateAsync(_store, LogFiles.Schema);
        await table.AppendAsync(TestRows.Numbered(1, 1));

        await table.AppendAsync(
            TestRows.Stream(given, [2L, 0.5]), new WriteOptions { SchemaMode = SchemaMode.Merge });

        Assert.Equal(
            ["{\"id\":1,\"s\":\"s1\",\"n\":null}", "{\"id\":2,\"s\":null,\"n\":0.5}"],
            await RowLines.ReadAsync((await table.SnapshotAsync()).Scan()));
    }

    [Fact]
    public async Task Null_in_a_not_null_column_is_refused_and_leaves_no_file()
    {
        DataType schema = DataType.Struct(
            new StructField("id", DataType.Long, nullable: false),
            new StructField("st", DataType.Struct(new StructField("x", DataType.Integer, nullable: false))));
        DeltaTable table = await DeltaTable.CreateAsync(_store, schema);
        await table.AppendAsync(TestRows.Stream(schema, [1L, null], [2L, new object?[] { 5 }]));

        ConstraintViolationException error = await Assert.ThrowsAsync<ConstraintViolationException>(
            () => table.AppendAsync(TestRows.Stream(
                TestRows.Batch(schema, [3L, null]), TestRows.Batch(Relaxed(schema), new object?[] { null, null }))));

        Assert.Contains("the column id is NOT NULL, and row 1", error.Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<ConstraintViolationException>(
            () => table.AppendAsync(TestRows.Stream(Relaxed(schema), [3L, new object?[] { null }])));
        Assert.Equal(2, (await table.SnapshotAsync()).RowCount);
        Assert.Single(await _store.ListAsync(StorePath.Root)
            .Where(item => item.Path.Value.EndsWith(".parquet", StringComparison.Ordinal)).ToListAsync());
    }

    [Fact]
    public async Task Repeated_load_of_an_application_changes_nothing()
    {
        DeltaTable table = await DeltaTable.CreateAsync(_store, LogFiles.Schema);
        WriteOptions load = new() { ApplicationId = "loader", ApplicationVersion = 17 };

        CommitResult first = await table.AppendAsync(TestRows.Numbered(0, 3), load);
        CommitResult second = await table.AppendAsync(TestRows.Numbered(0, 3), load);

        Assert.True(first.IsCommitted);
        Assert.False(second.IsCommitted);
        Snapshot snapshot = await table.SnapshotAsync();
        Assert.Equal((3L, 17L), (snapshot.RowCount, snapshot.SetTransactions["loader"]));
    }

    [Fact]
    public async Task No_rows_make_no_version_but_an_empty_overwrite_does()
    {
        DeltaTable table = await DeltaTable.CreateAsync(_store, LogFiles.Schema);
        await table.AppendAsync(TestRows.Numbered(0, 3));

        Assert.False((await table.AppendAsync(TestRows.Stream())).IsCommitted);
        Assert.False((await table.AppendAsync(TestRows.Numbered(0, 0))).IsCommitted);
        CommitResult result = await table.OverwriteAsync(TestRows.Stream());

        Assert.Equal((2L, true, 1), (result.Version, result.IsCommitted, result.FilesRemoved));
        Assert.Equal(0, (await table.SnapshotAsync()).RowCount);
    }

    [Fact]
    public async Task Many_partitions_within_a_small_budget_keep_every_row()
    {
        DataType schema = DataType.Struct(
            new StructField("p", DataType.Integer), new StructField("text", DataType.String));
        DeltaTable table = await DeltaTable.CreateAsync(_store, schema, new TableOptions { PartitionBy = ["p"] });
        IEnumerable<RecordBatch> batches = Enumerable.Range(0, 20).Select(batch => TestRows.Batch(
            schema,
            [.. Enumerable.Range(0, 500)
                .Select(row => new object?[] { row % 150, new string((char)('a' + batch), 100) })]));

        CommitResult result = await table.AppendAsync(
            batches.ToAsyncEnumerable(), new WriteOptions { BufferBytes = 200_000, TargetFileBytes = 50_000 });

        Assert.InRange(result.FilesAdded, 151, 4000);
        Assert.Equal(10_000, (await table.SnapshotAsync()).RowCount);
        Assert.Equal(10_000, (await RowLines.ReadAsync((await table.SnapshotAsync()).Scan())).Count);
    }

    [Fact]
    public async Task Other_readers_see_the_same_rows_in_the_files()
    {
        using TemporaryFolder folder = new();
        DeltaTable table = await DeltaTable.CreateAsync(folder.Path, LogFiles.Schema);
        await table.AppendAsync(TestRows.Numbered(0, 1000));

        using DuckDBConnection duck = new("DataSource=:memory:");
        duck.Open();
        using DuckDBCommand command = duck.CreateCommand();
        command.CommandText = $"SELECT count(*), sum(id), min(s), max(s) FROM read_parquet('{folder.Path}/*.parquet')";
        using DuckDBDataReader reader = command.ExecuteReader();
        Assert.True(reader.Read());
        Assert.Equal(1000L, reader.GetInt64(0));
        Assert.Equal("499500", Convert.ToString(reader.GetValue(1), CultureInfo.InvariantCulture));
        Assert.Equal(("s0", "s999"), (reader.GetString(2), reader.GetString(3)));
    }

    [Theory]
    [InlineData("delta.constraints.c", "id > 0")]
    [InlineData("delta.enableChangeDataFeed", "true")]
    [InlineData("delta.columnMapping.mode", "name")]
    public async Task Table_with_a_rule_that_is_not_honoured_is_not_written(string property, string value)
    {
        await LogFiles.PutAsync(
            _store, 0, new Polder.Delta.Actions.TableProtocol(2, 5, null, null),
            LogFiles.Metadata with { Configuration = new Dictionary<string, string?> { [property] = value } });
        DeltaTable table = await DeltaTable.OpenAsync(_store);

        await Assert.ThrowsAsync<UnsupportedFeatureException>(() => table.AppendAsync(TestRows.Numbered(0, 1)));

        Assert.Equal(1, await _store.ListAsync(StorePath.Root).CountAsync());
    }

    [Fact]
    public async Task Append_only_table_takes_rows_and_is_not_overwritten()
    {
        DeltaTable table = await DeltaTable.CreateAsync(
            _store,
            LogFiles.Schema,
            new TableOptions { Properties = new Dictionary<string, string> { ["delta.appendOnly"] = "true" } });
        await table.AppendAsync(TestRows.Numbered(0, 1));

        await Assert.ThrowsAsync<ConstraintViolationException>(() => table.OverwriteAsync(TestRows.Numbered(1, 1)));
    }

    [Theory]
    [InlineData("2001-02-03", 11356)]
    [InlineData("2001-2-3", 11356)]
    [InlineData("+294247-01-10", 106751991)]
    [InlineData("-0001-01-01", -719893)]
    [InlineData("1970-01-01", 0)]
    public void Dates_are_read_in_any_spelling(string text, int days)
    {
        Assert.True(PartitionText.TryParse(text, DataType.Date, out object? value));
        Assert.Equal(days, value);
        string? spelt = PartitionText.Format(value, DataType.Date);
        Assert.True(PartitionText.TryParse(spelt, DataType.Date, out object? again));
        Assert.Equal(value, again);
    }

    private static DataType Relaxed(DataType schema) => DataType.Struct(
        [.. schema.Fields.Select(field => new StructField(
            field.Name, field.Type.Kind == TypeKind.Struct ? Relaxed(field.Type) : field.Type))]);
}
