using System;
using System.Collections.Generic;
using System.Globalization;
using Polder.Columns;

namespace Polder.Expressions.Syntax;

/// <summary>The values of interval literals from one unit to another: <c>'1-2'</c>, <c>'1 02:03:04.5'</c>.</summary>
internal static class IntervalRange
{
    /// <summary>Months of <c>[+|-]years-months</c>.</summary>
    public static int ParseYearMonth(string text, TextSpan span)
    {
        ReadOnlySpan<char> rest = TakeSign(text.AsSpan().Trim(), out bool negative);
        int dash = rest.IndexOf('-');
        if (dash < 0 || !TryDigits(rest[..dash], 17, out long years) ||
            !TryDigits(rest[(dash + 1)..], 17, out long months))
        {
            throw Unmatched(text, "[+|-]y-m", "INTERVAL YEAR TO MONTH", span);
        }

        long total = (years * 12) + months;
        if (months > 11 || total > int.MaxValue + (negative ? 1L : 0L))
        {
            throw new QueryException(
                "INVALID_INTERVAL_FORMAT.INTERVAL_PARSING",
                "22006",
                $"'{text}' is no interval of years and months: there are 0 to 11 months",
                new Dictionary<string, string> { ["input"] = text, ["interval"] = "year-month" },
                span);
        }

        return (int)(negative ? -total : total);
    }

    /// <summary>Microseconds of <c>[+|-]d h:m:s.f</c>, or of the part of it from one field to another.</summary>
    public static long ParseDayTime(string text, IntervalField start, IntervalField end, TextSpan span)
    {
        ReadOnlySpan<char> rest = TakeSign(text.AsSpan().Trim(), out bool negative);
        Int128 total = 0;
        for (IntervalField field = start; field <= end; field++)
        {
            int length = rest.IndexOfAnyExceptInRange('0', '9');
            ReadOnlySpan<char> digits = length < 0 ? rest : rest[..length];
            if (!TryDigits(digits, field == start ? 10 : 2, out long value))
            {
                throw UnmatchedDayTime(text, start, end, span);
            }

            rest = rest[digits.Length..];
            CheckRange(field, value, start, span);
            total += value * (Int128)UnitOf(field);
            if (field == IntervalField.Second)
            {
                total += TakeFraction(ref rest);
            }
            else if (field < end)
            {
                char separator = field == IntervalField.Day ? ' ' : ':';
                rest = !rest.IsEmpty && rest[0] == separator
                    ? rest[1..]
                    : throw UnmatchedDayTime(text, start, end, span);
            }
        }

        total = negative ? -total : total;
        return !rest.IsEmpty || total > long.MaxValue || total < long.MinValue
            ? throw UnmatchedDayTime(text, start, end, span)
            : (long)total;
    }

    private static long UnitOf(IntervalField field) =>
        IntervalUnit.TryFind(field.ToString(), out IntervalUnit unit) ? unit.Microseconds : 0;

    private static void CheckRange(IntervalField field, long value, IntervalField start, TextSpan span)
    {
        int maximum = field == start || field == IntervalField.Day ? int.MaxValue
            : field == IntervalField.Hour ? 23
            : 59;
        if (field != start && value > maximum)
        {
            string name = field.ToString().ToLowerInvariant();
            string message = string.Create(
                CultureInfo.InvariantCulture, $"requirement failed: {name} {value} outside range [0, {maximum}]");
            throw new QueryException(
                "_LEGACY_ERROR_TEMP_0063",
                "",
                message,
                new Dictionary<string, string> { ["msg"] = message },
                span);
        }
    }

    /// <summary>Microseconds of up to nine decimals; the last three are cut off.</summary>
    private static long TakeFraction(ref ReadOnlySpan<char> rest)
    {
        if (rest.IsEmpty || rest[0] != '.')
        {
            return 0;
        }

        int length = rest[1..].IndexOfAnyExceptInRange('0', '9');
        ReadOnlySpan<char> digits = length < 0 ? rest[1..] : rest.Slice(1, length);
        if (digits.Length is 0 or > 9)
        {
            return 0; // The point stays unread, which fails the whole.
        }

        rest = rest[(digits.Length + 1)..];
        long microseconds = 0;
        for (int place = 0; place < 6; place++)
        {
            microseconds = (microseconds * 10) + (place < digits.Length ? digits[place] - '0' : 0);
        }

        return microseconds;
    }

    private static ReadOnlySpan<char> TakeSign(ReadOnlySpan<char> text, out bool negative)
    {
        negative = false;
        while (!text.IsEmpty && text[0] is '-' or '+')
        {
            negative ^= text[0] == '-';
            text = text[1..].TrimStart();
        }

        return text;
    }

    private static bool TryDigits(ReadOnlySpan<char> digits, int maximumLength, out long value)
    {
        value = 0;
        return digits.Length <= maximumLength &&
            long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out value);
    }

    private static QueryException UnmatchedDayTime(
        string text, IntervalField start, IntervalField end, TextSpan span)
    {
        string[] forms = ["d", "h", "m", "s.n"];
        int first = start - IntervalField.Day;
        int last = end - IntervalField.Day;
        string form = string.Join(':', forms[first..(last + 1)]);
        form = start == IntervalField.Day ? "d " + form[2..] : form;
        return Unmatched(text, $"[+|-]{form}", $"INTERVAL {start} TO {end}".ToUpperInvariant(), span);
    }

    private static QueryException Unmatched(string text, string form, string type, TextSpan span) => new(
        "INVALID_INTERVAL_FORMAT.UNMATCHED_FORMAT_STRING",
        "22006",
        $"'{text}' is no {type}: it must look like {form}",
        new Dictionary<string, string>
        {
            ["input"] = text,
            ["intervalStr"] = type.Contains("YEAR", StringComparison.Ordinal) ? "year-month" : "day-time",
            ["supportedFormat"] = $"`{form}`",
            ["typeName"] = type.ToLowerInvariant(),
        },
        span);
}
