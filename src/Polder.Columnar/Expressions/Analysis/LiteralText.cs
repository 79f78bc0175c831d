using System;
using System.Globalization;
using Polder.Columns;
using Polder.Columns.Values;

namespace Polder.Expressions.Analysis;

/// <summary>Constants as Spark shows them in messages and column names: strings bare, numbers without suffix.</summary>
internal static class LiteralText
{
    /// <summary>The text of a value in the form that <see cref="Literal"/> gives it.</summary>
    public static string Format(object? value, DataType type) => value switch
    {
        null => "NULL",
        bool boolean => boolean ? "true" : "false",
        string text => text,
        byte[] bytes => $"X'{Convert.ToHexString(bytes)}'",
        double number => TextSink.ToText(sink => NumberText.Write(number, sink)),
        float number => TextSink.ToText(sink => NumberText.Write(number, sink)),
        Int128 unscaled => DecimalText.Format(unscaled, type.Scale),
        CalendarInterval interval => TextSink.ToText(sink => IntervalText.WriteCalendar(interval, sink)),
        _ => FormatInteger(Convert.ToInt64(value, CultureInfo.InvariantCulture), type),
    };

    private static string FormatInteger(long value, DataType type) => type.Kind switch
    {
        TypeKind.Date or TypeKind.Time or TypeKind.Timestamp or TypeKind.TimestampNtz =>
            TemporalText.Literal(type.Kind, value),
        TypeKind.YearMonthInterval or TypeKind.DayTimeInterval => IntervalText.Literal(type, value),
        _ => value.ToString(CultureInfo.InvariantCulture),
    };
}
