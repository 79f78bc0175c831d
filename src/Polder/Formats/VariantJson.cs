using System;
using System.Buffers.Binary;
using System.Text.Json;
using Polder.Columns.Values;

namespace Polder.Formats;

/// <summary>
/// Writes variants in the row encoding: JSON values as they are, other scalars as {"$decimal": "1.50"},
/// {"$float": 1.5}, {"$date": …}, {"$timestamp": …}, {"$timestampNtz": …}, {"$timestampNanos": n},
/// {"$timestampNanosNtz": n},
/// {"$time": microseconds}, {"$binary": hex}, {"$uuid": …}.
/// Spec: parquet-format, VariantEncoding.md.
/// </summary>
internal static class VariantJson
{
    private const int MaxDepth = 500;

    private enum BasicType
    {
        Primitive,
        ShortString,
        Object,
        Array,
    }

    /// <exception cref="CorruptFileException">The bytes are no variant.</exception>
    public static void Write(Utf8JsonWriter writer, ReadOnlySpan<byte> metadata, ReadOnlySpan<byte> value)
    {
        try
        {
            WriteValue(writer, metadata, value, 0);
        }
        catch (ArgumentOutOfRangeException exception)
        {
            throw new CorruptFileException("a variant ends before its last value", innerException: exception);
        }
    }

    private static void WriteValue(
        Utf8JsonWriter writer, ReadOnlySpan<byte> metadata, ReadOnlySpan<byte> value, int depth)
    {
        if (depth > MaxDepth || value.IsEmpty)
        {
            throw new CorruptFileException(depth > MaxDepth ? "a variant nests too deeply" : "a variant is empty");
        }

        int header = value[0] >> 2;
        switch ((BasicType)(value[0] & 3))
        {
            case BasicType.Primitive:
                WritePrimitive(writer, header, value[1..]);
                break;
            case BasicType.ShortString:
                RowJson.WriteText(writer, value.Slice(1, header));
                break;
            case BasicType.Object:
                WriteObject(writer, metadata, header, value[1..], depth);
                break;
            default:
                WriteArray(writer, metadata, header, value[1..], depth);
                break;
        }
    }

    private static void WriteObject(
        Utf8JsonWriter writer, ReadOnlySpan<byte> metadata, int header, ReadOnlySpan<byte> value, int depth)
    {
        int offsetBytes = (header & 3) + 1;
        int idBytes = ((header >> 2) & 3) + 1;
        int countBytes = (header & 16) != 0 ? 4 : 1;
        int count = ReadUnsigned(value, countBytes);
        ReadOnlySpan<byte> ids = value[countBytes..];
        ReadOnlySpan<byte> offsets = ids[Scale(count, idBytes)..];
        ReadOnlySpan<byte> values = offsets[(Scale(count, offsetBytes) + offsetBytes)..];
        writer.WriteStartObject();
        for (int index = 0; index < count; index++)
        {
            writer.WritePropertyName(NameOf(metadata, ReadUnsigned(ids[(index * idBytes)..], idBytes)));
            int offset = ReadUnsigned(offsets[(index * offsetBytes)..], offsetBytes);
            WriteValue(writer, metadata, values[offset..], depth + 1);
        }

        writer.WriteEndObject();
    }

    private static void WriteArray(
        Utf8JsonWriter writer, ReadOnlySpan<byte> metadata, int header, ReadOnlySpan<byte> value, int depth)
    {
        int offsetBytes = (header & 3) + 1;
        int countBytes = (header & 4) != 0 ? 4 : 1;
        int count = ReadUnsigned(value, countBytes);
        ReadOnlySpan<byte> offsets = value[countBytes..];
        ReadOnlySpan<byte> values = offsets[(Scale(count, offsetBytes) + offsetBytes)..];
        writer.WriteStartArray();
        for (int index = 0; index < count; index++)
        {
            int offset = ReadUnsigned(offsets[(index * offsetBytes)..], offsetBytes);
            WriteValue(writer, metadata, values[offset..], depth + 1);
        }

        writer.WriteEndArray();
    }

    private static void WritePrimitive(Utf8JsonWriter writer, int typeId, ReadOnlySpan<byte> value)
    {
        switch (typeId)
        {
            case 0:
                writer.WriteNullValue();
                break;
            case 1 or 2:
                writer.WriteBooleanValue(typeId == 1);
                break;
            case 3:
                writer.WriteNumberValue((sbyte)value[..1][0]);
                break;
            case 4:
                writer.WriteNumberValue(BinaryPrimitives.ReadInt16LittleEndian(value));
                break;
            case 5:
                writer.WriteNumberValue(BinaryPrimitives.ReadInt32LittleEndian(value));
                break;
            case 6:
                writer.WriteNumberValue(BinaryPrimitives.ReadInt64LittleEndian(value));
                break;
            case 7:
                RowJson.WriteDouble(writer, BinaryPrimitives.ReadDoubleLittleEndian(value));
                break;
            case 16:
                RowJson.WriteText(writer, value.Slice(4, ReadUnsigned(value, 4)));
                break;
            default:
                WriteTagged(writer, typeId, value);
                break;
        }
    }

    private static void WriteTagged(Utf8JsonWriter writer, int typeId, ReadOnlySpan<byte> value)
    {
        Span<byte> text = stackalloc byte[TemporalText.MaxBytes];
        writer.WriteStartObject();
        writer.WritePropertyName(TagOf(typeId));
        switch (typeId)
        {
            case 8 or 9 or 10:
                Int128 unscaled = typeId switch
                {
                    8 => BinaryPrimitives.ReadInt32LittleEndian(value[1..]),
                    9 => BinaryPrimitives.ReadInt64LittleEndian(value[1..]),
                    _ => BinaryPrimitives.ReadInt128LittleEndian(value[1..]),
                };
                writer.WriteStringValue(text[..DecimalText.Write(text, unscaled, int.Min((int)value[0], 38))]);
                break;
            case 11:
                int days = BinaryPrimitives.ReadInt32LittleEndian(value);
                writer.WriteStringValue(text[..RowJson.WriteDate(text, days)]);
                break;
            case 14:
                RowJson.WriteFloat(writer, BinaryPrimitives.ReadSingleLittleEndian(value));
                break;
            case 15:
                RowJson.WriteHex(writer, value.Slice(4, ReadUnsigned(value, 4)));
                break;
            case 20:
                writer.WriteStringValue(new Guid(value[..16], bigEndian: true));
                break;
            case 17 or 18 or 19:
                writer.WriteNumberValue(BinaryPrimitives.ReadInt64LittleEndian(value));
                break;
            default:
                int length = RowJson.WriteTimestamp(text, BinaryPrimitives.ReadInt64LittleEndian(value));
                text[length] = (byte)'Z';
                writer.WriteStringValue(text[..(length + (typeId == 12 ? 1 : 0))]);
                break;
        }

        writer.WriteEndObject();
    }

    private static ReadOnlySpan<byte> TagOf(int typeId) => typeId switch
    {
        8 or 9 or 10 => "$decimal"u8,
        11 => "$date"u8,
        12 => "$timestamp"u8,
        13 => "$timestampNtz"u8,
        14 => "$float"u8,
        15 => "$binary"u8,
        17 => "$time"u8,
        18 => "$timestampNanos"u8,
        19 => "$timestampNanosNtz"u8,
        20 => "$uuid"u8,
        _ => throw new UnsupportedFeatureException(
            FormattableString.Invariant($"variant primitive type {typeId}"), "it is newer than this reader"),
    };

    // Metadata: header (version, size of offsets in the two highest bits), count, offsets, strings.
    private static ReadOnlySpan<byte> NameOf(ReadOnlySpan<byte> metadata, int id)
    {
        int offsetBytes = (metadata[..1][0] >> 6) + 1;
        int count = ReadUnsigned(metadata[1..], offsetBytes);
        if ((uint)id >= (uint)count)
        {
            throw new CorruptFileException($"a variant names key {id} of {count}");
        }

        ReadOnlySpan<byte> offsets = metadata[(1 + offsetBytes)..];
        ReadOnlySpan<byte> strings = offsets[(Scale(count, offsetBytes) + offsetBytes)..];
        int start = ReadUnsigned(offsets[(id * offsetBytes)..], offsetBytes);
        int end = ReadUnsigned(offsets[((id + 1) * offsetBytes)..], offsetBytes);
        return strings.Slice(start, end - start);
    }

    private static int ReadUnsigned(ReadOnlySpan<byte> bytes, int width)
    {
        uint number = 0;
        for (int index = width - 1; index >= 0; index--)
        {
            number = (number << 8) | bytes[..width][index];
        }

        return number <= int.MaxValue ? (int)number : throw new CorruptFileException("a variant is over 2 GiB");
    }

    private static int Scale(int count, int width) => count <= int.MaxValue / 8
        ? count * width
        : throw new CorruptFileException("a variant has too many fields");
}
