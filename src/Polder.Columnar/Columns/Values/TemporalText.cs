using System;
using System.Text;

namespace Polder.Columns.Values;

/// <summary>
/// Dates, times and timestamps as text: the forms that Spark prints, and those with a fixed number of digits that
/// files and logs keep. Any bits may come in; what no calendar holds is written as it counts.
/// </summary>
internal static class TemporalText
{
    /// <summary>Bytes that any of the texts needs at most.</summary>
    public const int MaxBytes = 64;

    /// <summary>Digits of a second's fraction.</summary>
    private const int FractionDigits = 6;

    /// <summary>yyyy-MM-dd; years before 0 with a minus, those beyond 9999 with a plus unless told not to.</summary>
    public static int WriteDate(Span<byte> destination, long day, bool plus = true)
    {
        (int year, int month, int dayOfMonth) = CivilCalendar.ToCivil(day);
        int length = 0;
        if (year < 0 || (plus && year > 9999))
        {
            destination[length++] = (byte)(year < 0 ? '-' : '+');
        }

        length += Digits.Write(destination[length..], (ulong)long.Abs(year), 4);
        destination[length++] = (byte)'-';
        length += Digits.Write(destination[length..], (ulong)month, 2);
        destination[length++] = (byte)'-';
        return length + Digits.Write(destination[length..], (ulong)dayOfMonth, 2);
    }

    /// <summary>HH:mm:ss and the leading digits of the fraction: as many as asked for, no point where none.</summary>
    public static int WriteClock(Span<byte> destination, long micros, int decimals)
    {
        int length = 0;
        ulong magnitude = (ulong)micros;
        if (micros < 0)
        {
            destination[length++] = (byte)'-';
            magnitude = unchecked((ulong)-micros);
        }

        ulong seconds = magnitude / (ulong)CivilCalendar.MicrosPerSecond;
        length += Digits.Write(destination[length..], seconds / 3600, 2);
        destination[length++] = (byte)':';
        length += Digits.Write(destination[length..], seconds / 60 % 60, 2);
        destination[length++] = (byte)':';
        length += Digits.Write(destination[length..], seconds % 60, 2);
        return decimals == 0
            ? length
            : length + WriteFraction(destination[length..], magnitude % (ulong)CivilCalendar.MicrosPerSecond, decimals);
    }

    /// <summary>HH:mm:ss with the fraction's digits that are not trailing zeros.</summary>
    public static int WriteTime(Span<byte> destination, long micros) =>
        WriteClock(destination, micros, SignificantDecimals(micros));

    /// <summary>A date, what parts it from the time, and the time, of a local reading.</summary>
    public static int WriteTimestamp(
        Span<byte> destination, long local, char separator, int decimals, bool plus = true)
    {
        int length = WriteDate(destination, CivilCalendar.DayOf(local), plus);
        destination[length++] = (byte)separator;
        return length + WriteClock(destination[length..], CivilCalendar.TimeOf(local), decimals);
    }

    /// <summary>A date, a space and a time as Spark prints them, of a local reading.</summary>
    public static int WriteTimestamp(Span<byte> destination, long local) =>
        WriteTimestamp(destination, local, ' ', SignificantDecimals(local));

    /// <summary>Appends a date as Spark prints it.</summary>
    public static void WriteDate(long day, TextSink sink) => sink.Advance(WriteDate(sink.GetSpan(MaxBytes), day));

    /// <summary>Appends a time of day as Spark prints it.</summary>
    public static void WriteTime(long micros, TextSink sink) =>
        sink.Advance(WriteTime(sink.GetSpan(MaxBytes), micros));

    /// <summary>Appends a local reading as Spark prints it.</summary>
    public static void WriteTimestamp(long local, TextSink sink) =>
        sink.Advance(WriteTimestamp(sink.GetSpan(MaxBytes), local));

    /// <summary>
    /// Appends a point and the six digits of a fraction of a second, trailing zeros left off; nothing for zero.
    /// </summary>
    public static void WriteFraction(long micros, TextSink sink)
    {
        if (micros != 0)
        {
            sink.Advance(WriteFraction(sink.GetSpan(MaxBytes), (ulong)micros, SignificantDecimals(micros)));
        }
    }

    /// <summary>A date as a string.</summary>
    public static string FormatDate(long day)
    {
        Span<byte> text = stackalloc byte[MaxBytes];
        return Encoding.ASCII.GetString(text[..WriteDate(text, day)]);
    }

    /// <summary>A date and a time with a fixed number of decimals as a string.</summary>
    public static string FormatTimestamp(long local, char separator, int decimals = FractionDigits)
    {
        Span<byte> text = stackalloc byte[MaxBytes];
        return Encoding.ASCII.GetString(text[..WriteTimestamp(text, local, separator, decimals)]);
    }

    /// <summary>A value as a literal of its type, for error parameters; a timestamp as a local reading.</summary>
    public static string Literal(TypeKind kind, long value) => kind switch
    {
        TypeKind.Date => $"DATE '{FormatDate(value)}'",
        TypeKind.Time => $"TIME '{TextSink.ToText(sink => WriteTime(value, sink))}'",
        TypeKind.TimestampNtz => $"TIMESTAMP_NTZ '{TextSink.ToText(sink => WriteTimestamp(value, sink))}'",
        _ => $"TIMESTAMP '{TextSink.ToText(sink => WriteTimestamp(value, sink))}'",
    };

    private static int WriteFraction(Span<byte> destination, ulong micros, int decimals)
    {
        for (int cut = decimals; cut < FractionDigits; cut++)
        {
            micros /= 10;
        }

        destination[0] = (byte)'.';
        return 1 + Digits.Write(destination[1..], micros, decimals);
    }

    private static int SignificantDecimals(long micros)
    {
        long fraction = micros % CivilCalendar.MicrosPerSecond;
        int decimals = fraction == 0 ? 0 : FractionDigits;
        for (; decimals > 0 && fraction % 10 == 0; fraction /= 10)
        {
            decimals--;
        }

        return decimals;
    }
}
