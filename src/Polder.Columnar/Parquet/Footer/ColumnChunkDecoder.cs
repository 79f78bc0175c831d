using System;
using Polder.Parquet.Format;

namespace Polder.Parquet.Footer;

/// <summary>
/// ColumnChunk and ColumnMetaData. Type and path are passed over: the schema says the same, once for all row groups.
/// </summary>
internal static class ColumnChunkDecoder
{
    public static ColumnChunkMetadata Decode(
        ref CompactReader reader, ReadOnlyMemory<byte> source, ParquetLeaf leaf)
    {
        ChunkFields fields = default;
        bool hasMetadata = false;
        long offsetIndexOffset = 0, columnIndexOffset = 0;
        int offsetIndexLength = 0, columnIndexLength = 0;
        short fieldId = 0;
        while (reader.ReadField(ref fieldId, out CompactType type))
        {
            switch (fieldId)
            {
                case 1:
                    RefuseOtherFile(reader.ReadString(type), leaf);
                    break;
                case 3:
                    reader.ExpectStruct(type);
                    DecodeMetadata(ref reader, source, ref fields);
                    hasMetadata = true;
                    break;
                case 4:
                    offsetIndexOffset = reader.ReadInt64(type);
                    break;
                case 5:
                    offsetIndexLength = reader.ReadInt32(type);
                    break;
                case 6:
                    columnIndexOffset = reader.ReadInt64(type);
                    break;
                case 7:
                    columnIndexLength = reader.ReadInt32(type);
                    break;
                case 8 or 9:
                    throw new UnsupportedFeatureException("Parquet encryption", $"column '{leaf}' is encrypted");
                default:
                    reader.Skip(type);
                    break;
            }
        }

        if (!hasMetadata)
        {
            throw reader.Corrupt($"column '{leaf}' without metadata");
        }

        return new ColumnChunkMetadata
        {
            Leaf = leaf,
            Codec = fields.Codec,
            ValueCount = fields.ValueCount,
            UncompressedSize = fields.UncompressedSize,
            CompressedSize = fields.CompressedSize,
            DataPageOffset = fields.DataPageOffset,
            DictionaryPageOffset = fields.DictionaryPageOffset,
            Encodings = fields.Encodings ?? [],
            EncodingCounts = fields.EncodingCounts ?? [],
            Statistics = fields.Statistics,
            Sizes = fields.Sizes,
            Geospatial = fields.Geospatial,
            OffsetIndex = Range(offsetIndexOffset, offsetIndexLength),
            ColumnIndex = Range(columnIndexOffset, columnIndexLength),
            BloomFilter = (fields.BloomFilterOffset, int.Max(0, fields.BloomFilterLength)),
        };
    }

    private static (long Offset, int Length) Range(long offset, int length) =>
        offset > 0 && length > 0 ? (offset, length) : (0, 0);

    private static void RefuseOtherFile(string path, ParquetLeaf leaf)
    {
        if (path.Length > 0)
        {
            throw new UnsupportedFeatureException(
                "column chunks in other files", $"column '{leaf}' stands in '{path}'");
        }
    }

    private static void DecodeMetadata(
        ref CompactReader reader, ReadOnlyMemory<byte> source, ref ChunkFields fields)
    {
        short fieldId = 0;
        while (reader.ReadField(ref fieldId, out CompactType type))
        {
            switch (fieldId)
            {
                case 2:
                    fields.Encodings = DecodeEncodings(ref reader, type);
                    break;
                case 4:
                    fields.Codec = (CompressionCodec)reader.ReadInt32(type);
                    break;
                case 5:
                    fields.ValueCount = reader.ReadCount(type);
                    break;
                case 6:
                    fields.UncompressedSize = reader.ReadCount(type);
                    break;
                case 7:
                    fields.CompressedSize = reader.ReadCount(type);
                    break;
                case 9:
                    fields.DataPageOffset = reader.ReadInt64(type);
                    break;
                case 11:
                    fields.DictionaryPageOffset = reader.ReadInt64(type);
                    break;
                case 12:
                    reader.ExpectStruct(type);
                    fields.Statistics = ChunkStatistics.Decode(ref reader, source);
                    break;
                case 13:
                    fields.EncodingCounts = DecodeEncodingCounts(ref reader, type);
                    break;
                case 14 when type == CompactType.Int64:
                    fields.BloomFilterOffset = reader.ReadInt64(type);
                    break;
                case 15 when type == CompactType.Int32:
                    // Before the specification gave this number to bloom filters, Dremio had a list there.
                    fields.BloomFilterLength = reader.ReadInt32(type);
                    break;
                case 16:
                    reader.ExpectStruct(type);
                    fields.Sizes = DecodeSizes(ref reader);
                    break;
                case 17 when type == CompactType.Struct:
                    fields.Geospatial = GeospatialStatistics.Decode(ref reader);
                    break;
                default:
                    reader.Skip(type);
                    break;
            }
        }
    }

    private static ParquetEncoding[] DecodeEncodings(ref CompactReader reader, CompactType listType)
    {
        int count = reader.ReadListHeader(listType, out CompactType elementType);
        ParquetEncoding[] encodings = new ParquetEncoding[count];
        for (int encodingIndex = 0; encodingIndex < count; encodingIndex++)
        {
            encodings[encodingIndex] = (ParquetEncoding)reader.ReadInt32(elementType);
        }

        return encodings;
    }

    private static PageEncodingCount[] DecodeEncodingCounts(ref CompactReader reader, CompactType listType)
    {
        PageEncodingCount[] counts = new PageEncodingCount[reader.ReadStructListHeader(listType)];
        for (int countIndex = 0; countIndex < counts.Length; countIndex++)
        {
            PageType pageType = default;
            ParquetEncoding encoding = default;
            int pageCount = 0;
            short fieldId = 0;
            while (reader.ReadField(ref fieldId, out CompactType type))
            {
                switch (fieldId)
                {
                    case 1:
                        pageType = (PageType)reader.ReadInt32(type);
                        break;
                    case 2:
                        encoding = (ParquetEncoding)reader.ReadInt32(type);
                        break;
                    case 3:
                        pageCount = reader.ReadInt32(type);
                        break;
                    default:
                        reader.Skip(type);
                        break;
                }
            }

            counts[countIndex] = new PageEncodingCount(pageType, encoding, pageCount);
        }

        return counts;
    }

    private static ChunkSizes DecodeSizes(ref CompactReader reader)
    {
        long unencodedBytes = -1;
        long[] repetitionLevels = [], definitionLevels = [];
        short fieldId = 0;
        while (reader.ReadField(ref fieldId, out CompactType type))
        {
            switch (fieldId)
            {
                case 1:
                    unencodedBytes = reader.ReadCount(type);
                    break;
                case 2:
                    repetitionLevels = DecodeCounts(ref reader, type);
                    break;
                case 3:
                    definitionLevels = DecodeCounts(ref reader, type);
                    break;
                default:
                    reader.Skip(type);
                    break;
            }
        }

        return new ChunkSizes
        {
            UnencodedBytes = unencodedBytes,
            RepetitionLevels = repetitionLevels,
            DefinitionLevels = definitionLevels,
        };
    }

    private static long[] DecodeCounts(ref CompactReader reader, CompactType listType)
    {
        int count = reader.ReadListHeader(listType, out CompactType elementType);
        long[] counts = new long[count];
        for (int countIndex = 0; countIndex < count; countIndex++)
        {
            counts[countIndex] = reader.ReadCount(elementType);
        }

        return counts;
    }

    /// <summary>What ColumnMetaData gave.</summary>
    private struct ChunkFields
    {
        public CompressionCodec Codec;
        public long ValueCount;
        public long UncompressedSize;
        public long CompressedSize;
        public long DataPageOffset;
        public long? DictionaryPageOffset;
        public ParquetEncoding[]? Encodings;
        public PageEncodingCount[]? EncodingCounts;
        public ChunkStatistics? Statistics;
        public ChunkSizes? Sizes;
        public GeospatialStatistics? Geospatial;
        public long BloomFilterOffset;
        public int BloomFilterLength;
    }
}
