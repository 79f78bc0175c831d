using System;
using System.Globalization;

namespace Polder.Delta.Shapes;

/// <summary>
/// Dates and times as text, proleptic Gregorian, years of any size: the range of Delta's types is wider than .NET's.
/// </summary>
internal static class CivilTime
{
    public const long MicrosecondsPerDay = 86_400_000_000;

    private const long MicrosecondsPerSecond = 1_000_000;
    private const int MicrosecondDigits = 6;

    /// <summary>Days since 1970-01-01 of <c>[+-]year-month-day</c>, leading zeros optional.</summary>
    public static bool TryParseDate(ReadOnlySpan<char> text, out int days)
    {
        days = 0;
        bool isNegative = text.StartsWith('-');
        ReadOnlySpan<char> rest = isNegative || text.StartsWith('+') ? text[1..] : text;
        int first = rest.IndexOf('-');
        int second = first < 0 ? -1 : rest[(first + 1)..].IndexOf('-') + first + 1;
        if (first < 1 || second <= first ||
            !TryParseNumber(rest[..first], out int year) ||
            !TryParseNumber(rest[(first + 1)..second], out int month) ||
            !TryParseNumber(rest[(second + 1)..], out int day) ||
            month is < 1 or > 12 || day < 1 || year > 5_900_000)
        {
            return false;
        }

        year = isNegative ? -year : year;
        if (day > DaysInMonth(year, month))
        {
            return false;
        }

        days = ToDays(year, month, day);
        return true;
    }

    /// <summary>
    /// Microseconds since the epoch of a date, or a date and a time with 'T' or a blank between, up to six decimals,
    /// and an optional zone: Z or an offset in hours, minutes and seconds. Without one the text counts as UTC.
    /// </summary>
    public static bool TryParseTimestamp(ReadOnlySpan<char> text, out long microseconds)
    {
        microseconds = 0;
        int split = text.IndexOfAny('T', ' ');
        ReadOnlySpan<char> date = split < 0 ? text : text[..split];
        if (!TryParseDate(date, out int days))
        {
            return false;
        }

        long time = 0;
        if (split >= 0)
        {
            ReadOnlySpan<char> rest = text[(split + 1)..];
            if (!TryCutZone(ref rest, out long offset) || !TryParseTime(rest, out time))
            {
                return false;
            }

            time -= offset;
        }

        Int128 total = ((Int128)days * MicrosecondsPerDay) + time;
        microseconds = total > long.MaxValue ? long.MaxValue : total < long.MinValue ? long.MinValue : (long)total;
        return total == microseconds;
    }

    /// <summary><c>yyyy-MM-dd</c>; a sign where the year has not four digits.</summary>
    public static string FormatDate(int days)
    {
        (int year, int month, int day) = FromDays(days);
        string sign = year < 0 ? "-" : year > 9999 ? "+" : "";
        return string.Create(CultureInfo.InvariantCulture, $"{sign}{int.Abs(year):D4}-{month:D2}-{day:D2}");
    }

    /// <summary>A date, <paramref name="separator"/>, a time with six decimals (none where they are zero).</summary>
    public static string FormatTimestamp(long microseconds, char separator, int decimals = MicrosecondDigits)
    {
        long days = FloorDivide(microseconds, MicrosecondsPerDay);
        long time = microseconds - (days * MicrosecondsPerDay);
        long seconds = time / MicrosecondsPerSecond;
        long fraction = time % MicrosecondsPerSecond;
        string digits = fraction.ToString("D6", CultureInfo.InvariantCulture)[..decimals];
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{FormatDate((int)days)}{separator}{seconds / 3600:D2}:{seconds / 60 % 60:D2}:{seconds % 60:D2}.{digits}");
    }

    private static bool TryCutZone(ref ReadOnlySpan<char> text, out long offset)
    {
        offset = 0;
        if (text.EndsWith('Z') || text.EndsWith('z'))
        {
            text = text[..^1].TrimEnd();
            return true;
        }

        int sign = text.LastIndexOfAny('+', '-');
        if (sign < 0)
        {
            return true;
        }

        ReadOnlySpan<char> zone = text[(sign + 1)..];
        bool isValid = zone.Contains(':') ? TryParseTime(zone, out offset) : TryParseHours(zone, out offset);
        offset = text[sign] == '-' ? -offset : offset;
        text = text[..sign].TrimEnd();
        return isValid;
    }

    private static bool TryParseHours(ReadOnlySpan<char> text, out long microseconds)
    {
        bool isValid = TryParseNumber(text, out int number);
        int minutes = text.Length <= 2 ? number * 60 : (number / 100 * 60) + (number % 100);
        microseconds = minutes * 60 * MicrosecondsPerSecond;
        return isValid;
    }

    private static bool TryParseTime(ReadOnlySpan<char> text, out long microseconds)
    {
        microseconds = 0;
        int dot = text.IndexOf('.');
        ReadOnlySpan<char> fraction = dot < 0 ? default : text[(dot + 1)..];
        long unit = 3600;
        foreach (Range part in (dot < 0 ? text : text[..dot]).Split(':'))
        {
            if (unit == 0 || !TryParseNumber((dot < 0 ? text : text[..dot])[part], out int number))
            {
                return false;
            }

            microseconds += number * unit * MicrosecondsPerSecond;
            unit /= 60;
        }

        if (dot < 0)
        {
            return unit < 60;
        }

        ReadOnlySpan<char> digits = fraction[..int.Min(fraction.Length, MicrosecondDigits)];
        if (!TryParseNumber(digits, out int value) || fraction.ContainsAnyExceptInRange('0', '9'))
        {
            return false;
        }

        for (int place = digits.Length; place < MicrosecondDigits; place++)
        {
            value *= 10;
        }

        microseconds += value;
        return unit == 0;
    }

    private static bool TryParseNumber(ReadOnlySpan<char> text, out int value) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value);

    private static int DaysInMonth(int year, int month) => month switch
    {
        2 => year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28,
        4 or 6 or 9 or 11 => 30,
        _ => 31,
    };

    /// <summary>Counts from 0000-03-01, so that the leap day ends its year.</summary>
    public static int ToDays(int year, int month, int day)
    {
        long shifted = month <= 2 ? year - 1L : year;
        long era = FloorDivide(shifted, 400);
        long yearOfEra = shifted - (era * 400);
        long dayOfYear = (((153 * (month + (month > 2 ? -3 : 9))) + 2) / 5) + day - 1;
        long dayOfEra = (yearOfEra * 365) + (yearOfEra / 4) - (yearOfEra / 100) + dayOfYear;
        return (int)((era * 146_097) + dayOfEra - 719_468);
    }

    private static (int Year, int Month, int Day) FromDays(int days)
    {
        long shifted = days + 719_468L;
        long era = FloorDivide(shifted, 146_097);
        long dayOfEra = shifted - (era * 146_097);
        long yearOfEra = (dayOfEra - (dayOfEra / 1460) + (dayOfEra / 36_524) - (dayOfEra / 146_096)) / 365;
        long dayOfYear = dayOfEra - ((365 * yearOfEra) + (yearOfEra / 4) - (yearOfEra / 100));
        long monthIndex = ((5 * dayOfYear) + 2) / 153;
        int day = (int)(dayOfYear - (((153 * monthIndex) + 2) / 5) + 1);
        int month = (int)(monthIndex < 10 ? monthIndex + 3 : monthIndex - 9);
        return ((int)(yearOfEra + (era * 400)) + (month <= 2 ? 1 : 0), month, day);
    }

    private static long FloorDivide(long value, long divisor) =>
        value >= 0 ? value / divisor : ((value + 1) / divisor) - 1;
}
