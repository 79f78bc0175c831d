using System.Linq;
using Polder.Bytes;
using Polder.Columns;
using Polder.Parquet;
using Polder.Parquet.Footer;

namespace Polder.Tests.Parquet.Footer;

/// <summary>The end of a file of very many columns.</summary>
internal static class WideFooter
{
    /// <summary>A footer, its length and the magic. Data page offsets count the chunks of the file from 4.</summary>
    public static byte[] Make(int leafCount, int rowGroupCount)
    {
        ParquetSchema schema = ParquetSchema.FromDataType(DataType.Struct(
            [.. Enumerable.Range(0, leafCount).Select(leaf => new StructField($"column_{leaf}", DataType.Long))]));
        ParquetFooter footer = new()
        {
            Version = 1,
            Schema = schema,
            RowCount = rowGroupCount,
            RowGroups = [.. Enumerable.Range(0, rowGroupCount).Select(rowGroup => new RowGroupMetadata
            {
                Index = rowGroup,
                FirstRow = rowGroup,
                RowCount = 1,
                Columns = [.. schema.Leaves.Select(leaf => Chunk(leaf, (rowGroup * leafCount) + leaf.Index + 4))],
            })],
            CreatedBy = "somebody",
            ColumnOrders = [.. schema.Leaves.Select(_ => ColumnOrder.TypeDefined)],
        };
        using BufferBuilder target = new();
        FooterEncoder.Encode(footer, target);
        return target.Span.ToArray();
    }

    private static ColumnChunkMetadata Chunk(ParquetLeaf leaf, long offset) => new()
    {
        Leaf = leaf,
        Codec = CompressionCodec.Snappy,
        ValueCount = 1,
        UncompressedSize = 30,
        CompressedSize = 30,
        DataPageOffset = offset,
        Encodings = [ParquetEncoding.Plain, ParquetEncoding.Rle],
        Statistics = new ChunkStatistics
        {
            MinimumBytes = new byte[8], MaximumBytes = new byte[8], NullCount = 0,
        },
    };
}
