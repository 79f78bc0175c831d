using System;
using System.Text;
using Polder.Columns;
using Polder.Columns.Values;

namespace Polder.Expressions.Evaluation.Values;

/// <summary>
/// Texts of calendar intervals: an optional word INTERVAL, then numbers each with a unit (<c>1 year -2 days</c>); only
/// seconds take a fraction, of up to nine digits.
/// </summary>
internal static class CalendarIntervalParser
{
    /// <summary>Reads a text; false where it is no interval or overflows.</summary>
    public static bool TryParse(ReadOnlySpan<byte> text, out CalendarInterval interval)
    {
        interval = default;
        string trimmed = Encoding.UTF8.GetString(TemporalParser.Trim(text)).ToLowerInvariant();
        if (trimmed.StartsWith("interval", StringComparison.Ordinal))
        {
            if (trimmed.Length == 8 || !IsSpace(trimmed[8]))
            {
                return false;
            }

            trimmed = trimmed[8..];
        }

        Int128 months = 0;
        Int128 days = 0;
        Int128 micros = 0;
        int index = 0;
        bool any = false;
        while (SkipSpaces(trimmed, ref index) < trimmed.Length)
        {
            if (!TryReadNumber(trimmed, ref index, out Int128 whole, out int fraction, out bool hasFraction) ||
                !TryAdd(ReadWord(trimmed, ref index), whole, fraction, hasFraction, ref months, ref days, ref micros))
            {
                return false;
            }

            any = true;
        }

        if (!any || months != (int)months || days != (int)days || micros != (long)micros)
        {
            return false;
        }

        interval = new CalendarInterval((int)months, (int)days, (long)micros);
        return true;
    }

    private static bool TryAdd(
        string unit,
        Int128 value,
        int fractionMicros,
        bool hasFraction,
        ref Int128 months,
        ref Int128 days,
        ref Int128 micros)
    {
        bool isSecond = unit is "second" or "seconds";
        switch (unit)
        {
            case "year" or "years":
                months += value * 12;
                break;
            case "month" or "months":
                months += value;
                break;
            case "week" or "weeks":
                days += value * 7;
                break;
            case "day" or "days":
                days += value;
                break;
            case "hour" or "hours":
                micros += value * CivilCalendar.MicrosPerHour;
                break;
            case "minute" or "minutes":
                micros += value * CivilCalendar.MicrosPerMinute;
                break;
            case "second" or "seconds":
                micros += (value * CivilCalendar.MicrosPerSecond) + fractionMicros;
                break;
            case "millisecond" or "milliseconds":
                micros += value * 1000;
                break;
            case "microsecond" or "microseconds":
                micros += value;
                break;
            default:
                return false;
        }

        return isSecond || !hasFraction;
    }

    // [sign] [spaces] digits [. digits] and at least one space.
    private static bool TryReadNumber(
        string text, ref int index, out Int128 whole, out int fractionMicros, out bool hasFraction)
    {
        whole = 0;
        fractionMicros = 0;
        hasFraction = false;
        bool isNegative = text[index] == '-';
        if (text[index] is '-' or '+')
        {
            index++;
            SkipSpaces(text, ref index);
        }

        int digits = 0;
        for (; index < text.Length && char.IsAsciiDigit(text[index]); index++, digits++)
        {
            if (digits > 19)
            {
                return false;
            }

            whole = (whole * 10) + (text[index] - '0');
        }

        if (index < text.Length && text[index] == '.')
        {
            index++;
            hasFraction = true;
            int unit = 100_000;
            int count = 0;
            for (; index < text.Length && char.IsAsciiDigit(text[index]); index++, count++)
            {
                fractionMicros += (text[index] - '0') * unit;
                unit /= 10;
            }

            if (count > 9 || digits + count == 0)
            {
                return false;
            }
        }
        else if (digits == 0)
        {
            return false;
        }

        whole = isNegative ? -whole : whole;
        fractionMicros = isNegative ? -fractionMicros : fractionMicros;
        return index < text.Length && IsSpace(text[index]);
    }

    private static string ReadWord(string text, ref int index)
    {
        int start = SkipSpaces(text, ref index);
        while (index < text.Length && !IsSpace(text[index]))
        {
            index++;
        }

        return text[start..index];
    }

    private static int SkipSpaces(string text, ref int index)
    {
        while (index < text.Length && IsSpace(text[index]))
        {
            index++;
        }

        return index;
    }

    private static bool IsSpace(char value) => value <= ' ';
}
