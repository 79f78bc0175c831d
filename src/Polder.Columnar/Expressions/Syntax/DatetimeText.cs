using System;
using System.Globalization;

namespace Polder.Expressions.Syntax;

/// <summary>
/// Dates, times and timestamps as text, read as Spark reads them (SparkDateTimeUtils: stringToDate,
/// parseTimestampString), for literals.
/// </summary>
internal static class DatetimeText
{
    private const long MicrosecondsPerDay = 86_400_000_000;
    private const int MaximumYearDigits = 7;

    /// <summary>Days since 1970-01-01 of <c>[+-]y[yyyyyy]-m-d</c>; what follows a blank or a T is ignored.</summary>
    public static bool TryParseDate(ReadOnlySpan<char> text, out int days)
    {
        text = Trim(text);
        days = 0;
        if (text.Equals("epoch", StringComparison.OrdinalIgnoreCase))
        {
            return true;
        }

        int sign = TakeSign(ref text);
        Span<int> parts = [1, 1, 1];
        for (int part = 0; part < 3; part++)
        {
            int length = DigitCount(text);
            int maximum = part == 0 ? MaximumYearDigits : 2;
            if (length > maximum || length < (part == 0 ? 4 : 1))
            {
                return false;
            }

            parts[part] = int.Parse(text[..length], CultureInfo.InvariantCulture);
            text = text[length..];
            if (text.IsEmpty)
            {
                break;
            }

            if (part == 2)
            {
                return text[0] is ' ' or 'T' && TryDays(sign * (long)parts[0], parts[1], parts[2], out days);
            }

            if (text[0] != '-')
            {
                return false;
            }

            text = text[1..];
        }

        return TryDays(sign * (long)parts[0], parts[1], parts[2], out days);
    }

    /// <summary>Microseconds since 1970-01-01T00:00:00; UTC where the text names no zone.</summary>
    /// <param name="text">The text.</param>
    /// <param name="applyZone">Whether a zone in the text moves the value; otherwise it is checked and dropped.</param>
    /// <param name="microseconds">The value.</param>
    /// <param name="hasZone">Whether the text names a zone.</param>
    public static bool TryParseTimestamp(
        ReadOnlySpan<char> text, bool applyZone, out long microseconds, out bool hasZone)
    {
        text = Trim(text);
        microseconds = 0;
        hasZone = false;
        if (text.Equals("epoch", StringComparison.OrdinalIgnoreCase))
        {
            return true;
        }

        int dateLength = text.IndexOfAny(' ', 'T');
        ReadOnlySpan<char> date = dateLength < 0 ? text : text[..dateLength];
        if (date.Contains(':') || DigitCount(date.TrimStart("+-")) > 6 || !TryParseDate(date, out int days))
        {
            return false;
        }

        ReadOnlySpan<char> rest = dateLength < 0 ? [] : text[(dateLength + 1)..];
        if (dateLength >= 0 && date.TrimStart("+-").Count('-') < 2)
        {
            return false;
        }

        if (!TryTakeTime(ref rest, out long time))
        {
            return false;
        }

        Int128 total = ((Int128)days * MicrosecondsPerDay) + time;
        hasZone = !rest.IsEmpty;
        if (hasZone)
        {
            if (!ZoneText.TryFind(Trim(rest).ToString(), out ZoneText zone))
            {
                return false;
            }

            total -= applyZone ? zone.OffsetMicroseconds(total) : 0;
        }

        microseconds = total >= long.MinValue && total <= long.MaxValue ? (long)total : 0;
        return total >= long.MinValue && total <= long.MaxValue;
    }

    /// <summary>Microseconds since midnight of <c>[T]h:m[:s[.f]]</c>.</summary>
    public static bool TryParseTime(ReadOnlySpan<char> text, out long microseconds)
    {
        text = Trim(text);
        text = !text.IsEmpty && text[0] == 'T' ? text[1..] : text;
        microseconds = 0;
        return !text.IsEmpty && text.Contains(':') && TryTakeTime(ref text, out microseconds) && text.IsEmpty;
    }

    /// <summary>Whether the text is a time without a date.</summary>
    public static bool IsTimeOnly(ReadOnlySpan<char> text)
    {
        text = Trim(text);
        int length = DigitCount(text);
        return !text.IsEmpty && (text[0] == 'T' || (length is 1 or 2 && length < text.Length && text[length] == ':'));
    }

    /// <summary>Days since 1970-01-01 of a proleptic Gregorian date of any year.</summary>
    private static bool TryDays(long year, int month, int day, out int days)
    {
        days = 0;
        if (month is < 1 or > 12 || day < 1 || day > DaysInMonth(year, month))
        {
            return false;
        }

        // Months counted from March, so that the leap day is the last of its year.
        long shifted = month <= 2 ? year - 1 : year;
        long era = Math.DivRem(shifted, 400, out long yearOfEra);
        if (yearOfEra < 0)
        {
            era--;
            yearOfEra += 400;
        }

        long dayOfYear = (((153 * (month + (month > 2 ? -3 : 9))) + 2) / 5) + day - 1;
        long dayOfEra = (yearOfEra * 365) + (yearOfEra / 4) - (yearOfEra / 100) + dayOfYear;
        long total = (era * 146_097) + dayOfEra - 719_468;
        days = (int)total;
        return total is >= int.MinValue and <= int.MaxValue;
    }

    private static int DaysInMonth(long year, int month) => month switch
    {
        2 => year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28,
        4 or 6 or 9 or 11 => 30,
        _ => 31,
    };

    /// <summary>Reads <c>h[:m[:s[.f…]]]</c>; what is left is a zone.</summary>
    private static bool TryTakeTime(ref ReadOnlySpan<char> rest, out long microseconds)
    {
        microseconds = 0;
        if (rest.IsEmpty)
        {
            return true;
        }

        Span<int> parts = [0, 0, 0];
        for (int part = 0; part < 3; part++)
        {
            int length = DigitCount(rest);
            if (length is 0 or > 2)
            {
                return false;
            }

            parts[part] = int.Parse(rest[..length], CultureInfo.InvariantCulture);
            rest = rest[length..];
            if (rest.IsEmpty)
            {
                break;
            }

            if (part < 2)
            {
                if (rest[0] != ':')
                {
                    return false; // A zone may follow seconds only.
                }

                rest = rest[1..];
            }
        }

        long fraction = TakeFraction(ref rest);
        microseconds = ((((parts[0] * 60L) + parts[1]) * 60) + parts[2]) * 1_000_000 + fraction;
        return parts[0] < 24 && parts[1] < 60 && parts[2] < 60;
    }

    /// <summary>Microseconds of a fraction of any length; what is beyond six digits is cut off.</summary>
    private static long TakeFraction(ref ReadOnlySpan<char> rest)
    {
        if (rest.IsEmpty || rest[0] != '.')
        {
            return 0;
        }

        rest = rest[1..];
        int length = DigitCount(rest);
        long microseconds = 0;
        for (int place = 0; place < 6; place++)
        {
            microseconds = (microseconds * 10) + (place < length ? rest[place] - '0' : 0);
        }

        rest = rest[length..];
        return microseconds;
    }

    private static int DigitCount(ReadOnlySpan<char> text)
    {
        int length = text.IndexOfAnyExceptInRange('0', '9');
        return length < 0 ? text.Length : length;
    }

    private static int TakeSign(ref ReadOnlySpan<char> text)
    {
        bool signed = !text.IsEmpty && text[0] is '-' or '+';
        int sign = signed && text[0] == '-' ? -1 : 1;
        text = signed ? text[1..] : text;
        return sign;
    }

    /// <summary>Spark trims blanks and control characters.</summary>
    private static ReadOnlySpan<char> Trim(ReadOnlySpan<char> text)
    {
        while (!text.IsEmpty && (text[0] <= ' ' || text[0] == '\x7f'))
        {
            text = text[1..];
        }

        while (!text.IsEmpty && (text[^1] <= ' ' || text[^1] == '\x7f'))
        {
            text = text[..^1];
        }

        return text;
    }
}
