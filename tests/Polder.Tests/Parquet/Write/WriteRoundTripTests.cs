using System;
using System.Collections.Generic;
using System.Linq;
using System.Text.RegularExpressions;
using System.Threading.Tasks;
using Apache.Arrow;
using Polder.Columns;
using Polder.Files;
using Polder.Parquet;
using Polder.Storage;
using Polder.Storage.Local;
using Polder.Tests.Columns;
using Xunit;

namespace Polder.Tests.Parquet.Write;

/// <summary>What is written is what Arrow C++, DuckDB and Polder read: every type, nesting, codec, page size.</summary>
public sealed partial class WriteRoundTripTests
{
    private static readonly CompressionCodec[] Codecs =
    [
        CompressionCodec.Zstd, CompressionCodec.Snappy, CompressionCodec.Gzip, CompressionCodec.Uncompressed,
        CompressionCodec.Lz4Raw, CompressionCodec.Brotli,
    ];

    public static TheoryData<int> Seeds => [.. Enumerable.Range(1, 12)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public async Task Other_engines_read_what_is_written(int seed)
    {
        Random random = new(seed);
        WriteValues values = new(random);
        DataType schema = WriteValues.EveryType;
        ParquetWriteOptions options = RandomOptions(random, seed);
        int[] batchSizes = [.. Enumerable.Range(0, random.Next(1, 4)).Select(_ => random.Next(0, 500))];
        using PeerReaders.TemporaryFolder folder = new();
        List<string[]> expected = [];
        List<RecordBatch> batches = [];
        foreach (int rowCount in batchSizes)
        {
            object?[][] columns =
                [.. schema.Fields.Select(field => values.Column(field.Type, field.Nullable, rowCount))];
            batches.Add(Batch(schema, columns, rowCount, random, offset: random.Next(0, 3) * 5));
            for (int row = 0; row < rowCount; row++)
            {
                expected.Add([.. columns.Select(column => RandomColumns.Show(column[row]))]);
            }
        }

        WrittenFile file = await WriteAsync(folder, "a.parquet", schema, options, batches);

        Assert.Equal(expected.Count, file.RowCount);
        AssertSameRows(schema, expected, await PeerReaders.ReadByArrowAsync(folder.File("a.parquet"), schema), seed);
        AssertSameRows(schema, expected, await ReadAsync(folder, "a.parquet", schema), seed);
        PeerReaders.CopyByDuckDb(folder.File("a.parquet"), folder.File("b.parquet"));
        List<string[]> copied = await PeerReaders.ReadByArrowAsync(folder.File("b.parquet"), schema);
        AssertSameRows(schema, WithoutNegativeZero(expected), WithoutNegativeZero(copied), seed);
        CheckStatistics(schema, expected, file);
    }

    [Fact]
    public async Task A_file_without_rows_has_a_schema()
    {
        using PeerReaders.TemporaryFolder folder = new();
        DataType schema = WriteValues.EveryType;
        WrittenFile file = await WriteAsync(folder, "empty.parquet", schema, ParquetWriteOptions.Default, []);

        Assert.Equal(0, file.RowCount);
        Assert.Empty(await PeerReaders.ReadByArrowAsync(folder.File("empty.parquet"), schema));
        Assert.Equal(
            schema.Fields.Select(field => field.Name),
            PeerReaders.QueryDuckDb($"DESCRIBE SELECT * FROM read_parquet('{folder.File("empty.parquet")}')")
                .Select(row => (string)row["column_name"]!));
    }

    [Fact]
    public async Task Intervals_variants_and_void_columns_keep_their_storage()
    {
        Random random = new(7);
        using PeerReaders.TemporaryFolder folder = new();
        DataType schema = DataType.Struct(
            new StructField("months", DataType.YearMonthInterval()),
            new StructField("micros", DataType.DayTimeInterval()),
            new StructField("nothing", DataType.Void),
            new StructField("c", DataType.Char(3)),
            new StructField("v", DataType.Variant));
        object?[][] columns = [.. schema.Fields.Select(field => RandomColumns.Values(random, field.Type, 50))];
        await WriteAsync(
            folder, "a.parquet", schema, ParquetWriteOptions.Default, [Batch(schema, columns, 50, random, 0)]);

        List<string[]> rows = await PeerReaders.ReadByArrowAsync(folder.File("a.parquet"), schema);
        for (int row = 0; row < rows.Count; row++)
        {
            Assert.Equal(columns.Select(column => RandomColumns.Show(column[row])), rows[row]);
        }

        Assert.Equal(
            50L, PeerReaders.QueryDuckDb($"SELECT count(*) n FROM read_parquet('{folder.File("a.parquet")}')")[0]["n"]);
    }

    [Fact]
    public async Task Long_text_takes_pages_of_its_own()
    {
        using PeerReaders.TemporaryFolder folder = new();
        DataType schema = DataType.Struct(new StructField("s", DataType.String));
        string[] texts =
            [.. Enumerable.Range(0, 40).Select(index => new string((char)('a' + (index % 26)), 300_000 + index))];
        await WriteAsync(
            folder, "a.parquet", schema, ParquetWriteOptions.Default, [Batch(schema, [texts], 40, new Random(1), 0)]);

        List<string[]> rows = await PeerReaders.ReadByArrowAsync(folder.File("a.parquet"), schema);
        Assert.Equal(texts.Select(text => "'" + text + "'"), rows.Select(row => row[0]));
    }

    [Fact]
    public async Task A_null_where_none_may_be_is_refused()
    {
        using PeerReaders.TemporaryFolder folder = new();
        DataType schema = DataType.Struct(new StructField("a", DataType.Integer, false));
        RecordBatch batch = Batch(schema, [[1, null]], 2, new Random(1), 0);
        ArgumentException refusal = await Assert.ThrowsAsync<ArgumentException>(
            () => WriteAsync(folder, "a.parquet", schema, ParquetWriteOptions.Default, [batch]));
        Assert.Contains("'a'", refusal.Message, StringComparison.Ordinal);
        Assert.Empty(System.IO.Directory.GetFiles(folder.FullPath));
    }

    [Fact]
    public async Task A_struct_of_no_fields_is_refused_by_name()
    {
        using PeerReaders.TemporaryFolder folder = new();
        DataType schema = DataType.Struct(new StructField("a", DataType.Struct()));
        UnsupportedFeatureException refusal = await Assert.ThrowsAsync<UnsupportedFeatureException>(
            () => WriteAsync(folder, "a.parquet", schema, ParquetWriteOptions.Default, []));
        Assert.Contains("struct of no fields", refusal.Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<UnsupportedFeatureException>(
            () => WriteAsync(folder, "a.parquet", DataType.Struct(), ParquetWriteOptions.Default, []));
        await Assert.ThrowsAsync<UnsupportedFeatureException>(() => WriteAsync(
            folder,
            "a.parquet",
            DataType.Struct(new StructField("i", DataType.CalendarInterval)),
            ParquetWriteOptions.Default,
            []));
    }

    internal static RecordBatch Batch(
        DataType schema, IReadOnlyList<IReadOnlyList<object?>> columns, int rowCount, Random random, int offset) => new(
            ArrowTypes.ToSchema(schema),
            columns.Select((column, index) =>
                RandomColumns.Build(schema.Fields[index].Type, column, random, offset)),
            rowCount);

    private static async Task<List<string[]>> ReadAsync(
        PeerReaders.TemporaryFolder folder, string name, DataType schema)
    {
        await using ParquetFileReader reader = await ParquetFileReader.OpenAsync(
            Engine.Default, new LocalStore(folder.FullPath), new StorePath(name));
        Assert.Equal(schema, reader.Footer.Schema.ToDataType());
        List<string[]> rows = [];
        await foreach (RecordBatch batch in reader.ReadAsync(new ParquetReadOptions()))
        {
            rows.AddRange(PeerReaders.Rows(batch, schema));
        }

        return rows;
    }

    internal static async Task<WrittenFile> WriteAsync(
        PeerReaders.TemporaryFolder folder, string name, DataType schema, ParquetWriteOptions options,
        IEnumerable<RecordBatch> batches)
    {
        await using ParquetFileWriter writer = await ParquetFileWriter.CreateAsync(
            Engine.Default, new LocalStore(folder.FullPath), new StorePath(name), schema, options);
        foreach (RecordBatch batch in batches)
        {
            await writer.WriteAsync(batch);
        }

        return await writer.CompleteAsync();
    }

    private static ParquetWriteOptions RandomOptions(Random random, int seed) => new()
    {
        Codec = Codecs[seed % Codecs.Length],
        RowsPerPage = random.Next(4) switch { 0 => 1, 1 => 7, 2 => 100, _ => 20_000 },
        PageBytes = random.Next(3) switch { 0 => 64, 1 => 1000, _ => 1 << 20 },
        DictionaryBytes = random.Next(4) switch { 0 => 0, 1 => 100, 2 => 2000, _ => 1 << 20 },
        RowsPerRowGroup = random.Next(3) switch { 0 => 100, 1 => 333, _ => 1 << 20 },
        StatisticsBytes = random.Next(2) == 0 ? 8 : 64,
        PageIndex = random.Next(4) != 0,
    };

    // DuckDB's writer keeps one zero of the two in its dictionary.
    private static List<string[]> WithoutNegativeZero(List<string[]> rows) =>
        [.. rows.Select(row => row.Select(text => NegativeZero().Replace(text, "$1 0")).ToArray())];

    [GeneratedRegex("(Double|Single) -0(?![.0-9])")]
    private static partial Regex NegativeZero();

    private static void AssertSameRows(DataType schema, List<string[]> expected, List<string[]> actual, int seed)
    {
        Assert.Equal(expected.Count, actual.Count);
        for (int row = 0; row < expected.Count; row++)
        {
            for (int column = 0; column < schema.Fields.Count; column++)
            {
                if (expected[row][column] != actual[row][column])
                {
                    Assert.Fail(
                        $"seed {seed}, row {row} of {expected.Count}, column {schema.Fields[column]}: "
                        + $"expected {expected[row][column]}, found {actual[row][column]}");
                }
            }
        }
    }

    private static void CheckStatistics(DataType schema, List<string[]> rows, WrittenFile file)
    {
        for (int column = 0; column < schema.Fields.Count; column++)
        {
            StructField field = schema.Fields[column];
            if (field.Type.Kind != TypeKind.Struct)
            {
                ColumnStatistics statistics = file.ColumnStatistics.Single(one => one.Path == field.Name);
                Assert.Equal(rows.Count(row => row[column] == "null"), statistics.NullCount);
                Assert.Equal(field.Type, statistics.Type);
            }
        }
    }
}
