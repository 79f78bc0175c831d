using System;
using System.Linq;
using System.Threading.Tasks;
using Apache.Arrow;
using ParquetSharp;
using Polder.Columns;
using Polder.Files;
using Polder.Storage;
using Polder.Storage.Local;
using Polder.Tests.Columns;
using Polder.Tests.Parquet.Write;
using Xunit;
using ParquetFileReader = Polder.Files.ParquetFileReader;

namespace Polder.Tests.Files;

/// <summary>
/// Every type in every encoding that Arrow C++ writes, small pages, small batches, both page versions: the rows that
/// come back are the rows that went in.
/// </summary>
public sealed class PeerEncodingTests
{
    private const int RowCount = 1500;

    private static readonly Compression[] Codecs =
        [Compression.Snappy, Compression.Zstd, Compression.Gzip, Compression.Brotli, Compression.Lz4, default];

    public static TheoryData<int> Seeds => [.. Enumerable.Range(1, 12)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public async Task What_Arrow_cpp_writes_in_any_encoding_is_read(int seed)
    {
        Random random = new(seed);
        WriteValues values = new(random);
        DataType schema = WriteValues.EveryType;
        object?[][] columns = [.. schema.Fields.Select(field => values.Column(field.Type, field.Nullable, RowCount))];
        using PeerReaders.TemporaryFolder folder = new();
        RecordBatch batch = new(
            ArrowTypes.ToSchema(schema),
            schema.Fields.Select((field, index) => RandomColumns.Build(field.Type, columns[index], random)),
            RowCount);
        using (WriterProperties properties = Properties(schema, random, seed))
        using (ParquetSharp.Arrow.FileWriter writer = new(folder.File("a.parquet"), batch.Schema, properties))
        {
            writer.WriteRecordBatch(batch, random.Next(300, 2 * RowCount));
            writer.Close();
        }

        Engine engine = new(new EngineOptions { Limits = new Limits { ScanMemory = 1 << random.Next(10, 28) } });
        await using ParquetFileReader reader = await ParquetFileReader.OpenAsync(
            engine, new LocalStore(folder.FullPath), new StorePath("a.parquet"));
        int row = 0;
        ParquetReadOptions options = new() { BatchRows = random.Next(1, 700) };
        await foreach (RecordBatch read in reader.ReadAsync(options))
        {
            foreach (string[] actual in PeerReaders.Rows(read, schema))
            {
                for (int column = 0; column < actual.Length; column++)
                {
                    string expected = RandomColumns.Show(columns[column][row]);
                    Assert.True(
                        expected == actual[column],
                        $"seed {seed}, row {row}, {schema.Fields[column]}: {actual[column]}, not {expected}");
                }

                row++;
            }
        }

        Assert.Equal(RowCount, row);
    }

    private static WriterProperties Properties(DataType schema, Random random, int seed)
    {
        using WriterPropertiesBuilder builder = new();
        builder.Compression(Codecs[seed % Codecs.Length])
            .DataPageVersion(seed % 2 == 0 ? ParquetDataPageVersion.V1 : ParquetDataPageVersion.V2)
            .DataPagesize(random.Next(200, 20_000))
            .WriteBatchSize(random.Next(10, 200))
            .DictionaryPagesizeLimit(random.Next(1, 3) * 1000)
            .EnablePageChecksum();
        if (seed % 3 == 0)
        {
            builder.EnableStoreDecimalAsInteger();
        }

        foreach (StructField field in schema.Fields.Where(field => !field.Type.IsNested))
        {
            Encoding[] encodings = Encodings(field.Type, seed % 3 == 0);
            Encoding encoding = encodings[random.Next(encodings.Length)];
            if (encoding != Encoding.RleDictionary)
            {
                builder.DisableDictionary(field.Name).Encoding(field.Name, encoding);
            }
        }

        return builder.Build();
    }

    private static Encoding[] Encodings(DataType type, bool decimalsAreIntegers) => type.Kind switch
    {
        TypeKind.Boolean => [Encoding.Plain, Encoding.Rle],
        TypeKind.Float or TypeKind.Double => [Encoding.Plain, Encoding.RleDictionary, Encoding.ByteStreamSplit],
        TypeKind.String or TypeKind.Binary =>
            [Encoding.Plain, Encoding.RleDictionary, Encoding.DeltaLengthByteArray, Encoding.DeltaByteArray],
        TypeKind.Decimal when !decimalsAreIntegers || type.Precision > 18 =>
            [Encoding.Plain, Encoding.RleDictionary, Encoding.DeltaByteArray, Encoding.ByteStreamSplit],
        _ => [Encoding.Plain, Encoding.RleDictionary, Encoding.DeltaBinaryPacked, Encoding.ByteStreamSplit],
    };
}
