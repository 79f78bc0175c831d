using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;
using System.Threading.Tasks;
using Apache.Arrow;
using Apache.Arrow.Types;
using Polder.Columns;
using Polder.Columns.Values;
using Polder.Formats;
using Polder.Tests.Columns;
using Xunit;

namespace Polder.Tests.Formats;

public class FormatWriterTests
{
    private static readonly DataType[] TextTypes = [.. RandomColumns.Types.Where(type => !Mentions(
        type, TypeKind.Void, TypeKind.Variant, TypeKind.YearMonthInterval, TypeKind.DayTimeInterval,
        TypeKind.CalendarInterval))];

    [Theory]
    [InlineData(RowFormat.Csv)]
    [InlineData(RowFormat.Tsv)]
    [InlineData(RowFormat.Json)]
    [InlineData(RowFormat.Ndjson)]
    [InlineData(RowFormat.Arrow)]
    public async Task Random_rows_come_back_as_they_were_written(RowFormat format)
    {
        DataType[] types = format == RowFormat.Arrow
            ? [.. RandomColumns.Types.Where(type => !Mentions(type, TypeKind.Void, TypeKind.Variant))]
            : TextTypes;
        DataType schema = DataType.Struct(
            [.. types.Select((type, index) => new StructField($"c \"{index}\", ü", type))]);
        Random random = new(77);
        RecordBatch[] batches = [RandomBatch(random, schema, 40, 0), RandomBatch(random, schema, 33, 5)];
        byte[] written = await WriteAsync(format, schema, batches);

        FormatReadOptions options = new() { Schema = format == RowFormat.Arrow ? null : schema };
        (string readSchema, string[] rows) = await FormatTesting.ReadAsync(new MemoryStream(written), format, options);
        Assert.Equal(await RowsAsync(schema, batches), rows);
        if (format != RowFormat.Arrow)
        {
            Assert.Equal(SchemaText.Format(schema), readSchema);
        }
    }

    [Fact]
    public async Task Csv_is_quoted_where_it_must_be_and_null_differs_from_empty()
    {
        DataType schema = DataType.Struct(
            new StructField("a,b", DataType.String), new StructField("n", DataType.Decimal(5, 2)),
            new StructField("l", DataType.Array(DataType.String)));
        RecordBatch batch = Batch(schema,
            ["", (Int128)150, new object?[] { "x" }],
            ["q\"\n", null, null],
            [null, (Int128)(-1), new object?[] { null }],
            [" pad", (Int128)0, System.Array.Empty<object?>()]);
        string text = Encoding.UTF8.GetString(await WriteAsync(RowFormat.Csv, schema, batch));
        Assert.Equal(
            "\"a,b\",n,l\n\"\",1.50,\"[\"\"x\"\"]\"\n\"q\"\"\n\",,\n,-0.01,[null]\n\" pad\",0.00,[]\n", text);
    }

    [Fact]
    public async Task Json_is_an_array_and_ndjson_a_row_a_line()
    {
        DataType schema = DataType.Struct(new StructField("a", DataType.Long));
        RecordBatch batch = Batch(schema, [1L], [null]);
        Assert.Equal("[\n{\"a\":1},\n{\"a\":null}\n]\n",
            Encoding.UTF8.GetString(await WriteAsync(RowFormat.Json, schema, batch)));
        Assert.Equal("{\"a\":1}\n{\"a\":null}\n",
            Encoding.UTF8.GetString(await WriteAsync(RowFormat.Ndjson, schema, batch)));
        Assert.Equal("[]\n", Encoding.UTF8.GetString(await WriteAsync(RowFormat.Json, schema)));
        Assert.Empty(await WriteAsync(RowFormat.Ndjson, schema));
        Assert.Equal("a\n", Encoding.UTF8.GetString(await WriteAsync(RowFormat.Csv, schema)));
    }

    [Theory]
    [InlineData(ArrowLayout.File)]
    [InlineData(ArrowLayout.Stream)]
    public async Task An_arrow_file_or_stream_is_what_arrows_own_reader_takes(ArrowLayout layout)
    {
        DataType schema = DataType.Struct(new StructField("a", DataType.Long), new StructField("b", DataType.String));
        RecordBatch batch = Batch(schema, [1L, "x"], [null, null], [3L, "zz"]);
        using MemoryStream stream = new();
        await using (FormatWriter writer = FormatWriter.Create(
            stream, RowFormat.Arrow, schema, new FormatWriteOptions { ArrowLayout = layout }))
        {
            await writer.WriteAsync(batch.Slice(1, 2));
            await writer.CompleteAsync();
        }

        stream.Position = 0;
        using Apache.Arrow.Ipc.ArrowStreamReader reader = layout == ArrowLayout.File
            ? new Apache.Arrow.Ipc.ArrowFileReader(stream)
            : new Apache.Arrow.Ipc.ArrowStreamReader(stream);
        RecordBatch read = reader.ReadNextRecordBatch();
        Assert.Equal([null, 3L], ((Int64Array)read.Column(0)).ToArray());
        Assert.Equal("zz", ((StringArray)read.Column(1)).GetString(1));
    }

    [Fact]
    public async Task Damaged_arrow_is_a_clean_error()
    {
        DataType schema = DataType.Struct(new StructField("a", DataType.Long), new StructField("b", DataType.String));
        byte[] good = await WriteAsync(RowFormat.Arrow, schema, Batch(schema, [1L, "x"], [2L, "y"]));
        Random random = new(5);
        for (int round = 0; round < 400; round++)
        {
            byte[] bad = round < 100 ? good[..(good.Length * round / 100)] : (byte[])good.Clone();
            if (round >= 100)
            {
                bad[random.Next(bad.Length)] ^= (byte)(1 << random.Next(8));
            }

            try
            {
                await FormatTesting.ReadAsync(new MemoryStream(bad), RowFormat.Arrow, null, 1000);
            }
            catch (Exception exception) when (exception is CorruptFileException or UnsupportedFeatureException)
            {
                // Some damage shows, some is in padding or in values.
            }
        }
    }

    [Fact]
    public async Task Foreign_arrow_types_arrive_in_canonical_form_and_in_small_batches()
    {
        Field[] fields = [new("u", UInt32Type.Default, true), new("v", StringViewType.Default, true)];
        Schema schema = new(fields, null);
        RecordBatch batch = new(
            schema,
            [
                new UInt32Array.Builder().AppendRange(Enumerable.Range(0, 1000).Select(index => (uint)index)).Build(),
                new StringViewArray.Builder().AppendRange(
                    Enumerable.Range(0, 1000).Select(index => $"a text of some length {index}")).Build(),
            ],
            1000);
        using MemoryStream stream = new();
        using (Apache.Arrow.Ipc.ArrowStreamWriter writer = new(stream, schema, leaveOpen: true))
        {
            writer.WriteRecordBatch(batch);
            writer.WriteEnd();
        }

        stream.Position = 0;
        await using FormatReader reader =
            await FormatReader.OpenAsync(stream, RowFormat.Arrow, new() { BatchRows = 300 });
        Assert.Equal("u BIGINT, v STRING", SchemaText.Format(reader.Schema));
        List<string> rows = [];
        await foreach (RecordBatch part in reader.ReadAsync())
        {
            Assert.InRange(part.Length, 1, 300);
            rows.AddRange(FormatTesting.ToJson(part, reader));
        }

        Assert.Equal("""{"u":999,"v":"a text of some length 999"}""", rows[999]);
    }

    [Theory]
    [InlineData(Apache.Arrow.Ipc.CompressionCodecType.Zstd)]
    [InlineData(Apache.Arrow.Ipc.CompressionCodecType.Lz4Frame)]
    public async Task Compressed_arrow_is_read(Apache.Arrow.Ipc.CompressionCodecType codec)
    {
        DataType schema = DataType.Struct(new StructField("a", DataType.Long), new StructField("b", DataType.String));
        RecordBatch batch = Batch(schema, [.. Enumerable.Range(0, 60_000).Select(index =>
            new object?[] { (long)index, index % 7 == 0 ? null : $"some text {index % 1000}" })]);
        using MemoryStream stream = new();
        Apache.Arrow.Ipc.IpcOptions options = new()
        {
            CompressionCodec = codec,
            CompressionCodecFactory = new TestCompression(),
        };
        using (Apache.Arrow.Ipc.ArrowStreamWriter writer =
            new(stream, ArrowTypes.ToSchema(schema), leaveOpen: true, options))
        {
            writer.WriteRecordBatch(batch);
            writer.WriteEnd();
        }

        Assert.True(stream.Length < 900_000, $"{stream.Length} bytes are not compressed");
        stream.Position = 0;
        (_, string[] rows) = await FormatTesting.ReadAsync(stream, RowFormat.Arrow, null, 100_000);
        Assert.Equal(await RowsAsync(schema, [batch]), rows);
    }

    private static bool Mentions(DataType type, params TypeKind[] kinds) =>
        kinds.Contains(type.Kind) || (type.Element is not null && Mentions(type.Element, kinds)) ||
        (type.Key is not null && Mentions(type.Key, kinds)) || type.Fields.Any(field => Mentions(field.Type, kinds));

    private static RecordBatch Batch(DataType schema, params object?[][] rows)
    {
        BatchBuilder builder = new(schema, rows.Length);
        foreach (object?[] row in rows)
        {
            for (int columnIndex = 0; columnIndex < row.Length; columnIndex++)
            {
                builder.Columns[columnIndex].AppendValue(row[columnIndex]);
            }

            builder.RowCount++;
        }

        return builder.Build();
    }

    private static RecordBatch RandomBatch(Random random, DataType schema, int rowCount, int offset) => new(
        ArrowTypes.ToSchema(schema),
        schema.Fields.Select(field =>
            RandomColumns.Build(field.Type, Values(random, field.Type, rowCount), random, offset)),
        rowCount);

    // Within what text can say: times of a day, binaries and decimals of their width.
    private static object?[] Values(Random random, DataType type, int count) =>
        [.. RandomColumns.Values(random, type, count).Select(value => Tame(value, type))];

    private static object? Tame(object? value, DataType type) => (value, type.Kind) switch
    {
        (null, _) => null,
        (long number, TypeKind.Time) => (long)((ulong)number % 86_400_000_000),
        (Int128 number, TypeKind.Decimal) => number % DecimalMath.Power(type.Precision),
        (object?[] items, TypeKind.Array) => items.Select(item => Tame(item, type.Element!)).ToArray(),
        (object?[] items, TypeKind.Struct) =>
            items.Zip(type.Fields, (item, field) => Tame(item, field.Type)).ToArray(),
        _ => value,
    };

    private static async Task<byte[]> WriteAsync(RowFormat format, DataType schema, params RecordBatch[] batches)
    {
        using MemoryStream stream = new();
        await using FormatWriter writer = FormatWriter.Create(stream, format, schema);
        foreach (RecordBatch batch in batches)
        {
            await writer.WriteAsync(batch);
        }

        await writer.CompleteAsync();
        return stream.ToArray();
    }

    private static async Task<string[]> RowsAsync(DataType schema, RecordBatch[] batches) =>
        Encoding.UTF8.GetString(await WriteAsync(RowFormat.Ndjson, schema, batches))
            .Split('\n', StringSplitOptions.RemoveEmptyEntries);
}
