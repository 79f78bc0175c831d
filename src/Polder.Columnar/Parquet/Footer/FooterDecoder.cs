using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using Polder.Parquet.Format;

namespace Polder.Parquet.Footer;

/// <summary>Decodes the end of a file: FileMetaData, its length, the magic.</summary>
internal static class FooterDecoder
{
    /// <summary>Bytes after the Thrift struct: its length and the magic.</summary>
    public const int TailBytes = 8;

    private const uint Magic = 0x31524150; // "PAR1"
    private const uint EncryptedMagic = 0x45524150; // "PARE"

    /// <summary>Decodes a footer.</summary>
    /// <param name="tail">The last bytes of the file, at least 8 where it has them; nothing is kept of them.</param>
    /// <param name="fileSizeBytes">The file's size.</param>
    /// <param name="limits">What the input may ask for.</param>
    /// <param name="neededTailBytes">Last bytes that decoding needs; more than were given when null returns.</param>
    /// <returns>The footer, or null where <paramref name="tail"/> is too short.</returns>
    /// <exception cref="CorruptFileException">The file is no Parquet file, or broken.</exception>
    /// <exception cref="UnsupportedFeatureException">The file is encrypted.</exception>
    public static ParquetFooter? Decode(
        ReadOnlySpan<byte> tail, long fileSizeBytes, Limits limits, out int neededTailBytes)
    {
        if (fileSizeBytes < TailBytes + 4)
        {
            throw new CorruptFileException($"a file of {fileSizeBytes} bytes is too short for Parquet");
        }

        neededTailBytes = TailBytes;
        if (tail.Length < TailBytes)
        {
            return null;
        }

        uint magic = BinaryPrimitives.ReadUInt32LittleEndian(tail[^4..]);
        if (magic == EncryptedMagic)
        {
            throw new UnsupportedFeatureException("Parquet encryption", "the file's footer is encrypted");
        }

        if (magic != Magic)
        {
            throw new CorruptFileException(
                "no Parquet file: it does not end in PAR1", null, fileSizeBytes - 4);
        }

        uint length = BinaryPrimitives.ReadUInt32LittleEndian(tail[^TailBytes..]);
        if (length > fileSizeBytes - TailBytes - 4 || length > (uint)limits.FooterBytes)
        {
            throw new CorruptFileException(
                $"the footer claims {length} bytes of a file of {fileSizeBytes}", null, fileSizeBytes - TailBytes);
        }

        neededTailBytes = (int)length + TailBytes;
        if (tail.Length < neededTailBytes)
        {
            return null;
        }

        // One copy that statistics are slices of, so that the footer outlives the caller's bytes.
        byte[] metadata = tail.Slice(tail.Length - neededTailBytes, (int)length).ToArray();
        return DecodeMetadata(metadata, fileSizeBytes - neededTailBytes, limits);
    }

    /// <summary>Decodes the Thrift struct alone.</summary>
    internal static ParquetFooter DecodeMetadata(ReadOnlyMemory<byte> metadata, long fileOffset, Limits limits)
    {
        CompactReader reader = new(metadata.Span, limits, fileOffset);
        int version = 0;
        long rowCount = -1;
        ParquetSchema? schema = null;
        RowGroupMetadata[]? rowGroups = null;
        KeyValuePair<string, string?>[] keyValues = [];
        string? createdBy = null;
        ColumnOrder[]? orders = null;
        short fieldId = 0;
        while (reader.ReadField(ref fieldId, out CompactType type))
        {
            switch (fieldId)
            {
                case 1:
                    version = reader.ReadInt32(type);
                    break;
                case 2:
                    schema = DecodeSchema(ref reader, type, limits);
                    break;
                case 3:
                    rowCount = reader.ReadCount(type);
                    break;
                case 4:
                    rowGroups = RowGroupDecoder.Decode(
                        ref reader, type, metadata, schema ?? throw reader.Corrupt("row groups before the schema"));
                    break;
                case 5:
                    keyValues = DecodeKeyValues(ref reader, type);
                    break;
                case 6:
                    createdBy = reader.ReadString(type);
                    break;
                case 7:
                    orders = DecodeColumnOrders(ref reader, type);
                    break;
                default:
                    reader.Skip(type);
                    break;
            }
        }

        if (schema is null || rowGroups is null || rowCount < 0)
        {
            throw reader.Corrupt("a footer without schema, row groups or row count");
        }

        return new ParquetFooter
        {
            Version = version,
            Schema = schema,
            RowCount = rowCount,
            RowGroups = rowGroups,
            KeyValues = keyValues,
            CreatedBy = createdBy,
            ColumnOrders = orders?.Length == schema.Leaves.Count ? orders : new ColumnOrder[schema.Leaves.Count],
            SizeBytes = metadata.Length + TailBytes,
        };
    }

    private static ParquetSchema DecodeSchema(ref CompactReader reader, CompactType type, Limits limits)
    {
        SchemaElement[] elements = new SchemaElement[reader.ReadStructListHeader(type)];
        for (int elementIndex = 0; elementIndex < elements.Length; elementIndex++)
        {
            elements[elementIndex] = SchemaElement.Decode(ref reader);
        }

        return SchemaTree.Build(elements, limits);
    }

    private static KeyValuePair<string, string?>[] DecodeKeyValues(ref CompactReader reader, CompactType type)
    {
        KeyValuePair<string, string?>[] pairs = new KeyValuePair<string, string?>[reader.ReadStructListHeader(type)];
        for (int pairIndex = 0; pairIndex < pairs.Length; pairIndex++)
        {
            string key = "";
            string? value = null;
            short fieldId = 0;
            while (reader.ReadField(ref fieldId, out CompactType fieldType))
            {
                switch (fieldId)
                {
                    case 1:
                        key = reader.ReadString(fieldType);
                        break;
                    case 2:
                        value = reader.ReadString(fieldType);
                        break;
                    default:
                        reader.Skip(fieldType);
                        break;
                }
            }

            pairs[pairIndex] = new KeyValuePair<string, string?>(key, value);
        }

        return pairs;
    }

    private static ColumnOrder[] DecodeColumnOrders(ref CompactReader reader, CompactType type)
    {
        ColumnOrder[] orders = new ColumnOrder[reader.ReadStructListHeader(type)];
        for (int orderIndex = 0; orderIndex < orders.Length; orderIndex++)
        {
            short fieldId = 0;
            while (reader.ReadField(ref fieldId, out CompactType fieldType))
            {
                orders[orderIndex] = fieldId <= (int)ColumnOrder.Int96Timestamp
                    ? (ColumnOrder)fieldId
                    : ColumnOrder.Undefined;
                reader.Skip(fieldType);
            }
        }

        return orders;
    }
}
