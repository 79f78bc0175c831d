using System.IO;
using System.Linq;
using System.Text;
using System.Text.Json;
using System.Threading.Tasks;
using Polder.Columns;
using Polder.Formats;
using Xunit;

namespace Polder.Tests.Formats;

public class VariantJsonTests
{
    private static readonly DataType Schema = DataType.Struct(new StructField("v", DataType.Variant));

    [Theory]
    [InlineData("array_empty", "[]")]
    [InlineData("array_primitive", "[2, 1, 5, 9]")]
    [InlineData("array_nested", """
        [{"id": 1, "thing": {"names": ["Contrarian", "Spider"]}}, null,
         {"id": 2, "type": "if", "names": ["Apple", "Ray", null]}]
        """)]
    [InlineData("object_empty", "{}")]
    [InlineData("object_primitive", """
        {"int_field": 1, "double_field": 1.23456789, "boolean_true_field": true, "boolean_false_field": false,
         "string_field": "Apache Parquet", "null_field": null, "timestamp_field": "2025-04-16T12:34:56.78"}
        """)]
    [InlineData("object_nested", """
        {"id": 1, "species": {"name": "lava monster", "population": 6789}, "observation":
         {"time": "12:34:56", "location": "In the Volcano", "value": {"temperature": 123, "humidity": 456}}}
        """)]
    [InlineData("primitive_boolean_true", "true")]
    [InlineData("primitive_int8", "42")]
    [InlineData("primitive_int16", "1234")]
    [InlineData("primitive_int32", "123456")]
    [InlineData("primitive_int64", "1234567890123456789")]
    [InlineData("primitive_decimal4", "12.34")]
    [InlineData("primitive_decimal8", "12345678.90")]
    [InlineData("primitive_decimal16", "12345678912345678.90")]
    [InlineData("primitive_double", "1234567890.1234e0")]
    [InlineData("short_string", "\"Less than 64 bytes (\u2764\\uFE0F with utf8)\"")]
    public async Task Json_is_encoded_as_spark_encodes_it(string name, string json)
    {
        string folder = Corpus.Path("corpus", "parquet", "parquet-testing", "variant");
        await using FormatReader reader = await FormatReader.OpenAsync(
            new MemoryStream(Encoding.UTF8.GetBytes("{\"v\":" + json + "}")), RowFormat.Json,
            new FormatReadOptions { Schema = Schema });
        var batch = (await reader.ReadAsync().ToArrayAsync()).Single();
        var parts = (object?[])ColumnValues.Get(batch.Column(0), 0, DataType.Variant)!;
        Assert.Equal(File.ReadAllBytes(Path.Combine(folder, name + ".metadata")), (byte[])parts[0]!);
        Assert.Equal(File.ReadAllBytes(Path.Combine(folder, name + ".value")), (byte[])parts[1]!);
    }

    [Fact]
    public async Task Large_values_come_back()
    {
        string many = "[" + string.Join(",", Enumerable.Range(0, 70_000)) + "]";
        string wide = "{" + string.Join(",", Enumerable.Range(0, 300).Select(
            index => $"\"key{index:000}\":\"{new string('x', index)}\"")) + "}";
        string numbers = "[1e300,-5,1e-3,\"ü\\n\"]";
        foreach (string json in new[] { many, wide, numbers, "\"" + new string('y', 100_000) + "\"" })
        {
            (_, string[] rows) = await FormatTesting.ReadAsync(
                "{\"v\":" + json + "}", RowFormat.Ndjson, new() { Schema = Schema }, 10_000);
            using JsonDocument expected = JsonDocument.Parse("{\"v\":" + json + "}");
            using JsonDocument read = JsonDocument.Parse(rows.Single());
            Assert.True(JsonElement.DeepEquals(expected.RootElement, read.RootElement));
        }
    }

    [Fact]
    public async Task Decimals_keep_their_digits_and_a_key_twice_is_refused()
    {
        (_, string[] rows) = await FormatTesting.ReadAsync(
            """{"v":[1.50,-0.001,12345678901234567890,1234567890123456789012345678901234567890]}{"v":null}""",
            RowFormat.Json, new() { Schema = Schema });
        Assert.Equal(
            """{"v":[{"$decimal":"1.50"},{"$decimal":"-0.001"},{"$decimal":"12345678901234567890"},""" +
            "1.2345678901234568E+39]}",
            rows[0]);
        Assert.Equal("""{"v":null}""", rows[1]);
        InputFormatException exception = await FormatTesting.FailAsync(
            """{"v":{"a":1,"a":2}}""", RowFormat.Json, new() { Schema = Schema });
        Assert.Contains("has the key 'a' twice", exception.Message);
    }
}
