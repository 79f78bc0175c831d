using System;
using System.Buffers;
using System.Globalization;
using System.Linq;
using System.Text.Json;
using Apache.Arrow;
using Polder.Columns;
using Polder.Columns.Values;
using Polder.Formats;

namespace Polder.Tests.Expressions;

/// <summary>Compares values with the corpus' row encoding.</summary>
internal static class RecordedValue
{
    /// <summary>Whether a value is what was recorded.</summary>
    /// <param name="expected">JSON of the row encoding.</param>
    /// <param name="value">The value, as <see cref="ColumnValues"/> gives it.</param>
    /// <param name="type">Its type.</param>
    /// <param name="array">Where it comes from, for bytes that are no text.</param>
    public static bool Matches(JsonElement expected, object? value, DataType type, IArrowArray? array = null)
    {
        if (type.Kind == TypeKind.Variant && value is not null)
        {
            return MatchesVariant(expected, (object?[])value);
        }

        if (value is null || expected.ValueKind == JsonValueKind.Null)
        {
            return value is null && expected.ValueKind == JsonValueKind.Null;
        }

        switch (type.Kind)
        {
            case TypeKind.Boolean:
                return expected.GetBoolean() == (bool)value;
            case TypeKind.Byte or TypeKind.Short or TypeKind.Integer or TypeKind.Long:
                return expected.GetInt64() == Convert.ToInt64(value, CultureInfo.InvariantCulture);
            case TypeKind.Float:
                return (float)Number(expected) == (float)value || SameBits(Number(expected), (float)value);
            case TypeKind.Double:
                return SameBits(Number(expected), (double)value);
            case TypeKind.Array:
                object?[] elements = (object?[])value;
                return expected.GetArrayLength() == elements.Length && expected.EnumerateArray()
                    .Zip(elements).All(pair => Matches(pair.First, pair.Second, type.Element!));
            case TypeKind.Map:
                (object? Key, object? Value)[] entries = ((object?, object?)[])value;
                return expected.GetArrayLength() == entries.Length && expected.EnumerateArray().Zip(entries).All(pair =>
                    Matches(pair.First[0], pair.Second.Key, type.Key!) &&
                    Matches(pair.First[1], pair.Second.Value, type.Element!));
            case TypeKind.Struct:
                object?[] fields = (object?[])value;
                return expected.EnumerateObject().Count() == fields.Length && expected.EnumerateObject()
                    .Select((field, index) => Matches(field.Value, fields[index], type.Fields[index].Type))
                    .All(same => same);
            case TypeKind.String when expected.ValueKind == JsonValueKind.Object:
                return array is not null && expected.GetProperty("$invalidUtf8").GetString() ==
                    Convert.ToHexStringLower(array.Data.Buffers[2].Span);
            default:
                return expected.ValueKind == JsonValueKind.String && expected.GetString() == Encode(value, type);
        }
    }

    // A variant null and an SQL null are recorded alike.
    private static bool MatchesVariant(JsonElement expected, object?[] parts)
    {
        VariantBuilder builder = (VariantBuilder)ColumnBuilder.Create(DataType.Variant);
        builder.Append((byte[])parts[0]!, (byte[])parts[1]!);
        ArrayBufferWriter<byte> output = new();
        using (Utf8JsonWriter writer = new(output, RowJson.WriterOptions))
        {
            RowJson.WriteValue(writer, builder.Build(), DataType.Variant, 0);
        }

        using JsonDocument actual = JsonDocument.Parse(output.WrittenMemory);
        return SameJson(expected, actual.RootElement);
    }

    private static bool SameJson(JsonElement expected, JsonElement actual)
    {
        if (expected.ValueKind != actual.ValueKind)
        {
            return false;
        }

        return expected.ValueKind switch
        {
            JsonValueKind.Object => expected.EnumerateObject().Count() == actual.EnumerateObject().Count() &&
                expected.EnumerateObject().Zip(actual.EnumerateObject()).All(
                    pair => pair.First.Name == pair.Second.Name && SameJson(pair.First.Value, pair.Second.Value)),
            JsonValueKind.Array => expected.GetArrayLength() == actual.GetArrayLength() &&
                expected.EnumerateArray().Zip(actual.EnumerateArray()).All(pair => SameJson(pair.First, pair.Second)),
            JsonValueKind.Number => expected.GetRawText() == actual.GetRawText() ||
                SameBits(expected.GetDouble(), actual.GetDouble()) ||
                (float)expected.GetDouble() == (float)actual.GetDouble(),
            _ => JsonElement.DeepEquals(expected, actual),
        };
    }

    /// <summary>A value as text that tells values apart.</summary>
    public static string ToText(object? value) => value switch
    {
        null => "NULL",
        double number => number.ToString("R", CultureInfo.InvariantCulture),
        float number => number.ToString("R", CultureInfo.InvariantCulture),
        byte[] bytes => Convert.ToHexStringLower(bytes),
        object?[] items => $"[{string.Join(", ", items.Select(ToText))}]",
        (object? Key, object? Value)[] entries =>
            $"{{{string.Join(", ", entries.Select(entry => $"{ToText(entry.Key)}: {ToText(entry.Value)}"))}}}",
        _ => Convert.ToString(value, CultureInfo.InvariantCulture)!,
    };

    private static bool SameBits(double left, double right) =>
        BitConverter.DoubleToInt64Bits(left) == BitConverter.DoubleToInt64Bits(right) ||
        (double.IsNaN(left) && double.IsNaN(right));

    private static double Number(JsonElement expected) => expected.ValueKind == JsonValueKind.String
        ? expected.GetString() switch
        {
            "NaN" => double.NaN,
            "Infinity" => double.PositiveInfinity,
            _ => double.NegativeInfinity,
        }
        : expected.GetDouble();

    private static string Encode(object value, DataType type)
    {
        switch (type.Kind)
        {
            case TypeKind.Binary:
                return Convert.ToHexStringLower((byte[])value);
            case TypeKind.Decimal:
                return DecimalText.Format((Int128)value, type.Scale);
            case TypeKind.Date:
                return Date((int)value);
            case TypeKind.Time:
                long time = (long)value;
                return Clock(time) + (time % 1_000_000 == 0 ? "" : Micros(time));
            case TypeKind.Timestamp or TypeKind.TimestampNtz:
                long micros = (long)value;
                long day = CivilCalendar.DayOf(micros);
                long rest = micros - (day * CivilCalendar.MicrosPerDay);
                return $"{Date(day)}T{Clock(rest)}{Micros(rest)}{(type.Kind == TypeKind.Timestamp ? "Z" : "")}";
            case TypeKind.YearMonthInterval:
                return IntervalText.Literal(type, (int)value);
            case TypeKind.DayTimeInterval:
                return IntervalText.Literal(type, (long)value);
            case TypeKind.CalendarInterval:
                return TextSink.ToText(sink => IntervalText.WriteCalendar((CalendarInterval)value, sink));
            default:
                return (string)value;
        }
    }

    private static string Date(long day)
    {
        (int year, int month, int dayOfMonth) = CivilCalendar.ToCivil(day);
        string sign = year < 0 ? "-" : "";
        return string.Create(CultureInfo.InvariantCulture, $"{sign}{Math.Abs(year):D4}-{month:D2}-{dayOfMonth:D2}");
    }

    private static string Clock(long micros) => string.Create(
        CultureInfo.InvariantCulture,
        $"{micros / 3_600_000_000:D2}:{micros / 60_000_000 % 60:D2}:{micros / 1_000_000 % 60:D2}");

    private static string Micros(long micros) =>
        string.Create(CultureInfo.InvariantCulture, $".{micros % 1_000_000:D6}");
}
