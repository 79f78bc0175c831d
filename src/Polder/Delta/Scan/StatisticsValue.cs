using System;
using System.Text;
using System.Text.Json;
using Polder.Columns;
using Polder.Columns.Values;

namespace Polder.Delta.Scan;

/// <summary>
/// A bound from the log's JSON, as a <see cref="Expressions.Literal"/> holds it; null where it is no bound one may
/// rely on. Writers cut and round, so some bounds are moved outwards.
/// </summary>
internal static class StatisticsValue
{
    private const long MillisecondSlack = 999;

    // What a double tells for sure: writers that keep decimals as doubles are off beyond it.
    private const int ExactDecimalDigits = 15;

    public static object? ReadMinimum(JsonElement json, DataType type) => Read(json, type, isMaximum: false);

    public static object? ReadMaximum(JsonElement json, DataType type) => Read(json, type, isMaximum: true);

    private static object? Read(JsonElement json, DataType type, bool isMaximum) => (type.Kind, json.ValueKind) switch
    {
        (TypeKind.String, JsonValueKind.String) => json.GetString(),
        (TypeKind.Byte, JsonValueKind.Number) => json.TryGetSByte(out sbyte value) ? value : null,
        (TypeKind.Short, JsonValueKind.Number) => json.TryGetInt16(out short value) ? value : null,
        (TypeKind.Integer, JsonValueKind.Number) => json.TryGetInt32(out int value) ? value : null,
        (TypeKind.Long, JsonValueKind.Number) => json.TryGetInt64(out long value) ? value : null,
        (TypeKind.Float, JsonValueKind.Number) => json.TryGetSingle(out float value) ? value : null,
        (TypeKind.Double, JsonValueKind.Number) => json.TryGetDouble(out double value) ? value : null,
        (TypeKind.Float, JsonValueKind.String) => ReadInfinity(json.GetString()) is double value ? (float)value : null,
        (TypeKind.Double, JsonValueKind.String) => ReadInfinity(json.GetString()),
        (TypeKind.Decimal, JsonValueKind.Number) => ReadDecimal(json.GetRawText(), type, isMaximum),
        (TypeKind.Decimal, JsonValueKind.String) => ReadDecimal(json.GetString()!, type, isMaximum),
        (TypeKind.Date, JsonValueKind.String) => ReadDate(json.GetString()!),
        (TypeKind.Timestamp or TypeKind.TimestampNtz, JsonValueKind.String) =>
            ReadTimestamp(json.GetString()!, type, isMaximum),
        _ => null,
    };

    /// <summary>NaN is no bound here: whether a maximum takes NaN into account differs from writer to writer.</summary>
    private static double? ReadInfinity(string? text) => text switch
    {
        "Infinity" => double.PositiveInfinity,
        "-Infinity" => double.NegativeInfinity,
        _ => null,
    };

    private static int? ReadDate(string text) =>
        TemporalParser.TryParseDate(Encoding.UTF8.GetBytes(text), out int days) ? days : null;

    private static object? ReadDecimal(string text, DataType type, bool isMaximum)
    {
        if (!DecimalParser.TryParse(
            Encoding.UTF8.GetBytes(text), DecimalMath.MaxPrecision, type.Scale, out Int128 value))
        {
            return null;
        }

        int digits = 0, decimals = 0;
        bool afterPoint = false;
        foreach (char unit in text.AsSpan().TrimStart("-+0."))
        {
            if (unit is 'e' or 'E')
            {
                break;
            }

            digits += char.IsAsciiDigit(unit) ? 1 : 0;
        }

        foreach (char unit in text)
        {
            afterPoint |= unit == '.';
            decimals += afterPoint && char.IsAsciiDigit(unit) ? 1 : 0;
        }

        bool isExact = digits <= ExactDecimalDigits && decimals <= type.Scale &&
            !text.AsSpan().ContainsAny('e', 'E');
        Int128 slack = isExact ? 0 : (Int128.Abs(value) / 1_000_000_000_000_000) + 1;
        return isMaximum ? value + slack : value - slack;
    }

    /// <summary>PROTOCOL: timestamps are cut to milliseconds, so the real one may be up to 999 µs later.</summary>
    private static object? ReadTimestamp(string text, DataType type, bool isMaximum)
    {
        bool hasZone = text.EndsWith('Z') || text.AsSpan(int.Min(text.Length, 10)).ContainsAny('+', '-');
        if ((type.Kind == TypeKind.Timestamp && !hasZone) ||
            !TemporalParser.TryParseTimestamp(Encoding.UTF8.GetBytes(text), Zone.Utc, null, out long microseconds))
        {
            return null;
        }

        // Cutting towards zero would move times before 1970 up.
        long slack = isMaximum ? MillisecondSlack : microseconds < 0 ? -MillisecondSlack : 0;
        return microseconds > long.MaxValue - MillisecondSlack || microseconds < long.MinValue + MillisecondSlack
            ? null
            : microseconds + slack;
    }
}
