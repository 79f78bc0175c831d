namespace Polder.Columns.Values;

/// <summary>Intervals as Spark prints them: literals of their type, units for the calendar kind.</summary>
internal static class IntervalText
{
    /// <summary><c>INTERVAL '1-2' YEAR TO MONTH</c>.</summary>
    public static void WriteYearMonth(int months, DataType type, TextSink sink)
    {
        sink.Write("INTERVAL '"u8);
        if (months < 0)
        {
            sink.Write('-');
        }

        long magnitude = long.Abs(months);
        if (type.StartField == IntervalField.Year)
        {
            sink.WriteNumber(magnitude / 12);
            if (type.EndField == IntervalField.Month)
            {
                sink.Write('-');
                sink.WriteNumber(magnitude % 12);
            }
        }
        else
        {
            sink.WriteNumber(magnitude);
        }

        WriteFields(type, sink);
    }

    /// <summary>
    /// <c>INTERVAL '1 02:03:04.5' DAY TO SECOND</c>: the first field unpadded for days, of two digits else.
    /// </summary>
    public static void WriteDayTime(long micros, DataType type, TextSink sink)
    {
        sink.Write("INTERVAL '"u8);
        if (micros < 0)
        {
            sink.Write('-');
        }

        ulong rest = micros < 0 ? unchecked((ulong)-micros) : (ulong)micros;
        for (IntervalField field = type.StartField; field <= type.EndField; field++)
        {
            ulong unit = (ulong)UnitMicros(field);
            if (field != type.StartField)
            {
                sink.Write(field == IntervalField.Hour ? ' ' : ':');
            }

            sink.WritePadded((long)(rest / unit), field == IntervalField.Day ? 1 : 2);
            rest %= unit;
            if (field == IntervalField.Second)
            {
                TemporalText.WriteFraction((long)rest, sink);
            }
        }

        WriteFields(type, sink);
    }

    /// <summary><c>1 years 2 months 3 days 4 hours 5.5 seconds</c>: units that are not zero.</summary>
    public static void WriteCalendar(CalendarInterval interval, TextSink sink)
    {
        int start = sink.Length;
        WriteUnit(interval.Months / 12, "years", start, sink);
        WriteUnit(interval.Months % 12, "months", start, sink);
        WriteUnit(interval.Days, "days", start, sink);
        WriteUnit(interval.Microseconds / CivilCalendar.MicrosPerHour, "hours", start, sink);
        WriteUnit(interval.Microseconds / CivilCalendar.MicrosPerMinute % 60, "minutes", start, sink);
        long seconds = interval.Microseconds % CivilCalendar.MicrosPerMinute;
        if (seconds != 0)
        {
            WriteSpace(start, sink);
            if (seconds < 0)
            {
                sink.Write('-');
            }

            sink.WriteNumber(long.Abs(seconds) / CivilCalendar.MicrosPerSecond);
            TemporalText.WriteFraction(long.Abs(seconds) % CivilCalendar.MicrosPerSecond, sink);
            sink.Write(" seconds"u8);
        }

        if (sink.Length == start)
        {
            sink.Write("0 seconds"u8);
        }
    }

    /// <summary>A calendar interval as a string.</summary>
    public static string Format(CalendarInterval interval) => TextSink.ToText(sink => WriteCalendar(interval, sink));

    /// <summary>Microseconds of one unit of a field from days down.</summary>
    public static long UnitMicros(IntervalField field) => field switch
    {
        IntervalField.Day => CivilCalendar.MicrosPerDay,
        IntervalField.Hour => CivilCalendar.MicrosPerHour,
        IntervalField.Minute => CivilCalendar.MicrosPerMinute,
        _ => CivilCalendar.MicrosPerSecond,
    };

    /// <summary><c>YEAR TO MONTH</c>.</summary>
    public static string Fields(DataType type) => type.StartField == type.EndField
        ? type.StartField.ToString().ToUpperInvariant()
        : $"{type.StartField.ToString().ToUpperInvariant()} TO {type.EndField.ToString().ToUpperInvariant()}";

    /// <summary>A value of either kind as a literal.</summary>
    public static string Literal(DataType type, long value) => TextSink.ToText(sink =>
    {
        if (type.Kind == TypeKind.YearMonthInterval)
        {
            WriteYearMonth((int)value, type, sink);
        }
        else
        {
            WriteDayTime(value, type, sink);
        }
    });

    private static void WriteFields(DataType type, TextSink sink)
    {
        sink.Write("' "u8);
        sink.Write(Fields(type));
    }

    private static void WriteUnit(long value, string unit, int start, TextSink sink)
    {
        if (value == 0)
        {
            return;
        }

        WriteSpace(start, sink);
        sink.WriteNumber(value);
        sink.Write(' ');
        sink.Write(unit);
    }

    private static void WriteSpace(int start, TextSink sink)
    {
        if (sink.Length > start)
        {
            sink.Write(' ');
        }
    }
}
