using System;
using System.Numerics;
using Polder.Columns;
using Polder.Columns.Values;
using Polder.Expressions.Evaluation.Values;

namespace Polder.Expressions.Evaluation.Casts;

/// <summary>Reads whole numbers.</summary>
internal readonly struct ParseInteger<T> : IParseOperator<T>
    where T : unmanaged, IBinaryInteger<T>, IMinMaxValue<T>
{
    /// <inheritdoc />
    public bool TryParse(ReadOnlySpan<byte> text, out T value)
    {
        bool isNumber = NumberParser.TryParseInteger(
            text, long.CreateTruncating(T.MinValue), long.CreateTruncating(T.MaxValue), out long number);
        value = T.CreateTruncating(number);
        return isNumber;
    }
}

/// <summary>Reads doubles.</summary>
internal readonly struct ParseDouble : IParseOperator<double>
{
    /// <inheritdoc />
    public bool TryParse(ReadOnlySpan<byte> text, out double value) => NumberParser.TryParseDouble(text, out value);
}

/// <summary>Reads floats.</summary>
internal readonly struct ParseFloat : IParseOperator<float>
{
    /// <inheritdoc />
    public bool TryParse(ReadOnlySpan<byte> text, out float value) => NumberParser.TryParseFloat(text, out value);
}

/// <summary>Reads decimals, HALF_UP at the scale.</summary>
internal readonly struct ParseDecimal(DataType type, TextSpan span) : IParseOperator<Int128>
{
    private readonly DataType _type = type;
    private readonly TextSpan _span = span;

    /// <inheritdoc />
    public bool TryParse(ReadOnlySpan<byte> text, out Int128 value)
    {
        if (DecimalParser.TryParseShort(Trim(text), out long digits, out int scale))
        {
            return scale >= 0
                ? DecimalMath.TryRescale(digits, scale, _type.Precision, _type.Scale, out value)
                : DecimalMath.TryRescale(
                    digits * DecimalMath.Power(-scale), 0, _type.Precision, _type.Scale, out value);
        }

        value = 0;
        return DecimalParser.TryParse(Trim(text), out ParsedDecimal parsed) && parsed.WholeDigits <= 38 &&
            parsed.TryRescale(_type.Precision, _type.Scale, out value);
    }

    /// <summary>Why a text is no decimal of this type.</summary>
    public QueryException Failure(ReadOnlySpan<byte> text)
    {
        if (!DecimalParser.TryParse(Trim(text), out ParsedDecimal parsed))
        {
            return Failures.CastInvalidInput(SqlText.Quote(text), DataType.String, _type, _span);
        }

        return parsed.WholeDigits > 38
            ? Failures.NumberOutOfRange(System.Text.Encoding.UTF8.GetString(text), _span)
            : Failures.DecimalOutOfRange(parsed.ToPlainString(), _type, _span);
    }

    // java.lang.String.trim
    private static ReadOnlySpan<byte> Trim(ReadOnlySpan<byte> text)
    {
        while (!text.IsEmpty && text[0] <= 0x20)
        {
            text = text[1..];
        }

        while (!text.IsEmpty && text[^1] <= 0x20)
        {
            text = text[..^1];
        }

        return text;
    }
}

/// <summary>Reads dates.</summary>
internal readonly struct ParseDate : IParseOperator<int>
{
    /// <inheritdoc />
    public bool TryParse(ReadOnlySpan<byte> text, out int value) => TemporalParser.TryParseDate(text, out value);
}

/// <summary>Reads times of day.</summary>
internal readonly struct ParseTime : IParseOperator<long>
{
    /// <inheritdoc />
    public bool TryParse(ReadOnlySpan<byte> text, out long value) => TemporalParser.TryParseTime(text, out value);
}

/// <summary>Reads instants.</summary>
internal readonly struct ParseTimestamp(Zone zone, int? today) : IParseOperator<long>
{
    private readonly Zone _zone = zone;
    private readonly Func<int> _today = today is int day ? () => day : UnknownDay;

    /// <summary>Stands for the day where nobody knows it.</summary>
    public static int UnknownDay() => throw QueryException.NotYet("a timestamp from a time of day alone");

    /// <inheritdoc />
    public bool TryParse(ReadOnlySpan<byte> text, out long value) =>
        TemporalParser.TryParseTimestamp(text, _zone, _today, out value);
}

/// <summary>Reads wall-clock readings.</summary>
internal readonly struct ParseTimestampNtz : IParseOperator<long>
{
    /// <inheritdoc />
    public bool TryParse(ReadOnlySpan<byte> text, out long value) =>
        TemporalParser.TryParseTimestampNtz(text, out value);
}

/// <summary>Reads intervals of one type.</summary>
internal readonly struct ParseInterval<T>(IntervalParser parser) : IParseOperator<T>
    where T : unmanaged, IBinaryInteger<T>
{
    private readonly IntervalParser _parser = parser;

    /// <inheritdoc />
    public bool TryParse(ReadOnlySpan<byte> text, out T value)
    {
        bool isInterval = _parser.TryParse(text, out long number, out _);
        value = T.CreateTruncating(number);
        return isInterval;
    }
}

/// <summary>Reads calendar intervals.</summary>
internal readonly struct ParseCalendarInterval : IParseOperator<RawInterval>
{
    /// <inheritdoc />
    public bool TryParse(ReadOnlySpan<byte> text, out RawInterval value)
    {
        value = default;
        return CalendarIntervalParser.TryParse(text, out CalendarInterval interval) &&
            RawInterval.TryCreate(interval.Months, interval.Days, interval.Microseconds, out value);
    }
}

/// <summary>Writes whole numbers.</summary>
internal readonly struct FormatInteger<T> : IFormatOperator<T>
    where T : unmanaged, IUtf8SpanFormattable
{
    /// <inheritdoc />
    public void Write(T value, TextSink sink) => sink.WriteNumber(value);
}

/// <summary>Writes doubles.</summary>
internal readonly struct FormatDouble : IFormatOperator<double>
{
    /// <inheritdoc />
    public void Write(double value, TextSink sink) => NumberText.Write(value, sink);
}

/// <summary>Writes floats.</summary>
internal readonly struct FormatFloat : IFormatOperator<float>
{
    /// <inheritdoc />
    public void Write(float value, TextSink sink) => NumberText.Write(value, sink);
}

/// <summary>Writes decimals.</summary>
internal readonly struct FormatDecimal(int scale) : IFormatOperator<Int128>
{
    private readonly int _scale = scale;

    /// <inheritdoc />
    public void Write(Int128 value, TextSink sink) => DecimalText.Write(value, _scale, sink);
}

/// <summary>Writes dates.</summary>
internal readonly struct FormatDate : IFormatOperator<int>
{
    /// <inheritdoc />
    public void Write(int value, TextSink sink) => TemporalText.WriteDate(value, sink);
}

/// <summary>Writes times of day.</summary>
internal readonly struct FormatTime : IFormatOperator<long>
{
    /// <inheritdoc />
    public void Write(long value, TextSink sink) => TemporalText.WriteTime(value, sink);
}

/// <summary>Writes timestamps as local readings.</summary>
internal readonly struct FormatTimestamp(Zone zone) : IFormatOperator<long>
{
    private readonly Zone _zone = zone;

    /// <inheritdoc />
    public void Write(long value, TextSink sink) => TemporalText.WriteTimestamp(_zone.ToLocal(value), sink);
}

/// <summary>Writes year-month intervals.</summary>
internal readonly struct FormatYearMonth(DataType type) : IFormatOperator<int>
{
    private readonly DataType _type = type;

    /// <inheritdoc />
    public void Write(int value, TextSink sink) => IntervalText.WriteYearMonth(value, _type, sink);
}

/// <summary>Writes day-time intervals.</summary>
internal readonly struct FormatDayTime(DataType type) : IFormatOperator<long>
{
    private readonly DataType _type = type;

    /// <inheritdoc />
    public void Write(long value, TextSink sink) => IntervalText.WriteDayTime(value, _type, sink);
}

/// <summary>Writes calendar intervals.</summary>
internal readonly struct FormatCalendarInterval : IFormatOperator<RawInterval>
{
    /// <inheritdoc />
    public void Write(RawInterval value, TextSink sink) => IntervalText.WriteCalendar(value.ToInterval(), sink);
}
