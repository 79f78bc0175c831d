using System;

namespace Polder.Parquet.Format;

/// <summary>Page headers in Thrift.</summary>
internal static class PageHeaderCodec
{
    /// <summary>Reads a header; null where the bytes end early.</summary>
    public static PageHeader? Decode(ref CompactReader reader, ReadOnlyMemory<byte> source)
    {
        PageType? pageType = null;
        int uncompressedSize = -1, compressedSize = -1;
        uint? crc = null;
        PageHeader? details = null;
        short fieldId = 0;
        while (reader.ReadField(ref fieldId, out CompactType type))
        {
            switch (fieldId)
            {
                case 1:
                    pageType = (PageType)reader.ReadInt32(type);
                    break;
                case 2:
                    uncompressedSize = reader.ReadInt32(type);
                    break;
                case 3:
                    compressedSize = reader.ReadInt32(type);
                    break;
                case 4:
                    crc = (uint)reader.ReadInt64(type);
                    break;
                case 5:
                    reader.ExpectStruct(type);
                    details = DecodeDataPage(ref reader, source);
                    break;
                case 7:
                    reader.ExpectStruct(type);
                    details = DecodeDictionaryPage(ref reader);
                    break;
                case 8:
                    reader.ExpectStruct(type);
                    details = DecodeDataPageV2(ref reader, source);
                    break;
                default:
                    reader.Skip(type);
                    break;
            }
        }

        if (reader.IsExhausted)
        {
            return null;
        }

        if (pageType is not PageType known || uncompressedSize < 0 || compressedSize < 0)
        {
            throw reader.Corrupt("a page header without a type or with sizes below zero");
        }

        if (known != PageType.IndexPage && details?.Type != known)
        {
            throw reader.Corrupt($"a page header of type {known} without its details");
        }

        return (details ?? Bare(known)) with
        {
            UncompressedSize = uncompressedSize,
            CompressedSize = compressedSize,
            Crc = crc,
        };
    }

    /// <summary>Writes a header as a struct of its own.</summary>
    public static void Encode(ref CompactWriter writer, PageHeader header)
    {
        writer.WriteInt32(1, (int)header.Type);
        writer.WriteInt32(2, header.UncompressedSize);
        writer.WriteInt32(3, header.CompressedSize);
        if (header.Crc is uint crc)
        {
            writer.WriteInt32(4, (int)crc);
        }

        switch (header.Type)
        {
            case PageType.DataPage:
                writer.BeginStruct(5);
                writer.WriteInt32(1, header.ValueCount);
                writer.WriteInt32(2, (int)header.Encoding);
                writer.WriteInt32(3, (int)header.DefinitionLevelEncoding);
                writer.WriteInt32(4, (int)header.RepetitionLevelEncoding);
                EncodeStatistics(ref writer, 5, header.Statistics);
                writer.EndStruct();
                break;
            case PageType.DictionaryPage:
                writer.BeginStruct(7);
                writer.WriteInt32(1, header.ValueCount);
                writer.WriteInt32(2, (int)header.Encoding);
                writer.EndStruct();
                break;
            default:
                writer.BeginStruct(8);
                writer.WriteInt32(1, header.ValueCount);
                writer.WriteInt32(2, header.NullCount);
                writer.WriteInt32(3, header.RowCount);
                writer.WriteInt32(4, (int)header.Encoding);
                writer.WriteInt32(5, header.DefinitionLevelBytes);
                writer.WriteInt32(6, header.RepetitionLevelBytes);
                writer.WriteBool(7, header.IsCompressed);
                EncodeStatistics(ref writer, 8, header.Statistics);
                writer.EndStruct();
                break;
        }

        writer.EndStruct();
    }

    private static PageHeader Bare(PageType type) =>
        new() { Type = type, UncompressedSize = 0, CompressedSize = 0 };

    private static int ReadSize(ref CompactReader reader, CompactType type)
    {
        int size = reader.ReadInt32(type);
        return size >= 0 ? size : throw reader.Corrupt($"negative count {size} in a page header");
    }

    private static PageHeader DecodeDataPage(ref CompactReader reader, ReadOnlyMemory<byte> source)
    {
        PageHeader header = Bare(PageType.DataPage);
        int valueCount = 0;
        ParquetEncoding encoding = default, definition = ParquetEncoding.Rle, repetition = ParquetEncoding.Rle;
        ChunkStatistics? statistics = null;
        short fieldId = 0;
        while (reader.ReadField(ref fieldId, out CompactType type))
        {
            switch (fieldId)
            {
                case 1:
                    valueCount = ReadSize(ref reader, type);
                    break;
                case 2:
                    encoding = (ParquetEncoding)reader.ReadInt32(type);
                    break;
                case 3:
                    definition = (ParquetEncoding)reader.ReadInt32(type);
                    break;
                case 4:
                    repetition = (ParquetEncoding)reader.ReadInt32(type);
                    break;
                case 5:
                    reader.ExpectStruct(type);
                    statistics = ChunkStatistics.Decode(ref reader, source);
                    break;
                default:
                    reader.Skip(type);
                    break;
            }
        }

        return header with
        {
            ValueCount = valueCount,
            Encoding = encoding,
            DefinitionLevelEncoding = definition,
            RepetitionLevelEncoding = repetition,
            Statistics = statistics,
        };
    }

    private static PageHeader DecodeDictionaryPage(ref CompactReader reader)
    {
        int valueCount = 0;
        ParquetEncoding encoding = default;
        short fieldId = 0;
        while (reader.ReadField(ref fieldId, out CompactType type))
        {
            switch (fieldId)
            {
                case 1:
                    valueCount = ReadSize(ref reader, type);
                    break;
                case 2:
                    encoding = (ParquetEncoding)reader.ReadInt32(type);
                    break;
                default:
                    reader.Skip(type);
                    break;
            }
        }

        return Bare(PageType.DictionaryPage) with { ValueCount = valueCount, Encoding = encoding };
    }

    private static PageHeader DecodeDataPageV2(ref CompactReader reader, ReadOnlyMemory<byte> source)
    {
        int valueCount = 0, nullCount = 0, rowCount = 0, definitionBytes = 0, repetitionBytes = 0;
        ParquetEncoding encoding = default;
        bool isCompressed = true;
        ChunkStatistics? statistics = null;
        short fieldId = 0;
        while (reader.ReadField(ref fieldId, out CompactType type))
        {
            switch (fieldId)
            {
                case 1:
                    valueCount = ReadSize(ref reader, type);
                    break;
                case 2:
                    nullCount = ReadSize(ref reader, type);
                    break;
                case 3:
                    rowCount = ReadSize(ref reader, type);
                    break;
                case 4:
                    encoding = (ParquetEncoding)reader.ReadInt32(type);
                    break;
                case 5:
                    definitionBytes = ReadSize(ref reader, type);
                    break;
                case 6:
                    repetitionBytes = ReadSize(ref reader, type);
                    break;
                case 7:
                    isCompressed = reader.ReadBool(type);
                    break;
                case 8:
                    reader.ExpectStruct(type);
                    statistics = ChunkStatistics.Decode(ref reader, source);
                    break;
                default:
                    reader.Skip(type);
                    break;
            }
        }

        return Bare(PageType.DataPageV2) with
        {
            ValueCount = valueCount,
            NullCount = nullCount,
            RowCount = rowCount,
            Encoding = encoding,
            DefinitionLevelBytes = definitionBytes,
            RepetitionLevelBytes = repetitionBytes,
            IsCompressed = isCompressed,
            Statistics = statistics,
        };
    }

    private static void EncodeStatistics(ref CompactWriter writer, int fieldId, ChunkStatistics? statistics)
    {
        if (statistics is not null)
        {
            writer.BeginStruct(fieldId);
            statistics.Encode(ref writer);
            writer.EndStruct();
        }
    }
}
