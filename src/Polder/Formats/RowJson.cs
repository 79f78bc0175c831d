using System;
using System.Numerics;
using System.Text.Encodings.Web;
using System.Text.Json;
using Apache.Arrow;
using Apache.Arrow.Scalars;
using Polder.Bytes;
using Polder.Columns;
using Polder.Columns.Values;
using Polder.Columns.Variant;

namespace Polder.Formats;

/// <summary>
/// The one JSON form of rows that Polder writes: exact, and the same everywhere. Integers and floating point are
/// numbers (NaN and infinities strings), decimals strings with all digits of their scale, dates and timestamps ISO
/// strings with six digits (and a Z where they are instants), binaries lowercase hex, maps arrays of pairs, intervals
/// and times Spark's text.
/// </summary>
public static class RowJson
{
    private const int SecondDecimals = 6;

    /// <summary>Options of a writer that leaves every character as it is that JSON allows.</summary>
    public static JsonWriterOptions WriterOptions { get; } =
        new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true, MaxDepth = 1000 };

    /// <summary>Writes a row as an object, its columns in the order of the schema.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="batch">Columns in canonical form.</param>
    /// <param name="schema">Their types, a struct.</param>
    /// <param name="row">The 0-based row.</param>
    public static void WriteRow(Utf8JsonWriter writer, RecordBatch batch, DataType schema, int row)
    {
        writer.WriteStartObject();
        for (int columnIndex = 0; columnIndex < schema.Fields.Count; columnIndex++)
        {
            writer.WritePropertyName(schema.Fields[columnIndex].Name);
            WriteValue(writer, batch.Column(columnIndex), schema.Fields[columnIndex].Type, row);
        }

        writer.WriteEndObject();
    }

    /// <summary>Writes a row whose columns' names are encoded already.</summary>
    internal static void WriteRow(
        Utf8JsonWriter writer, RecordBatch batch, DataType schema, JsonEncodedText[] names, int row)
    {
        writer.WriteStartObject();
        for (int columnIndex = 0; columnIndex < names.Length; columnIndex++)
        {
            writer.WritePropertyName(names[columnIndex]);
            WriteValue(writer, batch.Column(columnIndex).Data, schema.Fields[columnIndex].Type, row);
        }

        writer.WriteEndObject();
    }

    /// <summary>Writes one value of a column in canonical form.</summary>
    public static void WriteValue(Utf8JsonWriter writer, IArrowArray column, DataType type, int row) =>
        WriteValue(writer, column.Data, type, row);

    internal static void WriteValue(Utf8JsonWriter writer, ArrayData data, DataType type, int row)
    {
        if (Validity.Of(data).IsNull(row))
        {
            writer.WriteNullValue();
            return;
        }

        Span<byte> text = stackalloc byte[DecimalText.MaxBytes];
        switch (type.Kind)
        {
            case TypeKind.Boolean:
                writer.WriteBooleanValue(Bitmap.Get(data.Buffers[1].Span, data.Offset + row));
                break;
            case TypeKind.Byte:
                writer.WriteNumberValue(ArrayBuffers.Values<sbyte>(data)[row]);
                break;
            case TypeKind.Short:
                writer.WriteNumberValue(ArrayBuffers.Values<short>(data)[row]);
                break;
            case TypeKind.Integer:
                writer.WriteNumberValue(ArrayBuffers.Values<int>(data)[row]);
                break;
            case TypeKind.Long:
                writer.WriteNumberValue(ArrayBuffers.Values<long>(data)[row]);
                break;
            case TypeKind.Float:
                WriteFloat(writer, ArrayBuffers.Values<float>(data)[row]);
                break;
            case TypeKind.Double:
                WriteDouble(writer, ArrayBuffers.Values<double>(data)[row]);
                break;
            case TypeKind.Decimal:
                Int128 unscaled = ArrayBuffers.Values<Int128>(data)[row];
                writer.WriteStringValue(text[..DecimalText.Write(text, unscaled, type.Scale)]);
                break;
            case TypeKind.WideDecimal:
                BigInteger digits = Int256.ToBigInteger(ArrayBuffers.Items(data, Int256.SizeBytes), row);
                writer.WriteStringValue(DecimalText.Format(digits, type.Scale));
                break;
            case TypeKind.String or TypeKind.Char or TypeKind.Varchar:
                WriteText(writer, ArrayBuffers.BytesAt(data, row));
                break;
            case TypeKind.Binary:
                WriteHex(writer, ArrayBuffers.BytesAt(data, row));
                break;
            case TypeKind.Array or TypeKind.Map:
                WriteItems(writer, data, type, row);
                break;
            case TypeKind.Struct:
                WriteFields(writer, data, type, row);
                break;
            case TypeKind.Variant:
                VariantRowJson.Write(writer, VariantColumn.Of(data)[row]);
                break;
            default:
                WriteMoment(writer, data, type, row);
                break;
        }
    }

    internal static void WriteFloat(Utf8JsonWriter writer, float value)
    {
        if (float.IsFinite(value))
        {
            writer.WriteNumberValue(value);
        }
        else
        {
            WriteDouble(writer, value);
        }
    }

    internal static void WriteDouble(Utf8JsonWriter writer, double value)
    {
        if (double.IsFinite(value))
        {
            writer.WriteNumberValue(value);
        }
        else
        {
            writer.WriteStringValue(double.IsNaN(value) ? "NaN"u8 : value > 0 ? "Infinity"u8 : "-Infinity"u8);
        }
    }

    internal static void WriteText(Utf8JsonWriter writer, ReadOnlySpan<byte> text)
    {
        if (System.Text.Unicode.Utf8.IsValid(text))
        {
            writer.WriteStringValue(text);
            return;
        }

        writer.WriteStartObject();
        writer.WritePropertyName("$invalidUtf8"u8);
        WriteHex(writer, text);
        writer.WriteEndObject();
    }

    internal static void WriteHex(Utf8JsonWriter writer, ReadOnlySpan<byte> bytes) =>
        writer.WriteStringValue(Convert.ToHexStringLower(bytes));

    /// <summary>A date as ISO 8601 has it, without a sign before late years.</summary>
    internal static int WriteDate(Span<byte> destination, int days) =>
        TemporalText.WriteDate(destination, days, plus: false);

    /// <summary>A date, T and a time with six digits.</summary>
    internal static int WriteTimestamp(Span<byte> destination, long micros) =>
        TemporalText.WriteTimestamp(destination, micros, 'T', SecondDecimals, plus: false);

    /// <summary>A time of day, with six digits more only where the second has a fraction.</summary>
    private static int WriteTime(Span<byte> destination, long micros) =>
        TemporalText.WriteClock(destination, micros, micros % CivilCalendar.MicrosPerSecond == 0 ? 0 : SecondDecimals);

    private static void WriteMoment(Utf8JsonWriter writer, ArrayData data, DataType type, int row)
    {
        Span<byte> text = stackalloc byte[TemporalText.MaxBytes];
        switch (type.Kind)
        {
            case TypeKind.Date:
                writer.WriteStringValue(text[..WriteDate(text, ArrayBuffers.Values<int>(data)[row])]);
                break;
            case TypeKind.Time:
                writer.WriteStringValue(text[..WriteTime(text, ArrayBuffers.Values<long>(data)[row])]);
                break;
            case TypeKind.Timestamp or TypeKind.TimestampNtz:
                int length = WriteTimestamp(text, ArrayBuffers.Values<long>(data)[row]);
                text[length] = (byte)'Z';
                writer.WriteStringValue(text[..(length + (type.Kind == TypeKind.Timestamp ? 1 : 0))]);
                break;
            case TypeKind.YearMonthInterval:
                writer.WriteStringValue(IntervalText.Literal(type, ArrayBuffers.Values<int>(data)[row]));
                break;
            case TypeKind.DayTimeInterval:
                writer.WriteStringValue(IntervalText.Literal(type, ArrayBuffers.Values<long>(data)[row]));
                break;
            default:
                MonthDayNanosecondInterval interval = ArrayBuffers.Values<MonthDayNanosecondInterval>(data)[row];
                writer.WriteStringValue(IntervalText.Format(
                    new CalendarInterval(interval.Months, interval.Days, interval.Nanoseconds / 1000)));
                break;
        }
    }

    private static void WriteItems(Utf8JsonWriter writer, ArrayData data, DataType type, int row)
    {
        ReadOnlySpan<int> offsets = ArrayBuffers.Offsets(data);
        ArrayData items = data.Children[0];
        writer.WriteStartArray();
        for (int item = offsets[row]; item < offsets[row + 1]; item++)
        {
            if (type.Kind == TypeKind.Array)
            {
                WriteValue(writer, items, type.Element!, item);
                continue;
            }

            writer.WriteStartArray();
            WriteValue(writer, ArrayBuffers.StructField(items, 0), type.Key!, item);
            WriteValue(writer, ArrayBuffers.StructField(items, 1), type.Element!, item);
            writer.WriteEndArray();
        }

        writer.WriteEndArray();
    }

    private static void WriteFields(Utf8JsonWriter writer, ArrayData data, DataType type, int row)
    {
        writer.WriteStartObject();
        for (int fieldIndex = 0; fieldIndex < type.Fields.Count; fieldIndex++)
        {
            writer.WritePropertyName(type.Fields[fieldIndex].Name);
            WriteValue(writer, ArrayBuffers.StructField(data, fieldIndex), type.Fields[fieldIndex].Type, row);
        }

        writer.WriteEndObject();
    }
}
