using System.Linq;
using System.Threading.Tasks;
using Apache.Arrow;
using Polder.Columns;
using Polder.Formats;
using Xunit;

namespace Polder.Tests.Formats;

public class JsonReaderTests
{
    private const string Rows = """
        {"a": 1, "b": "x\n\"y\" ü \u00fc", "c": {"d": [1, 2.5], "e": null}, "f": 12345678901234567890, "g": null}
        {"b": null, "a": -5, "c": {"d": [], "e": "2020-01-01"}, "f": 1, "h": true}
        """;

    [Theory]
    [InlineData("{0}\n{1}", RowFormat.Ndjson)]
    [InlineData("{0}\r\n\r\n  {1}\n", RowFormat.Ndjson)]
    [InlineData("[{0},{1}]", RowFormat.Json)]
    [InlineData(" \n[\n{0} , {1} ]\n", RowFormat.Json)]
    [InlineData("\uFEFF[{0},{1}]", RowFormat.Json)]
    [InlineData("{0}{1}", RowFormat.Json)]
    public async Task Rows_are_read_however_they_are_arranged_and_whatever_the_chunks(string shape, RowFormat format)
    {
        string[] lines = Rows.Split('\n');
        string text = shape.Replace("{0}", lines[0].Trim()).Replace("{1}", lines[1].Trim());
        foreach (int chunkBytes in new[] { 1, 2, 3, 50, 100_000 })
        {
            (string schema, string[] rows) = await FormatTesting.ReadAsync(text, format, null, chunkBytes);
            Assert.Equal(
                "a BIGINT, b STRING, c STRUCT<d: ARRAY<DOUBLE>, e: DATE>, f DECIMAL(38,0), g STRING, h BOOLEAN",
                schema);
            Assert.Equal(
                [
                    """{"a":1,"b":"x\n\"y\" ü ü","c":{"d":[1,2.5],"e":null},"f":"12345678901234567890",""" +
                    "\"g\"" + """:null,"h":null}""",
                    """{"a":-5,"b":null,"c":{"d":[],"e":"2020-01-01"},"f":"1","g":null,"h":true}""",
                ],
                rows);
        }
    }

    [Theory]
    [InlineData("""{"a":1}{"a":"x"}{"a":1.50}{"a":[1, {"b":2}]}{"a":null}{"a":true}""",
        "a STRING", """{"a":"1"}|{"a":"x"}|{"a":"1.50"}|{"a":"[1, {\"b\":2}]"}|{"a":null}|{"a":"true"}""")]
    [InlineData("""{"a":{}}""", "a STRING", """{"a":"{}"}""")]
    [InlineData("""{"a":[]}""", "a ARRAY<STRING>", """{"a":[]}""")]
    [InlineData("""{"a":0.1}{"a":1}""", "a DOUBLE", """{"a":0.1}|{"a":1}""")]
    [InlineData("""{"a":"2020-01-01T00:00:00Z"}""", "a TIMESTAMP", """{"a":"2020-01-01T00:00:00.000000Z"}""")]
    [InlineData("""{"a":"12"}{"a":"true"}""", "a STRING", """{"a":"12"}|{"a":"true"}""")]
    [InlineData("""[]""", "", "")]
    [InlineData("", "", "")]
    public async Task Kinds_that_differ_become_strings_of_their_json(string text, string schema, string rows)
    {
        (string inferred, string[] read) = await FormatTesting.ReadAsync(text, RowFormat.Json);
        Assert.Equal(schema, inferred);
        Assert.Equal(rows, string.Join('|', read));
    }

    [Fact]
    public async Task A_given_schema_keeps_every_digit_and_ignores_the_case_of_names()
    {
        DataType schema = DataType.Struct(
            new StructField("N", DataType.Decimal(38, 20)), new StructField("d", DataType.Decimal(5, 2)),
            new StructField("m", DataType.Map(DataType.String, DataType.Integer)),
            new StructField("p", DataType.Map(DataType.Integer, DataType.Boolean)),
            new StructField("x", DataType.Binary), new StructField("f", DataType.Float));
        (_, string[] rows) = await FormatTesting.ReadAsync(
            """{"n":123456789012345678.12345678901234567890,"d":"1.5","m":{"k":1},"p":[[1,true],[2,null]],""" +
            "\"x\":\"0aff\",\"f\":\"NaN\"}", RowFormat.Ndjson, new() { Schema = schema });
        Assert.Equal(
            """{"N":"123456789012345678.12345678901234567890","d":"1.50","m":[["k",1]],"p":[[1,true],[2,null]],""" +
            "\"x\"" + """:"0aff","f":"NaN"}""", rows.Single());
    }

    [Fact]
    public async Task A_later_misfit_names_the_place_and_the_schema_that_mends_it()
    {
        FormatReadOptions options = new() { InferenceRows = 1, Path = "in.json" };
        InputFormatException exception = await FormatTesting.FailAsync(
            "{\"a\":{\"b\":[1]},\"c\":1}\n{\"a\":{\"b\":[2.5]}}", RowFormat.Ndjson, options);
        Assert.Equal((2, 2, "a.b.element", "2.5"),
            (exception.RowNumber, exception.LineNumber, exception.Column, exception.Value));
        Assert.Equal("a STRUCT<b: ARRAY<DOUBLE>>, c BIGINT", exception.MendingSchema);

        exception = await FormatTesting.FailAsync("[{\"a\":1},\n\n{\"a\":\"1\"}]", RowFormat.Json, options);
        Assert.Equal(("a", "a STRING", 3), (exception.Column, exception.MendingSchema, exception.LineNumber));
        exception = await FormatTesting.FailAsync("{\"a\":{\"b\":1}}{\"a\":5}", RowFormat.Json, options);
        Assert.Equal(("a", "a STRING"), (exception.Column, exception.MendingSchema));
        exception = await FormatTesting.FailAsync("{\"a\":\"2020-01-01\"}{\"a\":\"x\"}", RowFormat.Json, options);
        Assert.Equal(("a", "a STRING"), (exception.Column, exception.MendingSchema));
        exception = await FormatTesting.FailAsync("{\"a\":{\"b\":1}}{\"a\":{\"c\":[true]}}", RowFormat.Json, options);
        Assert.Equal(("a.c", "a STRUCT<b: BIGINT, c: ARRAY<BOOLEAN>>"), (exception.Column, exception.MendingSchema));
        exception = await FormatTesting.FailAsync("{\"a\":1}{\"A b\":1.5}", RowFormat.Json, options);
        Assert.Equal(("A b", "a BIGINT, `A b` DOUBLE"), (exception.Column, exception.MendingSchema));
    }

    [Theory]
    [InlineData("[{\"a\":1},\n{\"a\":]", 2, 6)]
    [InlineData("[{\"a\":1},\n {\"a\" 1}]", 2, 7)]
    [InlineData("[{\"a\":1}\n{\"a\":1}]", 2, 1)]
    [InlineData("[{\"a\":1},]", 1, 10)]
    [InlineData("[{\"a\":1}] x", 1, 11)]
    [InlineData("[{\"a\":1}", 1, 9)]
    [InlineData("{\"a\":1}\n{\"a\":\n\"x", 3, 3)]
    [InlineData("{\"a\":1}\nfoo", 2, 2)]
    [InlineData("{\"a\":01}", 1, 7)]
    public async Task Broken_json_is_refused_with_line_and_byte(string text, int line, int byteInLine)
    {
        InputFormatException exception = await FormatTesting.FailAsync(text, RowFormat.Json);
        Assert.Contains($"line {line}, byte {byteInLine}: ", exception.Message);
        Assert.Equal(line, exception.LineNumber);
    }

    [Theory]
    [InlineData("[1]", "a row is a JSON object, this one is a number")]
    [InlineData("{\"a\":1,\"a\":2}", "names a twice")]
    [InlineData("{\"a\":\"\\ud800\"}", "surrogate")]
    [InlineData("{\"\\udc00\":1}", "surrogate")]
    public async Task Json_that_is_no_row_is_refused(string text, string message) =>
        Assert.Contains(message, (await FormatTesting.FailAsync(text, RowFormat.Json)).Message);

    [Fact]
    public async Task A_row_beyond_the_limit_is_refused_and_one_below_is_read()
    {
        FormatReadOptions options = new() { Limits = new Limits { TextRecordBytes = 100_000 } };
        string Row(int length) => $"{{\"a\":\"{new string('x', length)}\"}}";
        (_, string[] rows) =
            await FormatTesting.ReadAsync(Row(99_000) + Row(99_000), RowFormat.Json, options, 4096);
        Assert.Equal(2, rows.Length);
        InputFormatException exception =
            await FormatTesting.FailAsync(Row(1) + "\n" + Row(500_000), RowFormat.Json, options);
        Assert.Contains("longer than", exception.Message);
        Assert.Equal((2, 2), (exception.RowNumber, exception.LineNumber));
    }

    [Fact]
    public async Task A_long_input_streams_in_batches_of_bounded_size()
    {
        const int RowCount = 200_000;
        LazyLines lines = new(
            "[", index => (index == 0 ? "" : ",") + $"{{\"id\":{index},\"s\":[\"{index}\"]}}", RowCount);
        await using FormatReader reader = await FormatReader.OpenAsync(lines, RowFormat.Json);
        int rowCount = 0;
        await Assert.ThrowsAsync<InputFormatException>(async () =>
        {
            // The lines leave the array open: every row arrives before that shows.
            await foreach (RecordBatch batch in reader.ReadAsync())
            {
                Assert.InRange(batch.Length, 1, 8192);
                Assert.True(lines.RowsGiven - rowCount < 40_000, "more than the sample and a batch was read ahead");
                rowCount += batch.Length;
            }
        });
        Assert.Equal(RowCount / 8192 * 8192, rowCount);
    }
}
