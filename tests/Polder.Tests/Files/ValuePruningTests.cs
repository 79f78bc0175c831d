using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Threading.Tasks;
using Apache.Arrow;
using Polder.Columns;
using Polder.Expressions;
using Polder.Files;
using Polder.Parquet;
using Polder.Storage;
using Polder.Storage.Local;
using Polder.Tests.Columns;
using Polder.Tests.Parquet.Write;
using Xunit;

namespace Polder.Tests.Files;

/// <summary>Row groups whose bounds tell nothing are ruled out by bloom filters and dictionaries.</summary>
public sealed class ValuePruningTests
{
    private const int RowsPerRowGroup = 2000;

    private static readonly DataType Schema = DataType.Struct(
        new StructField("l", DataType.Long),
        new StructField("i", DataType.Integer, nullable: false),
        new StructField("d", DataType.Double),
        new StructField("s", DataType.String),
        new StructField("c", DataType.Decimal(30, 2)),
        new StructField("t", DataType.Timestamp),
        new StructField("few", DataType.String));

    /// <summary>Values of row group 0 are even, of row group 1 odd; bounds of both are the same.</summary>
    [Theory]
    [InlineData("l = 501", "polder", 1)]
    [InlineData("l = 500", "polder", 0)]
    [InlineData("i = 501", "polder", 1)]
    [InlineData("d = 501", "polder", 1)]
    [InlineData("s = 'v501'", "polder", 1)]
    [InlineData("c = 501.00", "polder", 1)]
    [InlineData("t = TIMESTAMP '1970-01-01 00:00:00.000501'", "polder", 1)]
    [InlineData("i IN (501, 503)", "polder", 1)]
    [InlineData("s = 'v501' AND i > 0", "polder", 1)]
    [InlineData("l = 501 OR l = 503", "polder", 1)]
    [InlineData("few LIKE '%d1%'", "polder", 1)]
    [InlineData("few = 'word2'", "polder", 0)]
    [InlineData("few = 'word2'", "duckdb", 0)]
    [InlineData("few = 'word1'", "duckdb", 1)]
    public async Task A_row_group_without_the_value_is_not_read(string predicate, string writer, int rowGroup)
    {
        using PeerReaders.TemporaryFolder folder = new();
        await WriteAsync(folder, writer);
        Engine engine = new();
        await using ParquetFileReader reader = await ParquetFileReader.OpenAsync(
            engine, new LocalStore(folder.FullPath), new StorePath("a.parquet"));
        Assert.Equal(2, reader.Footer.RowGroups.Count);
        HashSet<long> groups = [];
        ParquetReadOptions options = new()
        {
            Predicate = ExpressionAnalyzer.AnalyzeCondition(predicate, reader.Footer.Schema.ToDataType()),
            RowIndexColumn = "row",
            SmallestIndexedBytes = 0,
        };
        await foreach (RecordBatch batch in reader.ReadAsync(options))
        {
            Int64Array rows = (Int64Array)batch.Column(batch.ColumnCount - 1);
            groups.UnionWith(Enumerable.Range(0, rows.Length)
                .Select(row => rows.GetValue(row)!.Value / reader.Footer.RowGroups[0].RowCount));
        }

        Assert.Equal([rowGroup], groups);
    }

    [Fact]
    public async Task DuckDB_finds_the_values_in_the_bloom_filters_that_are_written()
    {
        using PeerReaders.TemporaryFolder folder = new();
        await WriteAsync(folder, "polder");
        foreach ((string column, string value) in (IEnumerable<(string, string)>)
            [("l", "500"), ("i", "500"), ("s", "'v500'"), ("d", "500.0::DOUBLE")])
        {
            List<Dictionary<string, object?>> probed = PeerReaders.QueryDuckDb(
                $"SELECT * FROM parquet_bloom_probe('{folder.File("a.parquet")}', '{column}', {value})");
            Assert.Equal([false, true], probed.Select(row => (bool)row["bloom_filter_excludes"]!));
        }
    }

    private static async Task WriteAsync(PeerReaders.TemporaryFolder folder, string writer)
    {
        Random random = new(3);
        LocalStore store = new(folder.FullPath);
        ParquetWriteOptions options = new()
        {
            RowsPerRowGroup = RowsPerRowGroup,
            BloomFilterColumns = ["l", "i", "d", "s", "c", "t"],
            PageIndex = false,
        };
        await using ParquetFileWriter file = await ParquetFileWriter.CreateAsync(
            Engine.Default, store, new StorePath("b.parquet"), Schema, options);
        for (int group = 0; group < 2; group++)
        {
            long[] values = [.. Enumerable.Range(1, RowsPerRowGroup - 2).Select(_ => (2L * random.Next(1000)) + group)];
            values = [-1, .. values, 9999];
            await file.WriteAsync(new RecordBatch(
                ArrowTypes.ToSchema(Schema),
                Schema.Fields.Select(field => RandomColumns.Build(
                    field.Type, [.. values.Select(value => Value(field, value))], random)),
                RowsPerRowGroup));
        }

        await file.CompleteAsync();
        if (writer == "duckdb")
        {
            PeerReaders.QueryDuckDb(string.Create(CultureInfo.InvariantCulture,
                $"COPY (SELECT * FROM read_parquet('{folder.File("b.parquet")}')) TO '{folder.File("a.parquet")}'") +
                " (FORMAT parquet, ROW_GROUP_SIZE 2000)");
        }
        else
        {
            System.IO.File.Move(folder.File("b.parquet"), folder.File("a.parquet"));
        }
    }

    private static object Value(StructField field, long value) => field.Name switch
    {
        "l" or "t" => value,
        "i" => (int)value,
        "d" => (double)value,
        "c" => (Int128)value * 100,
        "s" => string.Create(CultureInfo.InvariantCulture, $"v{value}"),
        _ => value switch { -1 => "word0", 9999 => "word9", _ => value % 2 == 0 ? "word2" : "word1" },
    };
}
