using System.IO;
using System.Linq;
using System.Text;
using System.Threading.Tasks;
using Apache.Arrow;
using Polder.Columns;
using Polder.Formats;
using Xunit;

namespace Polder.Tests.Formats;

public class CsvReaderTests
{
    [Fact]
    public async Task Types_are_inferred_and_values_converted()
    {
        (string schema, string[] rows) = await FormatTesting.ReadAsync(
            "a,b,c,d,e,f,g,h,i\n" +
            "1,1.5,true,2020-02-29,2020-01-01 10:00,2020-01-01T10:00:00Z,02134,x,\n" +
            "-7,2,FALSE,2021/03/01,2020-01-02,2020-01-01T10:00:00.25+02:00,2134,,\n", RowFormat.Csv);
        Assert.Equal(
            "a BIGINT, b DOUBLE, c BOOLEAN, d DATE, e TIMESTAMP_NTZ, f TIMESTAMP, g STRING, h STRING, i STRING",
            schema);
        Assert.Equal(
            [
                """{"a":1,"b":1.5,"c":true,"d":"2020-02-29","e":"2020-01-01T10:00:00.000000",""" +
                "\"f\"" + """:"2020-01-01T10:00:00.000000Z","g":"02134","h":"x","i":null}""",
                """{"a":-7,"b":2,"c":false,"d":"2021-03-01","e":"2020-01-02T00:00:00.000000",""" +
                "\"f\"" + """:"2020-01-01T08:00:00.250000Z","g":"2134","h":null,"i":null}""",
            ],
            rows);
    }

    [Theory]
    [InlineData("1\n99999999999999999999", "DECIMAL(38,0)")]
    [InlineData("1.5\n99999999999999999999", "STRING")]
    [InlineData("1e3\n5", "DOUBLE")]
    [InlineData("NaN\n5", "DOUBLE")]
    [InlineData(".5\n-.5", "DOUBLE")]
    [InlineData(" 5\n6 ", "BIGINT")]
    [InlineData("+5\n6", "STRING")]
    [InlineData("0x10\n6", "STRING")]
    [InlineData("true\n1", "STRING")]
    [InlineData("2020-01-01\n2020-02-30", "STRING")]
    [InlineData("2020-01-01\n2020-01-01 10:00Z", "STRING")]
    [InlineData("2020-01-01\n5", "STRING")]
    [InlineData("9007199254740993\n1.5", "STRING")]
    public async Task A_column_has_the_narrowest_type_that_keeps_every_digit(string cells, string type)
    {
        (string schema, _) = await FormatTesting.ReadAsync("c\n" + cells + "\n", RowFormat.Csv);
        Assert.Equal("c " + type, schema);
    }

    [Fact]
    public async Task Quotes_line_ends_and_blank_lines_are_read_as_rfc_4180_says()
    {
        (_, string[] rows) = await FormatTesting.ReadAsync(
            "\uFEFFa,b\r\n\"x,\"\"y\"\"\r\nz\",1\r\n\r\n\"\",\"2\"\r\n,3", RowFormat.Csv);
        Assert.Equal(
            ["""{"a":"x,\"y\"\r\nz","b":1}""", """{"a":"","b":2}""", """{"a":null,"b":3}"""], rows);
        (_, rows) = await FormatTesting.ReadAsync("a\tb\n#1\t2,5\n", RowFormat.Tsv);
        Assert.Equal(["""{"a":"#1","b":"2,5"}"""], rows);
        (_, rows) = await FormatTesting.ReadAsync(
            "a;b\nNA;1\n\"NA\";2\n;3\n", RowFormat.Csv, new FormatReadOptions { Delimiter = ';', NullText = "NA" });
        Assert.Equal(["""{"a":null,"b":1}""", """{"a":"NA","b":2}""", """{"a":"","b":3}"""], rows);
    }

    [Fact]
    public async Task Without_a_header_columns_are_numbered_or_take_the_schemas_names()
    {
        FormatReadOptions options = new() { HasHeader = false };
        (string schema, string[] rows) = await FormatTesting.ReadAsync("1,x\n2,y\n", RowFormat.Csv, options);
        Assert.Equal("_c0 BIGINT, _c1 STRING", schema);
        Assert.Equal(2, rows.Length);
        options = new() { HasHeader = false, Schema = Schema(("id", DataType.Integer), ("t", DataType.String)) };
        (schema, rows) = await FormatTesting.ReadAsync("1,x\n2,y\n", RowFormat.Csv, options);
        Assert.Equal("id INT, t STRING", schema);
        Assert.Equal("""{"id":1,"t":"x"}""", rows[0]);
        (_, rows) = await FormatTesting.ReadAsync("", RowFormat.Csv, options);
        Assert.Empty(rows);
    }

    [Fact]
    public async Task A_given_schema_converts_every_type_and_fills_missing_columns_with_null()
    {
        DataType schema = Schema(
            ("B", DataType.Byte), ("s", DataType.Short), ("i", DataType.Integer), ("l", DataType.Long),
            ("f", DataType.Float), ("d", DataType.Double), ("n", DataType.Decimal(10, 3)), ("t", DataType.String),
            ("x", DataType.Binary), ("day", DataType.Date), ("at", DataType.Time()), ("m", DataType.Timestamp),
            ("z", DataType.TimestampNtz), ("a", DataType.Array(DataType.Integer)),
            ("o", Schema(("k", DataType.Boolean))), ("p", DataType.Map(DataType.String, DataType.Long)),
            ("missing", DataType.Long));
        (_, string[] rows) = await FormatTesting.ReadAsync(
            "b,S,i,l,f,d,n,t,x,day,at,m,z,a,o,p\n" +
            "-128,3,007,9223372036854775807,0.1,1e2,12.5,5,00ff,1999-1-2,23:59:59.5,2020-01-01,2020-01-01T01:02:03," +
            "\"[1, null]\",\"{\"\"k\"\":true}\",\"{\"\"u\"\":1}\"\n",
            RowFormat.Csv, new FormatReadOptions { Schema = schema });
        Assert.Equal(
            """{"B":-128,"s":3,"i":7,"l":9223372036854775807,"f":0.1,"d":100,"n":"12.500","t":"5","x":"00ff",""" +
            "\"day\"" + """:"1999-01-02","at":"23:59:59.500000","m":"2020-01-01T00:00:00.000000Z",""" +
            "\"z\"" + """:"2020-01-01T01:02:03.000000","a":[1,null],"o":{"k":true},"p":[["u",1]],"missing":null}""",
            rows.Single());
    }

    [Fact]
    public async Task A_later_misfit_names_row_line_column_value_and_the_schema_that_mends_it()
    {
        string text = "id,odd name\n1,\"two\nlines\"\n2,x\nthree,y\n";
        FormatReadOptions options = new() { InferenceRows = 2, Path = "in.csv" };
        InputFormatException exception = await FormatTesting.FailAsync(text, RowFormat.Csv, options);
        Assert.Equal((3, 5, "id", "three"),
            (exception.RowNumber, exception.LineNumber, exception.Column, exception.Value));
        Assert.Equal("id STRING, `odd name` STRING", exception.MendingSchema);
        Assert.Equal("in.csv: row 3, line 5: column id is BIGINT, which does not hold 'three'; " +
            "read it with --schema 'id STRING, `odd name` STRING'", exception.Message);

        exception = await FormatTesting.FailAsync("id,b\n1,1\n2.5,1\n", RowFormat.Csv, new() { InferenceRows = 1 });
        Assert.Equal("id DOUBLE, b BIGINT", exception.MendingSchema);
        exception = await FormatTesting.FailAsync(
            "d\n2020-01-01\n2020-01-01 00:00:01\n", RowFormat.Csv, new() { InferenceRows = 1 });
        Assert.Equal("d TIMESTAMP_NTZ", exception.MendingSchema);
        exception = await FormatTesting.FailAsync(
            "n\n123456.789\n", RowFormat.Csv, new() { Schema = Schema(("n", DataType.Decimal(5, 2))) });
        Assert.Equal("n DECIMAL(9,3)", exception.MendingSchema);
        exception = await FormatTesting.FailAsync(
            "n\n300\n", RowFormat.Csv, new() { Schema = Schema(("n", DataType.Byte)) });
        Assert.Equal("n BIGINT", exception.MendingSchema);
    }

    [Fact]
    public async Task Columns_that_the_schema_does_not_name_are_refused_inferred_or_ignored()
    {
        DataType schema = Schema(("b", DataType.String));
        string text = "a,b\n1,2\n";
        InputFormatException exception =
            await FormatTesting.FailAsync(text, RowFormat.Csv, new() { Schema = schema });
        Assert.Equal(("a", "b STRING, a BIGINT"), (exception.Column, exception.MendingSchema));
        (string inferred, string[] rows) = await FormatTesting.ReadAsync(
            text, RowFormat.Csv, new() { Schema = schema, UnknownColumns = UnknownColumns.Infer });
        Assert.Equal("b STRING, a BIGINT", inferred);
        Assert.Equal("""{"b":"2","a":1}""", rows.Single());
        (_, rows) = await FormatTesting.ReadAsync(
            text, RowFormat.Csv, new() { Schema = schema, UnknownColumns = UnknownColumns.Ignore });
        Assert.Equal("""{"b":"2"}""", rows.Single());
    }

    [Theory]
    [InlineData("a,b\n1\n", "row 1, line 2: the row has 1 cells, the header has 2")]
    [InlineData("a,b\n1,2\n1,2,3\n", "row 2, line 3: the row has 3 cells")]
    [InlineData("a,b\n\"x\"y,2\n", "row 1, line 2: ")]
    [InlineData("a,b\n\"x,2\n", "row 1, line 2: ")]
    [InlineData("", "the input is empty")]
    [InlineData("a,A\n1,2\n", "names column a twice")]
    public async Task Broken_text_is_refused_with_its_place(string text, string message) =>
        Assert.Contains(message, (await FormatTesting.FailAsync(text, RowFormat.Csv)).Message);

    [Fact]
    public async Task Bytes_that_are_not_utf8_are_refused_unless_their_encoding_is_named()
    {
        byte[] latin = Encoding.Latin1.GetBytes("a\ngrüß\n");
        InputFormatException exception = await Assert.ThrowsAsync<InputFormatException>(
            () => FormatTesting.ReadAsync(new MemoryStream(latin), RowFormat.Csv));
        Assert.Contains("not UTF-8", exception.Message);
        (_, string[] rows) = await FormatTesting.ReadAsync(
            new MemoryStream(latin), RowFormat.Csv, new() { Encoding = Encoding.Latin1 });
        Assert.Equal(["""{"a":"grüß"}"""], rows);
    }

    [Fact]
    public async Task A_row_beyond_the_limit_is_refused()
    {
        FormatReadOptions options = new() { Limits = new Limits { TextRecordBytes = 100_000 } };
        string text = "a\n" + new string('x', 90_000) + "\n" + new string('y', 200_000) + "\n";
        Assert.Contains("longer than", (await FormatTesting.FailAsync(text, RowFormat.Csv, options)).Message);
    }

    [Fact]
    public async Task A_long_input_streams_in_batches_of_bounded_size()
    {
        const int RowCount = 300_000;
        LazyLines lines = new("id,text\n", index => $"{index},some text {index}\n", RowCount);
        await using FormatReader reader = await FormatReader.OpenAsync(lines, RowFormat.Csv);
        long sum = 0;
        int rowCount = 0;
        await foreach (RecordBatch batch in reader.ReadAsync())
        {
            Assert.InRange(batch.Length, 1, 8192);
            Assert.True(lines.RowsGiven - rowCount < 40_000, "more than the sample and a batch was read ahead");
            rowCount += batch.Length;
            foreach (long id in ColumnValues.Fixed<long>(batch.Column(0)))
            {
                sum += id;
            }
        }

        Assert.Equal((RowCount, (long)RowCount * (RowCount - 1) / 2), (rowCount, sum));
    }

    private static DataType Schema(params (string Name, DataType Type)[] fields) =>
        DataType.Struct([.. fields.Select(field => new StructField(field.Name, field.Type))]);
}
