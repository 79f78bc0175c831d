using System;
using Polder.Parquet.Format;

namespace Polder.Parquet.Footer;

/// <summary>Row groups and column chunks of a footer, in Thrift.</summary>
internal static class RowGroupMetadataEncoder
{
    /// <summary>Writes a row group's fields; the caller opens and closes the struct.</summary>
    public static void Encode(ref CompactWriter writer, RowGroupMetadata rowGroup)
    {
        long compressedSize = 0;
        writer.BeginList(1, CompactType.Struct, rowGroup.Columns.Count);
        foreach (ColumnChunkMetadata chunk in rowGroup.Columns)
        {
            writer.BeginElement();
            EncodeChunk(ref writer, chunk);
            writer.EndStruct();
            compressedSize += chunk.CompressedSize;
        }

        writer.WriteInt64(2, rowGroup.UncompressedSize);
        writer.WriteInt64(3, rowGroup.RowCount);
        if (rowGroup.SortingColumns.Count > 0)
        {
            writer.BeginList(4, CompactType.Struct, rowGroup.SortingColumns.Count);
            foreach (SortingColumn column in rowGroup.SortingColumns)
            {
                writer.BeginElement();
                writer.WriteInt32(1, column.LeafIndex);
                writer.WriteBool(2, column.IsDescending);
                writer.WriteBool(3, column.NullsFirst);
                writer.EndStruct();
            }
        }

        if (rowGroup.Columns.Count > 0)
        {
            writer.WriteInt64(5, rowGroup.Columns[0].StartOffset);
        }

        writer.WriteInt64(6, compressedSize);
        if (rowGroup.Index <= short.MaxValue)
        {
            writer.WriteInt16(7, (short)rowGroup.Index);
        }
    }

    private static void EncodeChunk(ref CompactWriter writer, ColumnChunkMetadata chunk)
    {
        // file_offset is required and meaningless; the specification asks for zero.
        writer.WriteInt64(2, 0);
        writer.BeginStruct(3);
        EncodeMetadata(ref writer, chunk);
        writer.EndStruct();
        if (chunk.OffsetIndex.Length > 0)
        {
            writer.WriteInt64(4, chunk.OffsetIndex.Offset);
            writer.WriteInt32(5, chunk.OffsetIndex.Length);
        }

        if (chunk.ColumnIndex.Length > 0)
        {
            writer.WriteInt64(6, chunk.ColumnIndex.Offset);
            writer.WriteInt32(7, chunk.ColumnIndex.Length);
        }
    }

    private static void EncodeMetadata(ref CompactWriter writer, ColumnChunkMetadata chunk)
    {
        writer.WriteInt32(1, (int)chunk.Leaf.PhysicalType);
        writer.BeginList(2, CompactType.Int32, chunk.Encodings.Count);
        foreach (ParquetEncoding encoding in chunk.Encodings)
        {
            writer.PutZigZag((int)encoding);
        }

        writer.BeginList(3, CompactType.Binary, chunk.Leaf.Path.Count);
        foreach (string name in chunk.Leaf.Path)
        {
            writer.PutString(name);
        }

        writer.WriteInt32(4, (int)chunk.Codec);
        writer.WriteInt64(5, chunk.ValueCount);
        writer.WriteInt64(6, chunk.UncompressedSize);
        writer.WriteInt64(7, chunk.CompressedSize);
        writer.WriteInt64(9, chunk.DataPageOffset);
        if (chunk.DictionaryPageOffset is long dictionaryPageOffset)
        {
            writer.WriteInt64(11, dictionaryPageOffset);
        }

        if (chunk.Statistics is ChunkStatistics statistics)
        {
            writer.BeginStruct(12);
            statistics.Encode(ref writer);
            writer.EndStruct();
        }

        EncodeEncodingCounts(ref writer, chunk);
        if (chunk.BloomFilter.Offset > 0)
        {
            writer.WriteInt64(14, chunk.BloomFilter.Offset);
            writer.WriteInt32(15, chunk.BloomFilter.Length);
        }

        if (chunk.Sizes is ChunkSizes sizes)
        {
            writer.BeginStruct(16);
            EncodeSizes(ref writer, sizes);
            writer.EndStruct();
        }
    }

    private static void EncodeEncodingCounts(ref CompactWriter writer, ColumnChunkMetadata chunk)
    {
        if (chunk.EncodingCounts.Count == 0)
        {
            return;
        }

        writer.BeginList(13, CompactType.Struct, chunk.EncodingCounts.Count);
        foreach (PageEncodingCount count in chunk.EncodingCounts)
        {
            writer.BeginElement();
            writer.WriteInt32(1, (int)count.Type);
            writer.WriteInt32(2, (int)count.Encoding);
            writer.WriteInt32(3, count.Count);
            writer.EndStruct();
        }
    }

    private static void EncodeSizes(ref CompactWriter writer, ChunkSizes sizes)
    {
        if (sizes.UnencodedBytes >= 0)
        {
            writer.WriteInt64(1, sizes.UnencodedBytes);
        }

        EncodeCounts(ref writer, 2, sizes.RepetitionLevels.Span);
        EncodeCounts(ref writer, 3, sizes.DefinitionLevels.Span);
    }

    private static void EncodeCounts(ref CompactWriter writer, int fieldId, ReadOnlySpan<long> counts)
    {
        if (counts.Length == 0)
        {
            return;
        }

        writer.BeginList(fieldId, CompactType.Int64, counts.Length);
        foreach (long count in counts)
        {
            writer.PutZigZag(count);
        }
    }
}
