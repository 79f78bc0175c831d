using System;
using System.Buffers.Text;
using System.Globalization;
using System.Text;

namespace Polder.Columns;

/// <summary>Writes dates, times, decimals and intervals as text, as Spark and ISO 8601 do.</summary>
internal static class ValueText
{
    /// <summary>Bytes that any of the fixed-form texts needs at most.</summary>
    public const int MaxBytes = 64;

    private const long MicrosecondsPerSecond = 1_000_000;

    /// <summary>YYYY-MM-DD; years before 0 with a sign.</summary>
    public static int WriteDate(Span<byte> destination, long days)
    {
        (long year, int month, int day) = CivilDate.FromDays(days);
        int length = 0;
        if (year < 0)
        {
            destination[length++] = (byte)'-';
        }

        length += WriteDigits(destination[length..], (ulong)long.Abs(year), 4);
        destination[length++] = (byte)'-';
        length += WriteDigits(destination[length..], (ulong)month, 2);
        destination[length++] = (byte)'-';
        return length + WriteDigits(destination[length..], (ulong)day, 2);
    }

    /// <summary>A date and a time with all six digits of the second, and what parts them.</summary>
    public static int WriteTimestamp(Span<byte> destination, long microseconds, char separator = 'T')
    {
        long days = CivilDate.FloorDivide(microseconds, CivilDate.MicrosecondsPerDay);
        long timeOfDay = microseconds - (days * CivilDate.MicrosecondsPerDay);
        int length = WriteDate(destination, days);
        destination[length++] = (byte)separator;
        return length + WriteClock(destination[length..], (ulong)timeOfDay, withFraction: true);
    }

    /// <summary>HH:MM:SS, with six digits more only where the second has a fraction.</summary>
    /// <remarks>A damaged file may hold what is no time of day; it is written as hours without bound.</remarks>
    public static int WriteTime(Span<byte> destination, long microseconds)
    {
        int sign = microseconds < 0 ? 1 : 0;
        destination[0] = (byte)'-';
        ulong magnitude = (ulong)Int128.Abs(microseconds);
        bool hasFraction = magnitude % MicrosecondsPerSecond != 0;
        return sign + WriteClock(destination[sign..], magnitude, hasFraction);
    }

    /// <summary>A decimal with exactly its scale's digits after the point.</summary>
    public static int WriteDecimal(Span<byte> destination, Int128 unscaled, int scale)
    {
        Span<byte> digits = stackalloc byte[MaxBytes];
        UInt128 magnitude = unscaled < 0 ? (UInt128)(-unscaled) : (UInt128)unscaled;
        magnitude.TryFormat(digits, out int digitCount, default, CultureInfo.InvariantCulture);
        int length = 0;
        if (unscaled < 0)
        {
            destination[length++] = (byte)'-';
        }

        int wholeCount = int.Max(0, digitCount - scale);
        if (wholeCount == 0)
        {
            destination[length++] = (byte)'0';
        }

        digits[..wholeCount].CopyTo(destination[length..]);
        length += wholeCount;
        if (scale > 0)
        {
            destination[length++] = (byte)'.';
            int zeroCount = scale - (digitCount - wholeCount);
            destination.Slice(length, zeroCount).Fill((byte)'0');
            length += zeroCount;
            digits[wholeCount..digitCount].CopyTo(destination[length..]);
            length += digitCount - wholeCount;
        }

        return length;
    }

    /// <summary>Spark's text of a year-month interval: INTERVAL '1-2' YEAR TO MONTH.</summary>
    public static string YearMonthInterval(int months, DataType type)
    {
        long magnitude = long.Abs((long)months);
        string text = (type.StartField, type.EndField) switch
        {
            (IntervalField.Year, IntervalField.Year) => Invariant($"{magnitude / 12}"),
            (IntervalField.Month, _) => Invariant($"{magnitude}"),
            _ => Invariant($"{magnitude / 12}-{magnitude % 12}"),
        };
        return $"INTERVAL '{(months < 0 ? "-" : "")}{text}' {FieldNames(type)}";
    }

    /// <summary>Spark's text of a day-time interval: INTERVAL '1 02:00:00.5' DAY TO SECOND.</summary>
    public static string DayTimeInterval(long microseconds, DataType type)
    {
        UInt128 rest = (UInt128)Int128.Abs(microseconds);
        StringBuilder text = new(microseconds < 0 ? "-" : "");
        for (IntervalField field = type.StartField; field <= type.EndField; field++)
        {
            bool isFirst = field == type.StartField;
            text.Append(isFirst ? "" : field == IntervalField.Hour ? " " : ":");
            UInt128 unit = field switch
            {
                IntervalField.Day => CivilDate.MicrosecondsPerDay,
                IntervalField.Hour => 3600 * MicrosecondsPerSecond,
                IntervalField.Minute => 60 * MicrosecondsPerSecond,
                _ => MicrosecondsPerSecond,
            };
            (UInt128 count, rest) = UInt128.DivRem(rest, unit);
            text.Append(count.ToString(field == IntervalField.Day ? "0" : "00", CultureInfo.InvariantCulture));
        }

        AppendFraction(text, type.EndField == IntervalField.Second ? (long)rest : 0);
        return $"INTERVAL '{text}' {FieldNames(type)}";
    }

    /// <summary>Spark's text of a calendar interval: 1 years 2 months 3 days 4 hours 5 minutes 6.5 seconds.</summary>
    public static string CalendarInterval(CalendarInterval interval)
    {
        StringBuilder text = new();
        AppendUnit(text, interval.Months / 12, "years");
        AppendUnit(text, interval.Months % 12, "months");
        AppendUnit(text, interval.Days, "days");
        long minutes = interval.Microseconds / (60 * MicrosecondsPerSecond);
        AppendUnit(text, minutes / 60, "hours");
        AppendUnit(text, minutes % 60, "minutes");
        long seconds = interval.Microseconds % (60 * MicrosecondsPerSecond);
        if (seconds != 0)
        {
            text.Append(text.Length == 0 ? "" : " ").Append(seconds < 0 ? "-" : "");
            text.Append(CultureInfo.InvariantCulture, $"{long.Abs(seconds) / MicrosecondsPerSecond}");
            AppendFraction(text, long.Abs(seconds) % MicrosecondsPerSecond);
            text.Append(" seconds");
        }

        return text.Length == 0 ? "0 seconds" : text.ToString();
    }

    private static void AppendUnit(StringBuilder text, long count, string unit)
    {
        if (count != 0)
        {
            text.Append(text.Length == 0 ? "" : " ").Append(CultureInfo.InvariantCulture, $"{count} {unit}");
        }
    }

    private static void AppendFraction(StringBuilder text, long microseconds)
    {
        if (microseconds != 0)
        {
            text.Append('.').Append(Invariant($"{microseconds:000000}").TrimEnd('0'));
        }
    }

    private static string FieldNames(DataType type)
    {
        string start = type.StartField.ToString().ToUpperInvariant();
        return type.StartField == type.EndField ? start : $"{start} TO {type.EndField.ToString().ToUpperInvariant()}";
    }

    private static int WriteClock(Span<byte> destination, ulong timeOfDay, bool withFraction)
    {
        ulong seconds = timeOfDay / MicrosecondsPerSecond;
        int length = WriteDigits(destination, seconds / 3600, 2);
        destination[length++] = (byte)':';
        length += WriteDigits(destination[length..], seconds / 60 % 60, 2);
        destination[length++] = (byte)':';
        length += WriteDigits(destination[length..], seconds % 60, 2);
        if (withFraction)
        {
            destination[length++] = (byte)'.';
            length += WriteDigits(destination[length..], timeOfDay % MicrosecondsPerSecond, 6);
        }

        return length;
    }

    private static int WriteDigits(Span<byte> destination, ulong number, int minimumDigits)
    {
        bool written = Utf8Formatter.TryFormat(
            number, destination, out int length, new System.Buffers.StandardFormat('D', (byte)minimumDigits));
        Polder.Invariant.Holds(written, "a text was longer than its buffer");
        return length;
    }

    private static string Invariant(FormattableString text) => FormattableString.Invariant(text);
}
