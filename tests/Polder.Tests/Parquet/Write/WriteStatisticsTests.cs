using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Threading.Tasks;
using Polder.Columns;
using Polder.Files;
using Polder.Parquet;
using Polder.Parquet.Write;
using Polder.Tests.Parquet.Footer;
using Xunit;

namespace Polder.Tests.Parquet.Write;

/// <summary>Bounds and counts, as DuckDB reads them from the footer and as the writer reports them.</summary>
public sealed class WriteStatisticsTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1 << 20)]
    public async Task Bounds_are_the_least_and_the_greatest(int dictionaryBytes)
    {
        using PeerReaders.TemporaryFolder folder = new();
        DataType schema = DataType.Struct(
            new StructField("i", DataType.Integer), new StructField("l", DataType.Long, false),
            new StructField("d", DataType.Double), new StructField("s", DataType.String),
            new StructField("m", DataType.Decimal(38, 2)), new StructField("b", DataType.Boolean),
            new StructField("t", DataType.Timestamp));
        object?[][] columns =
        [
            [3, null, -7, 3], [1L, 2L, 3L, 4L], [double.NaN, 1.5, null, -2.5], ["b", "a", null, "ç"],
            [(Int128)(-5), (Int128)12345, null, (Int128)0], [true, true, null, true], [1_000_000L, null, 0L, 5L],
        ];
        WrittenFile file = await WriteRoundTripTests.WriteAsync(
            folder, "a.parquet", schema, new ParquetWriteOptions { DictionaryBytes = dictionaryBytes },
            [WriteRoundTripTests.Batch(schema, columns, 4, new Random(1), 0)]);

        Dictionary<string, ColumnStatistics> reported = file.ColumnStatistics.ToDictionary(one => one.Path);
        AssertBounds(reported["i"], -7, 3, 1);
        AssertBounds(reported["l"], 1L, 4L, 0);
        AssertBounds(reported["d"], -2.5, 1.5, 1);
        AssertBounds(reported["s"], "a", "ç", 1);
        AssertBounds(reported["m"], (Int128)(-5), (Int128)12345, 1);
        AssertBounds(reported["b"], true, true, 1);
        AssertBounds(reported["t"], 0L, 1_000_000L, 1);
        Assert.Equal(1, reported["d"].NaNCount);

        Dictionary<string, Dictionary<string, object?>> stored = PeerReaders.QueryDuckDb(
            $"SELECT * FROM parquet_metadata('{folder.File("a.parquet")}')")
            .ToDictionary(row => (string)row["path_in_schema"]!);
        Assert.Equal(("-7", "3"), Bounds(stored["i"]));
        Assert.Equal(("1", "4"), Bounds(stored["l"]));
        Assert.Equal(("-2.5", "1.5"), Bounds(stored["d"]));
        Assert.Equal(("a", "ç"), Bounds(stored["s"]));
        Assert.Equal(("-0.05", "123.45"), Bounds(stored["m"]));
        Assert.Equal(("true", "true"), Bounds(stored["b"]));
        Assert.All(stored, pair => Assert.Equal(pair.Key == "l" ? 0L : 1L, pair.Value["stats_null_count"]));
    }

    [Fact]
    public async Task Zero_may_be_either_zero_and_NaN_is_no_bound()
    {
        using PeerReaders.TemporaryFolder folder = new();
        DataType schema = DataType.Struct(new StructField("z", DataType.Double), new StructField("n", DataType.Float));
        await WriteRoundTripTests.WriteAsync(
            folder, "a.parquet", schema, ParquetWriteOptions.Default,
            [WriteRoundTripTests.Batch(schema, [[0d, 0d], [float.NaN, float.NaN]], 2, new Random(1), 0)]);

        ParquetFooter footer = FooterDecoderTests.Decode(File.ReadAllBytes(folder.File("a.parquet")));
        ChunkStatistics zero = footer.RowGroups[0].Columns[0].Statistics!;
        Assert.Equal(BitConverter.GetBytes(-0d), zero.MinimumBytes!.Value.ToArray());
        Assert.Equal(BitConverter.GetBytes(0d), zero.MaximumBytes!.Value.ToArray());
        ChunkStatistics nan = footer.RowGroups[0].Columns[1].Statistics!;
        Assert.Null(nan.MinimumBytes);
        Assert.Null(nan.MaximumBytes);
        Assert.Equal(2, nan.NaNCount);
        Assert.Equal(0, footer.RowGroups[0].Columns[1].ColumnIndex.Length);
        Assert.NotEqual(0, footer.RowGroups[0].Columns[1].OffsetIndex.Length);
    }

    [Fact]
    public async Task Long_text_is_cut_on_characters_and_still_bounds()
    {
        using PeerReaders.TemporaryFolder folder = new();
        DataType schema = DataType.Struct(new StructField("s", DataType.String), new StructField("t", DataType.String));
        string low = string.Concat(Enumerable.Repeat("é", 200));
        string high = string.Concat(Enumerable.Repeat("ü", 200));
        string top = string.Concat(Enumerable.Repeat("\U0010FFFF", 100));
        WrittenFile file = await WriteRoundTripTests.WriteAsync(
            folder, "a.parquet", schema, new ParquetWriteOptions { StatisticsBytes = 9 },
            [WriteRoundTripTests.Batch(schema, [[low, high], [top, top]], 2, new Random(1), 0)]);

        ParquetFooter footer = FooterDecoderTests.Decode(File.ReadAllBytes(folder.File("a.parquet")));
        ChunkStatistics statistics = footer.RowGroups[0].Columns[0].Statistics!;
        Assert.Equal("éééé"u8.ToArray(), statistics.MinimumBytes!.Value.ToArray());
        Assert.Equal("üüüý"u8.ToArray(), statistics.MaximumBytes!.Value.ToArray());
        Assert.False(statistics.IsMinimumExact);
        Assert.False(statistics.IsMaximumExact);
        Assert.Null(footer.RowGroups[0].Columns[1].Statistics!.MaximumBytes);
        Assert.True(file.ColumnStatistics[0].IsMinimumCut);
        Assert.Equal(low[..128], file.ColumnStatistics[0].Minimum);
        Assert.Equal(high[..128], file.ColumnStatistics[0].Maximum);
    }

    [Fact]
    public async Task Nulls_of_a_list_are_counted_once_and_those_of_a_struct_reach_its_fields()
    {
        using PeerReaders.TemporaryFolder folder = new();
        DataType schema = DataType.Struct(
            new StructField("l", DataType.Array(DataType.Integer)),
            new StructField("s", DataType.Struct(
                new StructField("a", DataType.Integer), new StructField("b", DataType.Array(DataType.Long)))));
        object?[][] columns =
        [
            [null, new object?[] { null, 1, null }, Array.Empty<object?>(), null],
            [null, new object?[] { null, null }, new object?[] { 5, new object?[] { 1L } }, new object?[] { 6, null }],
        ];
        WrittenFile file = await WriteRoundTripTests.WriteAsync(
            folder, "a.parquet", schema, ParquetWriteOptions.Default,
            [WriteRoundTripTests.Batch(schema, columns, 4, new Random(1), 0)]);

        Assert.Equal(
            [("l", 2L), ("s.a", 2L), ("s.b", 3L)],
            file.ColumnStatistics.Select(one => (one.Path, one.NullCount)));
        AssertBounds(file.ColumnStatistics[1], 5, 6, 2);
        Assert.Null(file.ColumnStatistics[0].Minimum);
    }

    [Fact]
    public async Task The_footer_says_who_wrote_and_how()
    {
        using PeerReaders.TemporaryFolder folder = new();
        DataType schema = DataType.Struct(
            new StructField("few", DataType.String), new StructField("many", DataType.Long),
            new StructField("id", DataType.Integer, true, new Dictionary<string, string>
            {
                ["delta.columnMapping.id"] = "17",
            }));
        object?[][] columns =
        [
            [.. Enumerable.Range(0, 1000).Select(index => (object?)("v" + (index % 5)))],
            [.. Enumerable.Range(0, 1000).Select(index => (object?)(index * 1234567L))],
            [.. Enumerable.Range(0, 1000).Select(index => (object?)index)],
        ];
        ParquetWriteOptions options = new()
        {
            RowsPerPage = 300,
            KeyValues = [new KeyValuePair<string, string?>("k", "v")],
        };
        await WriteRoundTripTests.WriteAsync(
            folder, "a.parquet", schema, options,
            [WriteRoundTripTests.Batch(schema, columns, 1000, new Random(1), 0)]);

        ParquetFooter footer = FooterDecoderTests.Decode(File.ReadAllBytes(folder.File("a.parquet")));
        Assert.Matches(@"^polder version \d+\.\d+\.\d+ \(build .+\)$", footer.CreatedBy);
        Assert.Equal("v", footer.FindValue("k"));
        Assert.All(footer.ColumnOrders, order => Assert.Equal(ColumnOrder.TypeDefined, order));
        IReadOnlyList<ColumnChunkMetadata> chunks = footer.RowGroups[0].Columns;
        Assert.Equal(
            [
                new(PageType.DictionaryPage, ParquetEncoding.Plain, 1),
                new(PageType.DataPage, ParquetEncoding.RleDictionary, 4),
            ],
            chunks[0].EncodingCounts);
        Assert.Equal([new(PageType.DataPage, ParquetEncoding.Plain, 4)], chunks[1].EncodingCounts);
        Assert.Equal(2000, chunks[0].Sizes!.UnencodedBytes);
        Assert.Equal([0L, 1000L], chunks[0].Sizes!.DefinitionLevels.ToArray());
        Assert.Equal(17, footer.Schema.Fields[2].FieldId);
        Assert.Equal(
            17L,
            PeerReaders.QueryDuckDb(
                $"SELECT field_id FROM parquet_schema('{folder.File("a.parquet")}') WHERE name = 'id'")[0]["field_id"]);
    }

    [Fact]
    public void A_cut_maximum_is_above_what_it_cuts()
    {
        Random random = new(5);
        for (int round = 0; round < 2000; round++)
        {
            byte[] value = new byte[random.Next(1, 12)];
            random.NextBytes(value);
            if (random.Next(3) == 0)
            {
                value.AsSpan().Fill(0xFF);
            }

            byte[]? cut = BoundCutter.CutMaximum(value, 4, isText: false);
            Assert.True(cut is null || cut.AsSpan().SequenceCompareTo(value) > 0);
            Assert.True(cut is not null || value.Take(4).All(one => one == 0xFF));
        }
    }

    private static void AssertBounds(ColumnStatistics statistics, object minimum, object maximum, long nullCount)
    {
        Assert.Equal(minimum, statistics.Minimum);
        Assert.Equal(maximum, statistics.Maximum);
        Assert.Equal(nullCount, statistics.NullCount);
    }

    private static (string?, string?) Bounds(Dictionary<string, object?> row) =>
        ((string?)row["stats_min_value"], (string?)row["stats_max_value"]);
}
