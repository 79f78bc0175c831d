using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Threading.Tasks;
using Apache.Arrow;
using ParquetSharp;
using Polder.Columns;
using Polder.Expressions;
using Polder.Expressions.Evaluation;
using Polder.Files;
using Polder.Parquet;
using Polder.Storage;
using Polder.Storage.Local;
using Polder.Tests.Parquet.Write;
using Xunit;
using ParquetFileReader = Polder.Files.ParquetFileReader;
using ParquetFileWriter = Polder.Files.ParquetFileWriter;

namespace Polder.Tests.Files;

/// <summary>
/// Whatever a predicate, a mask of rows and the writer of a file make a scan leave out, the rows that come out are
/// those of a whole scan, filtered.
/// </summary>
public sealed class FilteredScanTests(ITestOutputHelper output)
{
    private const int ScansPerFile = 25;
    private const string RowIndex = "position";

    public static TheoryData<string, int> Files
    {
        get
        {
            TheoryData<string, int> files = [];
            foreach (string writer in (string[])["polder", "arrow", "duckdb"])
            {
                for (int number = 0; number < 6; number++)
                {
                    files.Add(writer, number);
                }
            }

            return files;
        }
    }

    [Theory]
    [MemberData(nameof(Files))]
    public async Task A_pruned_scan_is_a_whole_scan_filtered(string writer, int number)
    {
        int seed = (Environment.TickCount & 0xFFFFFF) + number;
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"seed {seed}"));
        Random random = new(seed);
        using PeerReaders.TemporaryFolder folder = new();
        ScanRows rows = new(random, random.Next(1, 4000));
        await WriteAsync(writer, folder, rows, random);
        Engine engine = new(new EngineOptions
        {
            Parallelism = random.Next(1, 4),
            Limits = new Limits { ScanMemory = 1 << random.Next(10, 27) },
        });
        await using ParquetFileReader reader = await ParquetFileReader.OpenAsync(
            engine, new LocalStore(folder.FullPath), new StorePath("a.parquet"));
        List<RecordBatch> whole = await ReadAsync(reader, new ParquetReadOptions());
        Assert.Equal(rows.RowCount, whole.Sum(batch => batch.Length));
        for (int scan = 0; scan < ScansPerFile; scan++)
        {
            await CheckAsync(reader, whole, rows.Condition(random), random, seed);
        }
    }

    [Fact]
    public async Task A_row_of_many_entries_is_whole_though_the_next_one_is_left_out()
    {
        const int EntryCount = 10_000;
        DataType schema = DataType.Struct(new StructField("l", DataType.Array(DataType.Integer)));
        object?[] rows = [Enumerable.Range(0, EntryCount).Cast<object?>().ToArray(), new object?[] { 1 }];
        using PeerReaders.TemporaryFolder folder = new();
        LocalStore store = new(folder.FullPath);
        StorePath path = new("a.parquet");
        await using (ParquetFileWriter writer = await ParquetFileWriter.CreateAsync(
            Engine.Default, store, path, schema, ParquetWriteOptions.Default))
        {
            await writer.WriteAsync(new RecordBatch(
                ArrowTypes.ToSchema(schema),
                [Polder.Tests.Columns.RandomColumns.Build(schema.Fields[0].Type, rows, new Random(1))],
                2));
            await writer.CompleteAsync();
        }

        await using ParquetFileReader reader = await ParquetFileReader.OpenAsync(Engine.Default, store, path);
        List<RecordBatch> read = await ReadAsync(
            reader, new ParquetReadOptions { Mask = new RowMask([0b10], 2), SmallestIndexedBytes = 0 });
        ListArray lists = (ListArray)Assert.Single(read).Column(0);
        Assert.Equal(1, lists.Length);
        Assert.Equal(EntryCount, lists.GetValueLength(0));
    }

    private static async Task CheckAsync(
        ParquetFileReader reader, List<RecordBatch> whole, string text, Random random, int seed)
    {
        DataType file = reader.Footer.Schema.ToDataType();
        Polder.Expressions.Expression condition = ExpressionAnalyzer.AnalyzeCondition(text, file);
        byte[]? mask = ScanRows.Mask(random, reader.Footer.RowCount);
        string[] columns = [.. file.Fields.Select(field => field.Name).Where(_ => random.Next(3) == 0)];
        bool filters = random.Next(4) > 0;
        ParquetReadOptions options = new()
        {
            Columns = columns,
            Predicate = condition,
            FiltersRows = filters,
            BatchRows = random.Next(1, 3000),
            BatchBytes = random.Next(4) == 0 ? random.Next(1, 10_000) : 16 << 20,
            RowIndexColumn = RowIndex,
            Mask = mask is null ? null : new RowMask(mask, reader.Footer.RowCount),
            SmallestIndexedBytes = random.Next(5) == 0 ? 64 << 10 : 0,
        };
        string where = string.Create(CultureInfo.InvariantCulture, $"seed {seed}: {text}, of {columns.Length} columns");
        Dictionary<long, string> expected = Filter(whole, condition, mask, columns, file, out HashSet<long> matching);
        long before = -1;
        foreach (RecordBatch batch in await ReadAsync(reader, options))
        {
            Int64Array positions = (Int64Array)batch.Column(columns.Length);
            DataType read = Types(file, columns);
            string[][] values = [.. PeerReaders.Rows(Without(batch, columns.Length), read)];
            for (int row = 0; row < batch.Length; row++)
            {
                long position = positions.GetValue(row)!.Value;
                Assert.True(position > before, where);
                Assert.True(expected.TryGetValue(position, out string? wanted), $"{where}: row {position} left out");
                Assert.True(wanted == string.Join("|", values[row]), $"{where}: row {position} is {wanted}");
                Assert.True(matching.Remove(position) || !filters, $"{where}: row {position} does not match");
                before = position;
            }
        }

        Assert.True(matching.Count == 0, $"{where}: missing {string.Join(", ", matching.Take(5))}");
    }

    private static Dictionary<long, string> Filter(
        List<RecordBatch> whole,
        Polder.Expressions.Expression condition,
        byte[]? mask,
        string[] columns,
        DataType file,
        out HashSet<long> matching)
    {
        Evaluator evaluator = Evaluator.Create(condition);
        Dictionary<long, string> rows = [];
        matching = [];
        long first = 0;
        foreach (RecordBatch batch in whole)
        {
            HashSet<int> kept = [.. evaluator.Filter(batch).Rows];
            RecordBatch part = new(
                ArrowTypes.ToSchema(Types(file, columns)),
                columns.Select(column => batch.Column(file.IndexOf(column))),
                batch.Length);
            int row = 0;
            foreach (string[] values in PeerReaders.Rows(part, Types(file, columns)))
            {
                long position = first + row;
                if (mask is null || (mask[position >> 3] & (1 << (int)(position & 7))) == 0)
                {
                    rows[position] = string.Join("|", values);
                    _ = kept.Contains(row) && matching.Add(position);
                }

                row++;
            }

            first += batch.Length;
        }

        return rows;
    }

    private static DataType Types(DataType file, string[] columns) =>
        DataType.Struct([.. columns.Select(column => file.Fields[file.IndexOf(column)])]);

    private static RecordBatch Without(RecordBatch batch, int columnCount) => new(
        new Schema(batch.Schema.FieldsList.Take(columnCount), null), batch.Arrays.Take(columnCount), batch.Length);

    private static async Task<List<RecordBatch>> ReadAsync(ParquetFileReader reader, ParquetReadOptions options)
    {
        List<RecordBatch> batches = [];
        await foreach (RecordBatch batch in reader.ReadAsync(options))
        {
            batches.Add(batch);
        }

        return batches;
    }

    private static async Task WriteAsync(
        string writer, PeerReaders.TemporaryFolder folder, ScanRows rows, Random random)
    {
        if (writer == "arrow")
        {
            using WriterPropertiesBuilder builder = new();
            builder.Compression(random.Next(2) == 0 ? Compression.Snappy : Compression.Zstd)
                .DataPageVersion(random.Next(2) == 0 ? ParquetDataPageVersion.V1 : ParquetDataPageVersion.V2)
                .DataPagesize(random.Next(50, 10_000))
                .WriteBatchSize(random.Next(1, 200))
                .DictionaryPagesizeLimit(random.Next(1, 3) * 1000);
            _ = random.Next(4) == 0 ? builder.DisableWritePageIndex() : builder.EnableWritePageIndex();
            using WriterProperties properties = builder.Build();
            using ParquetSharp.Arrow.FileWriter file = new(folder.File("a.parquet"), rows.Batch.Schema, properties);
            file.WriteRecordBatch(rows.Batch, random.Next(100, 2 * rows.RowCount + 100));
            file.Close();
            return;
        }

        ParquetWriteOptions options = new()
        {
            Codec = random.Next(2) == 0 ? CompressionCodec.Zstd : CompressionCodec.Uncompressed,
            RowsPerPage = random.Next(1, 400),
            RowsPerRowGroup = random.Next(1, 3) == 1 ? random.Next(50, 5000) : 1 << 20,
            PageBytes = random.Next(100, 10_000),
            DictionaryBytes = random.Next(3) == 0 ? 0 : 1 << 20,
            StatisticsBytes = random.Next(2, 70),
            PageIndex = random.Next(5) > 0,
            BloomFilterColumns = random.Next(2) == 0 ? [] : [.. ScanRows.BloomColumns.Where(_ => random.Next(2) == 0)],
        };
        LocalStore store = new(folder.FullPath);
        await using (ParquetFileWriter file = await ParquetFileWriter.CreateAsync(
            Engine.Default, store, new StorePath("a.parquet"), ScanRows.Schema, options))
        {
            await file.WriteAsync(rows.Batch);
            await file.CompleteAsync();
        }

        if (writer == "duckdb")
        {
            File.Move(folder.File("a.parquet"), folder.File("b.parquet"));
            string version = random.Next(2) == 0 ? "V1" : "V2";
            PeerReaders.QueryDuckDb(string.Create(CultureInfo.InvariantCulture,
                $"COPY (SELECT * FROM read_parquet('{folder.File("b.parquet")}')) TO '{folder.File("a.parquet")}'") +
                $" (FORMAT parquet, PARQUET_VERSION {version}, ROW_GROUP_SIZE {random.Next(1, 3) * 2048})");
        }
    }
}
