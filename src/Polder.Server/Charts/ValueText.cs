using System;
using System.Globalization;
using System.Linq;
using System.Numerics;
using Polder.Columns;
using Polder.Columns.Values;

namespace Polder.Server.Charts;

/// <summary>Values, in the form of <see cref="ColumnValues"/>, as people read them.</summary>
internal static class ValueText
{
    /// <summary>Every digit, as Spark's cast to text has it; what goes into URLs.</summary>
    public static string Exact(object value, DataType type) => value switch
    {
        bool flag => flag ? "true" : "false",
        string text => text,
        byte[] bytes => Convert.ToHexStringLower(bytes),
        double number => TextSink.ToText(bytes => NumberText.Write(number, bytes)),
        float number => TextSink.ToText(bytes => NumberText.Write(number, bytes)),
        Int128 unscaled => DecimalText.Format(unscaled, type.Scale),
        BigInteger unscaled => DecimalText.Format(unscaled, type.Scale),
        int days when type.Kind == TypeKind.Date => TemporalText.FormatDate(days),
        long micros when type.Kind is TypeKind.Timestamp or TypeKind.TimestampNtz => MomentText(micros),
        long micros when type.Kind == TypeKind.Time => TimeText(micros),
        int months when type.Kind == TypeKind.YearMonthInterval => IntervalText.Literal(type, months),
        long micros when type.Kind == TypeKind.DayTimeInterval => IntervalText.Literal(type, micros),
        CalendarInterval interval => IntervalText.Format(interval),
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        object?[] items => Nested(items, type),
        (object? Key, object? Value)[] pairs => "{" + string.Join(", ", pairs.Select(pair =>
            Item(pair.Key, type.Key!) + ": " + Item(pair.Value, type.Element!))) + "}",
        _ => value.ToString() ?? "",
    };

    /// <summary>The value with separators of thousands and no more digits than mean something.</summary>
    /// <param name="value">The value, not null.</param>
    /// <param name="type">Its type.</param>
    /// <param name="format">See <see cref="NumberFormat"/>; null = by the value.</param>
    public static string Format(object value, DataType type, string? format = null) =>
        format is { Length: > 0 } && MomentOf(value, type) is DateTime time && !NumberFormat.IsNamed(format)
            ? time.ToString(format, CultureInfo.InvariantCulture)
        : Number(value, type) is double number ? NumberFormat.Format(number, value, type, format)
        : Exact(value, type);

    /// <summary>The value as a number; null where it is none. NaN and infinities are numbers.</summary>
    public static double? Number(object? value, DataType type) => type.Kind switch
    {
        TypeKind.Byte or TypeKind.Short or TypeKind.Integer or TypeKind.Long or TypeKind.Float or TypeKind.Double =>
            value is null ? null : Convert.ToDouble(value, CultureInfo.InvariantCulture),
        TypeKind.Decimal => value is Int128 unscaled ? Scaled((double)unscaled, type.Scale) : null,
        TypeKind.WideDecimal => value is BigInteger unscaled ? Scaled((double)unscaled, type.Scale) : null,
        _ => null,
    };

    /// <summary>A date or time as a moment, in UTC; null where it is none, or one that .NET has not.</summary>
    public static DateTime? MomentOf(object? value, DataType type)
    {
        long? micros = type.Kind switch
        {
            TypeKind.Date => value is int days ? days * CivilCalendar.MicrosPerDay : null,
            TypeKind.Timestamp or TypeKind.TimestampNtz => value is long time ? time : null,
            _ => null,
        };
        return micros is long found && found is >= -62_135_596_800_000_000 and < 253_402_300_800_000_000
            ? DateTime.UnixEpoch.AddTicks(found * TimeSpan.TicksPerMicrosecond)
            : null;
    }

    // 10^scale is exact up to 22 digits; beyond, the quotient is as near as a double comes.
    private static double Scaled(double unscaled, int scale) => unscaled / Math.Pow(10, scale);

    private static string MomentText(long micros)
    {
        string text = TemporalText.FormatTimestamp(micros, ' ');
        return text.EndsWith(" 00:00:00", StringComparison.Ordinal) ? text[..^" 00:00:00".Length]
            : text.EndsWith(":00", StringComparison.Ordinal) ? text[..^":00".Length] : text;
    }

    private static string TimeText(long micros) => TimeSpan.FromMicroseconds(micros)
        .ToString(micros % 1_000_000 == 0 ? @"hh\:mm\:ss" : @"hh\:mm\:ss\.ffffff", CultureInfo.InvariantCulture);

    private static string Nested(object?[] items, DataType type) => type.Kind switch
    {
        TypeKind.Array => "[" + string.Join(", ", items.Select(item => Item(item, type.Element!))) + "]",
        TypeKind.Struct => "{" + string.Join(", ", items.Select((item, index) =>
            type.Fields[index].Name + ": " + Item(item, type.Fields[index].Type))) + "}",
        _ => "(variant)",
    };

    private static string Item(object? value, DataType type) => value is null ? "null" : Exact(value, type);
}
