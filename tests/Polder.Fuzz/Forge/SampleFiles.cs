using System.Collections.Generic;
using System.IO;
using System.Threading.Tasks;
using Apache.Arrow;
using Polder.Columns;
using Polder.Files;
using Polder.Parquet;
using Polder.Storage;
using Polder.Storage.Memory;

namespace Polder.Fuzz.Forge;

/// <summary>Small files to change: some of our own, and of other writers where the shared data is there.</summary>
internal static class SampleFiles
{
    private static readonly string[] Shared =
    [
        "parquet-testing/data/alltypes_plain.parquet",
        "parquet-testing/data/alltypes_dictionary.parquet",
        "parquet-testing/data/datapage_v2.snappy.parquet",
        "parquet-testing/data/nested_lists.snappy.parquet",
        "parquet-testing/data/nested_maps.snappy.parquet",
        "parquet-testing/data/repeated_no_annotation.parquet",
        "parquet-testing/data/nonnullable.impala.parquet",
        "parquet-testing/data/int32_with_null_pages.parquet",
        "parquet-testing/data/fixed_length_decimal.parquet",
        "parquet-testing/data/float16_nonzeros_and_nans.parquet",
        "parquet-testing/data/byte_stream_split.zstd.parquet",
        "parquet-testing/data/rle_boolean_encoding.parquet",
        "parquet-testing/data/hadoop_lz4_compressed.parquet",
        "parquet-testing/data/delta_encoding_optional_column.parquet",
        "parquet-testing/data/delta_length_byte_array.parquet",
        "parquet-testing/data/null_list.parquet",
    ];

    /// <summary>The files, in an order that never changes.</summary>
    public static IEnumerable<byte[]> All()
    {
        yield return Write(CompressionCodec.Uncompressed);
        yield return Write(CompressionCodec.Zstd);
        yield return Write(CompressionCodec.Snappy);
        foreach (string name in Shared)
        {
            string? path = Fuzz.Corpus.Shared is null
                ? null
                : Path.Combine(Fuzz.Corpus.Shared, "corpus", "parquet", name);
            if (path is not null && File.Exists(path) && new FileInfo(path).Length < 100_000)
            {
                yield return File.ReadAllBytes(path);
            }
        }
    }

    private static byte[] Write(CompressionCodec codec)
    {
        DataType type = DataType.Struct(
            new StructField("id", DataType.Long, false),
            new StructField("text", DataType.String),
            new StructField("price", DataType.Decimal(20, 2)),
            new StructField("items", DataType.Array(DataType.Integer, true)));
        MemoryStore store = new();
        StorePath path = new("sample.parquet");
        Reading.Finish(WriteAsync(store, path, type, new ParquetWriteOptions { Codec = codec, RowsPerPage = 20 }));
        using Bytes.BufferSlice body = store.ReadAsync(path).AsTask().GetAwaiter().GetResult();
        return body.Span.ToArray();
    }

    private static async Task WriteAsync(MemoryStore store, StorePath path, DataType type, ParquetWriteOptions options)
    {
        await using ParquetFileWriter writer = await ParquetFileWriter.CreateAsync(
            Reading.Engine, store, path, type, options);
        await writer.WriteAsync(Rows(type));
        await writer.CompleteAsync();
    }

    private static RecordBatch Rows(DataType type)
    {
        const int RowCount = 50;
        Int64Array.Builder ids = new();
        StringArray.Builder texts = new();
        Decimal128Array.Builder prices = new(new Apache.Arrow.Types.Decimal128Type(20, 2));
        ListArray.Builder items = new(Apache.Arrow.Types.Int32Type.Default);
        Int32Array.Builder values = (Int32Array.Builder)items.ValueBuilder;
        for (int row = 0; row < RowCount; row++)
        {
            ids.Append(row * 37L);
            _ = row % 5 == 0 ? texts.AppendNull() : texts.Append($"text {row % 7}");
            prices.Append(row * 1.25m);
            if (row % 6 == 0)
            {
                items.AppendNull();
                continue;
            }

            items.Append();
            for (int item = 0; item < row % 4; item++)
            {
                values.Append(item);
            }
        }

        return new RecordBatch(
            ArrowTypes.ToSchema(type), [ids.Build(), texts.Build(), prices.Build(), items.Build()], RowCount);
    }
}
