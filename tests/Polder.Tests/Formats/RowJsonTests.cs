using System;
using System.IO;
using System.Linq;
using System.Text;
using System.Text.Json;
using Apache.Arrow;
using Polder.Columns;
using Polder.Columns.Values;
using Polder.Formats;
using Xunit;

namespace Polder.Tests.Formats;

public class RowJsonTests
{
    public static TheoryData<object?, DataType, string> Values => new()
    {
        { null, DataType.Void, "null" },
        { true, DataType.Boolean, "true" },
        { (sbyte)-128, DataType.Byte, "-128" },
        { (short)300, DataType.Short, "300" },
        { -2147483648, DataType.Integer, "-2147483648" },
        { 9223372036854775807, DataType.Long, "9223372036854775807" },
        { 0.1f, DataType.Float, "0.1" },
        { 1e-7, DataType.Double, "1E-07" },
        { double.NaN, DataType.Double, "\"NaN\"" },
        { float.NegativeInfinity, DataType.Float, "\"-Infinity\"" },
        { (Int128)(-5), DataType.Decimal(10, 2), "\"-0.05\"" },
        { (Int128)0, DataType.Decimal(10, 0), "\"0\"" },
        { (Int128)123456, DataType.Decimal(10, 2), "\"1234.56\"" },
        { -DecimalMath.Power(38) + 1, DataType.Decimal(38, 38), $"\"-0.{new string('9', 38)}\"" },
        { "grüß \"<&\n", DataType.String, "\"grüß \\\"<&\\n\"" },
        { new byte[] { 0, 255, 16 }, DataType.Binary, "\"00ff10\"" },
        { 0, DataType.Date, "\"1970-01-01\"" },
        { -719529, DataType.Date, "\"-0001-12-31\"" },
        { -719528, DataType.Date, "\"0000-01-01\"" },
        { 2932897, DataType.Date, "\"10000-01-01\"" },
        { -1L, DataType.Timestamp, "\"1969-12-31T23:59:59.999999Z\"" },
        { 951782400000000L, DataType.TimestampNtz, "\"2000-02-29T00:00:00.000000\"" },
        { 3723000000L, DataType.Time(), "\"01:02:03\"" },
        { 3723000001L, DataType.Time(), "\"01:02:03.000001\"" },
        { -14, DataType.YearMonthInterval(), "\"INTERVAL '-1-2' YEAR TO MONTH\"" },
        { 14, DataType.YearMonthInterval(IntervalField.Month), "\"INTERVAL '14' MONTH\"" },
        { 93600000000L, DataType.DayTimeInterval(), "\"INTERVAL '1 02:00:00' DAY TO SECOND\"" },
        { -1500000L, DataType.DayTimeInterval(IntervalField.Second), "\"INTERVAL '-01.5' SECOND\"" },
        { new CalendarInterval(14, -3, 3661500000), DataType.CalendarInterval,
            "\"1 years 2 months -3 days 1 hours 1 minutes 1.5 seconds\"" },
        { new object?[] { 1, null }, DataType.Array(DataType.Integer), "[1,null]" },
        { new (object?, object?)[] { ("a", 1L) }, DataType.Map(DataType.String, DataType.Long), "[[\"a\",1]]" },
        { new object?[] { "x", null }, DataType.Struct(
            new StructField("a b", DataType.String), new StructField("c", DataType.Date)),
            "{\"a b\":\"x\",\"c\":null}" },
    };

    [Theory]
    [MemberData(nameof(Values), DisableDiscoveryEnumeration = true)]
    public void A_value_is_written_in_the_row_encoding(object? value, DataType type, string expected) =>
        Assert.Equal($"{{\"c\":{expected}}}", Write(type, value));

    [Fact]
    public void Text_that_is_not_utf8_is_written_as_its_bytes()
    {
        var builder = (BytesBuilder)ColumnBuilder.Create(DataType.String);
        builder.Append([0x61, 0xFF]);
        Assert.Equal("{\"c\":{\"$invalidUtf8\":\"61ff\"}}", Write(DataType.String, builder.Build()));
    }

    [Fact]
    public void Every_variant_of_the_shredding_corpus_is_written_as_recorded()
    {
        string folder = Corpus.Path("corpus", "parquet", "parquet-testing");
        using JsonDocument recorded = JsonDocument.Parse(File.ReadAllText(Path.Combine(folder, "expected.json")));
        int valueCount = 0;
        foreach (JsonProperty file in recorded.RootElement.EnumerateObject())
        {
            if (!file.Value.TryGetProperty("variant", out JsonElement variant) ||
                !variant.TryGetProperty("files", out JsonElement files))
            {
                continue;
            }

            foreach ((JsonElement name, JsonElement expected) in
                files.EnumerateArray().Zip(variant.GetProperty("values").EnumerateArray()))
            {
                if (name.ValueKind != JsonValueKind.String)
                {
                    continue;
                }

                // The file holds the metadata and then the value.
                byte[] bytes = File.ReadAllBytes(Path.Combine(folder, "shredded_variant", name.GetString()!));
                int metadataBytes = MetadataLength(bytes);
                string json = Write(DataType.Variant, new object?[] { bytes[..metadataBytes], bytes[metadataBytes..] });
                using JsonDocument written = JsonDocument.Parse(json);
                Assert.True(JsonElement.DeepEquals(expected, written.RootElement.GetProperty("c")),
                    $"{name}: expected {expected}, got {json}");
                valueCount++;
            }
        }

        Assert.True(valueCount > 100, $"only {valueCount} variants");
    }

    [Fact]
    public void Random_rows_are_valid_json_at_any_offset()
    {
        Random random = new(3);
        foreach (DataType type in Columns.RandomColumns.Types.Where(type => !type.ToString().Contains("variant")))
        {
            object?[] values = Columns.RandomColumns.Values(random, type, 20);
            IArrowArray sliced = Columns.RandomColumns.Build(type, values, random, 3);
            for (int row = 0; row < values.Length; row++)
            {
                string atOffset = Write(type, sliced, row);
                Assert.Equal(Write(type, values[row]), atOffset);
                using JsonDocument document = JsonDocument.Parse(atOffset);
            }
        }
    }

    private static int MetadataLength(byte[] bytes)
    {
        int offsetBytes = (bytes[0] >> 6) + 1;
        int Read(int position) => Enumerable.Range(0, offsetBytes).Sum(index => bytes[position + index] << (8 * index));
        int count = Read(1);
        return 1 + (offsetBytes * (count + 2)) + Read(1 + offsetBytes + (offsetBytes * count));
    }

    private static string Write(DataType type, object? value)
    {
        ColumnBuilder builder = ColumnBuilder.Create(type);
        builder.AppendValue(value);
        return Write(type, builder.Build());
    }

    private static string Write(DataType type, IArrowArray column, int row = 0)
    {
        DataType schema = DataType.Struct(new StructField("c", type));
        using MemoryStream stream = new();
        using (Utf8JsonWriter writer = new(stream, RowJson.WriterOptions))
        {
            RecordBatch batch = new(ArrowTypes.ToSchema(schema), [column], column.Length);
            RowJson.WriteRow(writer, batch, schema, row);
        }

        return Encoding.UTF8.GetString(stream.ToArray());
    }
}
