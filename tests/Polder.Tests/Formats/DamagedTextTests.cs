using System;
using System.IO;
using System.Text;
using System.Threading.Tasks;
using Polder.Columns;
using Polder.Formats;
using Xunit;

namespace Polder.Tests.Formats;

public class DamagedTextTests
{
    private const string Json = """
        [{"a": 1, "b": {"c": [1.5, null, {"d": "x\u00fc\n"}]}, "m": [["k", true]], "v": {"z": [1, 2.50, "t"]}},
         {"a": -2, "b": null, "e": "2020-01-01T00:00:00Z", "f": 1e5}]
        """;

    private const string Csv = "a,b,\"c\"\"d\",e\r\n1,\"x,y\n\",2020-01-01,\"[1,2]\"\r\n-5,,2021-02-03,\"\"\r\n";

    private static readonly DataType JsonSchema = DataType.Struct(
        new StructField("a", DataType.Integer),
        new StructField("b", DataType.Struct(new StructField("c", DataType.Array(DataType.String)))),
        new StructField("m", DataType.Map(DataType.String, DataType.Boolean)),
        new StructField("v", DataType.Variant),
        new StructField("e", DataType.Timestamp),
        new StructField("f", DataType.Decimal(10, 2)));

    private static readonly DataType CsvSchema = DataType.Struct(
        new StructField("a", DataType.Byte), new StructField("b", DataType.Binary),
        new StructField("c\"d", DataType.Date), new StructField("e", DataType.Array(DataType.Long)));

    [Theory]
    [InlineData(RowFormat.Json, false)]
    [InlineData(RowFormat.Json, true)]
    [InlineData(RowFormat.Csv, false)]
    [InlineData(RowFormat.Csv, true)]
    public async Task Damaged_text_is_read_or_refused_and_nothing_else(RowFormat format, bool hasSchema)
    {
        byte[] good = Encoding.UTF8.GetBytes(format == RowFormat.Json ? Json : Csv);
        DataType? schema = hasSchema ? format == RowFormat.Json ? JsonSchema : CsvSchema : null;
        const int Rounds = 2000;
        for (int seed = 0; seed < Rounds; seed++)
        {
            byte[] bad = Damage(good, new Random(seed));
            FormatReadOptions options = new() { Schema = schema, InferenceRows = seed % 3 };
            try
            {
                await FormatTesting.ReadAsync(new MemoryStream(bad), format, options, (seed % 40) + 1);
            }
            catch (InputFormatException)
            {
                // Refused with a place.
            }
            catch (Exception exception)
            {
                Assert.Fail($"seed {seed}: {exception} for {Encoding.Latin1.GetString(bad)}");
            }
        }
    }

    private static byte[] Damage(byte[] good, Random random)
    {
        byte[] alphabet = "{}[]\",:\\\n\r0e-.ut\0 \u00FF"u8.ToArray();
        byte[] bad = [.. good];
        for (int changes = random.Next(1, 4); changes > 0; changes--)
        {
            int position = random.Next(bad.Length - 1);
            bad = random.Next(4) switch
            {
                0 => [.. bad[..position], .. bad[(position + 1)..]],
                1 => [.. bad[..position], alphabet[random.Next(alphabet.Length)], .. bad[position..]],
                2 => [.. bad[..position], alphabet[random.Next(alphabet.Length)], .. bad[(position + 1)..]],
                _ when bad.Length < 4 => bad,
                _ => bad[..int.Max(4, random.Next(2) == 0 ? position : bad.Length)],
            };
        }

        return bad;
    }
}
