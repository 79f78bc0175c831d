using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Apache.Arrow;
using Polder.Columns;
using Polder.Columns.Flat;
using Polder.Delta;
using Polder.Files;
using Polder.Parquet;
using Polder.Storage;

namespace Polder.Samples;

/// <summary>The column on disk: what comes back is flat again, without objects in between.</summary>
internal static class FlatStores
{
    private static readonly DataType Schema = DataType.Struct(new StructField("text", FlatText.Type));

    /// <summary>Writes the column to a Parquet file and sums every byte of what is read back.</summary>
    public static async Task<long> ThroughParquetAsync(
        NestedColumn<byte> text, IObjectStore store, StorePath path, CancellationToken ct)
    {
        await using (ParquetFileWriter writer = await ParquetFileWriter.CreateAsync(
            Engine.Default, store, path, Schema, ParquetWriteOptions.Default, ct))
        {
            await writer.WriteAsync(BatchOf(text), ct);
            await writer.CompleteAsync(ct);
        }

        await using ParquetFileReader reader = await ParquetFileReader.OpenAsync(
            Engine.Default, store, path, null, ct);
        return await ChecksumAsync(reader.ReadAsync(new ParquetReadOptions(), ct));
    }

    /// <summary>Makes a Delta table of the column and sums every byte of what a scan gives back.</summary>
    public static async Task<long> ThroughDeltaAsync(NestedColumn<byte> text, IObjectStore store, CancellationToken ct)
    {
        DeltaTable table = await DeltaTable.CreateAsync(store, Schema, cancellationToken: ct);
        await table.AppendAsync(new[] { BatchOf(text) }.ToAsyncEnumerable(), cancellationToken: ct);
        return await ChecksumAsync(table.Scan().Select("text").AsAsyncEnumerable());
    }

    private static async Task<long> ChecksumAsync(IAsyncEnumerable<RecordBatch> batches)
    {
        long sum = 0;
        await foreach (RecordBatch batch in batches)
        {
            sum += FlatText.ChecksumByParagraph(Nested.Utf8(batch.Column("text")));
        }

        return sum;
    }

    private static RecordBatch BatchOf(NestedColumn<byte> text) =>
        new(ArrowTypes.ToSchema(Schema), [text.Array], text.Count);
}
