namespace Polder.Columns.Values;

/// <summary>Dates, times and timestamps as Spark prints them.</summary>
internal static class TemporalText
{
    /// <summary>yyyy-MM-dd; years beyond 9999 with a plus, before 0 with a minus.</summary>
    public static void WriteDate(long day, TextSink sink)
    {
        (int year, int month, int dayOfMonth) = Calendar.ToCivil(day);
        if (year is < 0 or > 9999)
        {
            sink.Write(year < 0 ? '-' : '+');
        }

        sink.WritePadded(long.Abs(year), 4);
        sink.Write('-');
        sink.WritePadded(month, 2);
        sink.Write('-');
        sink.WritePadded(dayOfMonth, 2);
    }

    /// <summary>HH:mm:ss with the fraction's digits that are not trailing zeros.</summary>
    public static void WriteTime(long micros, TextSink sink)
    {
        sink.WritePadded(micros / Calendar.MicrosPerHour, 2);
        sink.Write(':');
        sink.WritePadded(micros / Calendar.MicrosPerMinute % 60, 2);
        sink.Write(':');
        sink.WritePadded(micros / Calendar.MicrosPerSecond % 60, 2);
        WriteFraction(micros % Calendar.MicrosPerSecond, sink);
    }

    /// <summary>A date, a space and a time, of a local reading.</summary>
    public static void WriteTimestamp(long local, TextSink sink)
    {
        WriteDate(Calendar.DayOf(local), sink);
        sink.Write(' ');
        WriteTime(Calendar.TimeOf(local), sink);
    }

    /// <summary>
    /// A point and the six digits of a fraction of a second, trailing zeros left off; nothing for zero.
    /// </summary>
    public static void WriteFraction(long micros, TextSink sink)
    {
        if (micros == 0)
        {
            return;
        }

        int width = 6;
        while (micros % 10 == 0)
        {
            micros /= 10;
            width--;
        }

        sink.Write('.');
        sink.WritePadded(micros, width);
    }

    /// <summary>A value as a literal of its type, for error parameters; a timestamp as a local reading.</summary>
    public static string Literal(TypeKind kind, long value) => kind switch
    {
        TypeKind.Date => $"DATE '{TextSink.ToText(sink => WriteDate(value, sink))}'",
        TypeKind.Time => $"TIME '{TextSink.ToText(sink => WriteTime(value, sink))}'",
        TypeKind.TimestampNtz => $"TIMESTAMP_NTZ '{TextSink.ToText(sink => WriteTimestamp(value, sink))}'",
        _ => $"TIMESTAMP '{TextSink.ToText(sink => WriteTimestamp(value, sink))}'",
    };
}
