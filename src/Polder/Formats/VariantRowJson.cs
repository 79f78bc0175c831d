using System;
using System.Text.Json;
using Polder.Columns.Values;
using Polder.Columns.Variant;

namespace Polder.Formats;

/// <summary>
/// Writes variants in the row encoding: JSON values as they are, other scalars as {"$decimal": "1.50"},
/// {"$float": 1.5}, {"$date": …}, {"$timestamp": …}, {"$timestampNtz": …}, {"$timestampNanos": n},
/// {"$timestampNanosNtz": n}, {"$time": microseconds}, {"$binary": hex}, {"$uuid": …}.
/// </summary>
internal static class VariantRowJson
{
    /// <exception cref="CorruptFileException">The bytes are no variant.</exception>
    public static void Write(Utf8JsonWriter writer, VariantValue value)
    {
        VariantWalk walk = new(Limits.Default, value);
        Write(writer, value, ref walk);
    }

    private static void Write(Utf8JsonWriter writer, VariantValue value, ref VariantWalk walk)
    {
        walk.Enter(value);
        switch (value.Kind)
        {
            case VariantKind.Null:
                writer.WriteNullValue();
                break;
            case VariantKind.Boolean:
                writer.WriteBooleanValue(value.GetBoolean());
                break;
            case VariantKind.Int8 or VariantKind.Int16 or VariantKind.Int32 or VariantKind.Int64:
                writer.WriteNumberValue(value.GetInteger());
                break;
            case VariantKind.Double:
                RowJson.WriteDouble(writer, value.GetDouble());
                break;
            case VariantKind.String:
                RowJson.WriteText(writer, value.GetUtf8());
                break;
            case VariantKind.Object:
                writer.WriteStartObject();
                for (int index = 0; index < value.Count; index++)
                {
                    writer.WritePropertyName(value.KeyAt(index));
                    Write(writer, value[index], ref walk);
                }

                writer.WriteEndObject();
                break;
            case VariantKind.Array:
                writer.WriteStartArray();
                for (int index = 0; index < value.Count; index++)
                {
                    Write(writer, value[index], ref walk);
                }

                writer.WriteEndArray();
                break;
            default:
                WriteTagged(writer, value);
                break;
        }

        walk.Leave();
    }

    private static void WriteTagged(Utf8JsonWriter writer, VariantValue value)
    {
        Span<byte> text = stackalloc byte[TemporalText.MaxBytes];
        writer.WriteStartObject();
        writer.WritePropertyName(TagOf(value.Kind));
        switch (value.Kind)
        {
            case VariantKind.Decimal:
                VariantDecimal number = value.GetDecimal();
                writer.WriteStringValue(text[..DecimalText.Write(text, number.Unscaled, number.Scale)]);
                break;
            case VariantKind.Date:
                writer.WriteStringValue(text[..RowJson.WriteDate(text, value.GetDate())]);
                break;
            case VariantKind.Float:
                RowJson.WriteFloat(writer, value.GetFloat());
                break;
            case VariantKind.Binary:
                RowJson.WriteHex(writer, value.GetBinary());
                break;
            case VariantKind.Uuid:
                writer.WriteStringValue(value.GetUuid());
                break;
            case VariantKind.Timestamp or VariantKind.TimestampNtz:
                int length = RowJson.WriteTimestamp(text, value.GetTime());
                text[length] = (byte)'Z';
                writer.WriteStringValue(text[..(length + (value.Kind == VariantKind.Timestamp ? 1 : 0))]);
                break;
            default:
                writer.WriteNumberValue(value.GetTime());
                break;
        }

        writer.WriteEndObject();
    }

    private static ReadOnlySpan<byte> TagOf(VariantKind kind) => kind switch
    {
        VariantKind.Decimal => "$decimal"u8,
        VariantKind.Date => "$date"u8,
        VariantKind.Timestamp => "$timestamp"u8,
        VariantKind.TimestampNtz => "$timestampNtz"u8,
        VariantKind.Float => "$float"u8,
        VariantKind.Binary => "$binary"u8,
        VariantKind.Time => "$time"u8,
        VariantKind.TimestampNanos => "$timestampNanos"u8,
        VariantKind.TimestampNtzNanos => "$timestampNanosNtz"u8,
        _ => "$uuid"u8,
    };
}
