using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.Json;
using System.Threading.Tasks;
using Apache.Arrow;
using Apache.Arrow.Ipc;
using Polder.Columns;
using Polder.Files;
using Polder.Parquet;
using Polder.Storage;
using Polder.Storage.Local;
using Polder.Tests.Columns;
using Polder.Tests.Parquet.Write;
using Xunit;

namespace Polder.Tests.Files;

/// <summary>
/// arrow-rs, polars and hyparquet: what they write is what Polder reads, what Polder writes is what they read. Every
/// type and nesting that they have, in their encodings, codecs, page versions and page sizes.
/// </summary>
public sealed class NodePeerTests
{
    private const int RowCount = 500;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task What_they_write_is_read(int seed)
    {
        Random random = new(seed);
        WriteValues values = new(random);
        using PeerReaders.TemporaryFolder folder = new();
        Dictionary<string, (DataType Schema, object?[][] Columns)> written = [];
        DataType every = WriteValues.EveryType;

        // Polars has neither maps nor structs in which nothing may be null.
        DataType flat = DataType.Struct([.. every.Fields.Where(field => !HasMap(field.Type))]);
        foreach ((string name, DataType schema) in ((string, DataType)[])[("all", every), ("flat", flat)])
        {
            object?[][] columns =
                [.. schema.Fields.Select(field => values.Column(field.Type, field.Nullable, RowCount))];
            written.Add(name, (schema, columns));
            await PutArrowAsync(folder, name, schema, columns, random);
        }

        PutColumns(folder, "plain", flat, written["flat"].Columns);
        NodePeers.Run("write.mjs", folder.FullPath);
        foreach (string file in Directory.EnumerateFiles(folder.FullPath, "*.parquet").Order(StringComparer.Ordinal))
        {
            string[] parts = Path.GetFileNameWithoutExtension(file).Split('-', 2);
            await ArrowRows.SameAsArrowCppAsync(file, ReadAsync(file, random.Next(1, 500)));
            if (parts[1].StartsWith("arrow-rs", StringComparison.Ordinal))
            {
                (DataType schema, object?[][] columns) = written[parts[0]];
                await SameAsWrittenAsync(file, schema, columns, ReadAsync(file, 1000));
            }
        }

        // Twice six ways of arrow-rs, four of polars, three of hyparquet.
        Assert.Equal(19, Directory.GetFiles(folder.FullPath, "*.parquet").Length);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task They_read_what_is_written(int seed)
    {
        Random random = new(seed);
        WriteValues values = new(random);
        DataType schema = WriteValues.EveryType;
        object?[][] columns = [.. schema.Fields.Select(field => values.Column(field.Type, field.Nullable, RowCount))];
        RecordBatch batch = Batch(schema, columns, random);
        using PeerReaders.TemporaryFolder folder = new();
        CompressionCodec[] codecs =
            [CompressionCodec.Zstd, CompressionCodec.Snappy, CompressionCodec.Brotli, CompressionCodec.Lz4Raw];
        ParquetWriteOptions options = new()
        {
            Codec = codecs[seed % codecs.Length],
            RowsPerPage = random.Next(1, 600),
            RowsPerRowGroup = random.Next(100, 2000),
            DictionaryBytes = random.Next(3) * 500,
        };
        await using (ParquetFileWriter writer = await ParquetFileWriter.CreateAsync(
            Engine.Default, new LocalStore(folder.FullPath), new StorePath("a.parquet"), schema, options))
        {
            await writer.WriteAsync(batch);
            await writer.CompleteAsync();
        }

        NodePeers.Run("read.mjs", folder.FullPath);
        await SameAsWrittenAsync("arrow-rs", schema, columns, ReadArrowAsync(folder.File("a.arrow")));
        SameAsJson(schema, columns, File.ReadLines(folder.File("a.ndjson")));
    }

    private static async IAsyncEnumerable<RecordBatch> ReadAsync(string file, int batchRows)
    {
        await using ParquetFileReader reader = await ParquetFileReader.OpenAsync(
            Engine.Default, new LocalStore(Path.GetDirectoryName(file)!), new StorePath(Path.GetFileName(file)));
        await foreach (RecordBatch batch in reader.ReadAsync(new ParquetReadOptions { BatchRows = batchRows }))
        {
            yield return batch;
        }
    }

    private static async IAsyncEnumerable<RecordBatch> ReadArrowAsync(string file)
    {
        using ArrowStreamReader reader = new(File.OpenRead(file));
        while (await reader.ReadNextRecordBatchAsync() is RecordBatch batch)
        {
            yield return batch;
        }
    }

    private static async Task SameAsWrittenAsync(
        string where, DataType schema, object?[][] columns, IAsyncEnumerable<RecordBatch> batches)
    {
        int row = 0;
        await foreach (RecordBatch batch in batches)
        {
            foreach (string[] actual in PeerReaders.Rows(batch, schema))
            {
                for (int column = 0; column < actual.Length; column++)
                {
                    string expected = RandomColumns.Show(columns[column][row]);
                    Assert.True(
                        expected == actual[column],
                        $"{where}, row {row}, {schema.Fields[column]}: {actual[column]}, not {expected}");
                }

                row++;
            }
        }

        Assert.Equal(RowCount, row);
    }

    private static void SameAsJson(DataType schema, object?[][] columns, IEnumerable<string> lines)
    {
        int row = 0;
        foreach (string line in lines)
        {
            using JsonDocument document = JsonDocument.Parse(line);
            for (int column = 0; column < columns.Length; column++)
            {
                JsonElement actual = document.RootElement[column];
                Assert.True(
                    SameAsJson(schema.Fields[column].Type, columns[column][row], actual),
                    $"hyparquet, row {row}, {schema.Fields[column]}: {actual}, " +
                    $"not {RandomColumns.Show(columns[column][row])}");
            }

            row++;
        }

        Assert.Equal(RowCount, row);
    }

    // Decimals and times come as numbers of JavaScript, which do not hold them: those are left to the other readers.
    private static bool SameAsJson(DataType type, object? expected, JsonElement actual) => (type.Kind, expected) switch
    {
        (_, null) => actual.ValueKind == JsonValueKind.Null,
        (TypeKind.Boolean, bool flag) => actual.GetBoolean() == flag,
        (TypeKind.Byte or TypeKind.Short or TypeKind.Integer, IConvertible number) =>
            actual.GetInt32() == Convert.ToInt32(number),
        (TypeKind.Long, long number) => actual.GetString() == number.ToString(),
        (TypeKind.Float, float number) => SameNumber(number, actual),
        (TypeKind.Double, double number) => SameNumber(number, actual),
        (TypeKind.String, string text) => actual.GetString() == text,
        (TypeKind.Binary, byte[] bytes) => actual.GetString() == Convert.ToHexStringLower(bytes),
        (TypeKind.Array, object?[] items) => actual.GetArrayLength() == items.Length &&
            items.Select((item, index) => SameAsJson(type.Element!, item, actual[index])).All(isSame => isSame),
        (TypeKind.Struct, object?[] fields) => fields.Select((field, index) =>
            actual.TryGetProperty(type.Fields[index].Name, out JsonElement value)
                ? SameAsJson(type.Fields[index].Type, field, value)
                : field is null).All(isSame => isSame),
        _ => actual.ValueKind != JsonValueKind.Null,
    };

    private static bool SameNumber(double expected, JsonElement actual) => actual.ValueKind == JsonValueKind.String
        ? actual.GetString() == expected.ToString()
        : actual.GetDouble().Equals(expected) || (expected == 0 && actual.GetDouble() == 0);

    private static bool HasMap(DataType type) => type.Kind == TypeKind.Map ||
        (type.Element is DataType element && HasMap(element)) ||
        (type.Kind == TypeKind.Struct && type.Fields.Any(field => HasMap(field.Type)));

    private static RecordBatch Batch(DataType schema, object?[][] columns, Random random) => new(
        ArrowTypes.ToSchema(schema),
        schema.Fields.Select((field, index) => RandomColumns.Build(field.Type, columns[index], random)),
        RowCount);

    private static async Task PutArrowAsync(
        PeerReaders.TemporaryFolder folder, string name, DataType schema, object?[][] columns, Random random)
    {
        RecordBatch batch = Batch(schema, columns, random);
        await using (FileStream stream = File.Create(folder.File($"{name}.arrow")))
        {
            using ArrowStreamWriter writer = new(stream, batch.Schema);
            await writer.WriteRecordBatchAsync(batch);
            await writer.WriteEndAsync();
        }

        var kinds = schema.Fields.Select(field => new { name = field.Name, kind = Kind(field.Type) });
        File.WriteAllText(folder.File($"{name}.kinds.json"), JsonSerializer.Serialize(kinds));
    }

    // How arrow-rs stores it, which decides what encodings it takes.
    private static string Kind(DataType type) => type.Kind switch
    {
        TypeKind.Boolean => "boolean",
        TypeKind.Float or TypeKind.Double => "float",
        TypeKind.String or TypeKind.Binary => "bytes",
        TypeKind.Decimal when type.Precision > 18 => "fixed",
        TypeKind.Array or TypeKind.Map or TypeKind.Struct => "nested",
        _ => "int",
    };

    private static void PutColumns(
        PeerReaders.TemporaryFolder folder, string name, DataType schema, object?[][] columns)
    {
        var put = schema.Fields
            .Select((field, index) => new
            {
                name = field.Name,
                type = field.Type.Kind switch
                {
                    TypeKind.Boolean => "BOOLEAN",
                    TypeKind.Integer => "INT32",
                    TypeKind.Long => "INT64",
                    TypeKind.String => "STRING",
                    TypeKind.Binary => "BYTE_ARRAY",
                    _ => null,
                },
                values = columns[index].Select(value => value switch
                {
                    long number => number.ToString(),
                    byte[] bytes => Convert.ToHexStringLower(bytes),
                    _ => value,
                }),
            })
            .Where(column => column.type is not null);
        File.WriteAllText(folder.File($"{name}.columns.json"), JsonSerializer.Serialize(put));
    }
}
