using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using Polder.Bytes;
using Polder.Parquet.Format;

namespace Polder.Parquet.Footer;

/// <summary>Encodes the end of a file.</summary>
internal static class FooterEncoder
{
    /// <summary>The four bytes that open and close every file.</summary>
    public static ReadOnlySpan<byte> Magic => "PAR1"u8;

    /// <summary>Appends FileMetaData, its length and the magic.</summary>
    public static void Encode(ParquetFooter footer, BufferBuilder target)
    {
        int start = target.Length;
        EncodeMetadata(footer, target);
        int length = target.Length - start;
        BinaryPrimitives.WriteInt32LittleEndian(target.GetSpan(4), length);
        target.Advance(4);
        target.Write(Magic);
    }

    /// <summary>Appends the Thrift struct alone.</summary>
    internal static void EncodeMetadata(ParquetFooter footer, BufferBuilder target)
    {
        CompactWriter writer = new(target);
        writer.WriteInt32(1, footer.Version);
        IReadOnlyList<SchemaElement> elements = footer.Schema.Elements;
        writer.BeginList(2, CompactType.Struct, elements.Count);
        foreach (SchemaElement element in elements)
        {
            writer.BeginElement();
            element.Encode(ref writer);
            writer.EndStruct();
        }

        writer.WriteInt64(3, footer.RowCount);
        writer.BeginList(4, CompactType.Struct, footer.RowGroups.Count);
        foreach (RowGroupMetadata rowGroup in footer.RowGroups)
        {
            writer.BeginElement();
            RowGroupMetadataEncoder.Encode(ref writer, rowGroup);
            writer.EndStruct();
        }

        EncodeKeyValues(ref writer, footer.KeyValues);
        if (footer.CreatedBy is string createdBy)
        {
            writer.WriteString(6, createdBy);
        }

        EncodeColumnOrders(ref writer, footer.ColumnOrders);
        writer.EndStruct();
    }

    private static void EncodeKeyValues(
        ref CompactWriter writer, IReadOnlyList<KeyValuePair<string, string?>> keyValues)
    {
        if (keyValues.Count == 0)
        {
            return;
        }

        writer.BeginList(5, CompactType.Struct, keyValues.Count);
        foreach (KeyValuePair<string, string?> pair in keyValues)
        {
            writer.BeginElement();
            writer.WriteString(1, pair.Key);
            if (pair.Value is string value)
            {
                writer.WriteString(2, value);
            }

            writer.EndStruct();
        }
    }

    private static void EncodeColumnOrders(ref CompactWriter writer, IReadOnlyList<ColumnOrder> orders)
    {
        writer.BeginList(7, CompactType.Struct, orders.Count);
        foreach (ColumnOrder order in orders)
        {
            writer.BeginElement();
            if (order != ColumnOrder.Undefined)
            {
                writer.WriteEmptyStruct((int)order);
            }

            writer.EndStruct();
        }
    }
}
