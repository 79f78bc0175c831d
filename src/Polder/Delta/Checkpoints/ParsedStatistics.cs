using System;
using System.Buffers;
using System.Text;
using System.Text.Json;
using Polder.Columns;
using Polder.Columns.Values;

namespace Polder.Delta.Checkpoints;

/// <summary>
/// <c>stats_parsed</c> of a checkpoint as the JSON it was parsed from: for checkpoints that were written without the
/// JSON (<c>delta.checkpoint.writeStatsAsJson</c> = false).
/// </summary>
internal static class ParsedStatistics
{
    private const int MillisecondDigits = 3;

    /// <summary>The JSON, or null where there are no statistics.</summary>
    public static string? Format(ActionColumn? column, int row)
    {
        if (column is null || column.IsNull(row))
        {
            return null;
        }

        DataType type = ArrowTypes.FromArrow(column.Array.Data.DataType);
        ArrayBufferWriter<byte> output = new();
        using (Utf8JsonWriter json = new(output))
        {
            Write(json, ColumnValues.Get(column.Array, row, type), type);
        }

        return Encoding.UTF8.GetString(output.WrittenSpan);
    }

    private static void Write(Utf8JsonWriter json, object? value, DataType type)
    {
        switch (type.Kind, value)
        {
            case (TypeKind.Struct, object?[] fields):
                json.WriteStartObject();
                for (int index = 0; index < fields.Length; index++)
                {
                    if (fields[index] is object field)
                    {
                        json.WritePropertyName(type.Fields[index].Name);
                        Write(json, field, type.Fields[index].Type);
                    }
                }

                json.WriteEndObject();
                break;
            case (TypeKind.Decimal, Int128 unscaled):
                json.WriteRawValue(DecimalText.Format(unscaled, type.Scale));
                break;
            case (TypeKind.Date, int days):
                json.WriteStringValue(TemporalText.FormatDate(days));
                break;
            case (TypeKind.Timestamp, long microseconds):
                json.WriteStringValue(TemporalText.FormatTimestamp(microseconds, 'T', MillisecondDigits) + "Z");
                break;
            case (TypeKind.TimestampNtz, long microseconds):
                json.WriteStringValue(TemporalText.FormatTimestamp(microseconds, 'T', MillisecondDigits));
                break;
            case (_, double number):
                WriteFloating(json, number);
                break;
            case (_, float number):
                WriteFloating(json, number);
                break;
            case (_, bool flag):
                json.WriteBooleanValue(flag);
                break;
            case (_, string text):
                json.WriteStringValue(text);
                break;
            case (_, sbyte or short or int or long):
                json.WriteNumberValue(Convert.ToInt64(value, System.Globalization.CultureInfo.InvariantCulture));
                break;
            default:
                json.WriteNullValue();
                break;
        }
    }

    private static void WriteFloating(Utf8JsonWriter json, double number)
    {
        if (double.IsFinite(number))
        {
            json.WriteNumberValue(number);
        }
        else
        {
            json.WriteStringValue(number.ToString(System.Globalization.CultureInfo.InvariantCulture));
        }
    }
}
