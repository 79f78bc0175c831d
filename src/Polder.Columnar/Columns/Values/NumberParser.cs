using System;
using System.Globalization;
using System.Numerics;

namespace Polder.Columns.Values;

/// <summary>Texts of numbers and truth values, by the rules of Spark's casts.</summary>
internal static class NumberParser
{
    /// <summary>A whole number in digits with an optional sign; no point, no exponent.</summary>
    public static bool TryParseInteger(ReadOnlySpan<byte> text, long minimum, long maximum, out long value)
    {
        value = 0;
        text = TemporalParser.Trim(text);
        bool isNegative = !text.IsEmpty && text[0] == '-';
        if (isNegative || (!text.IsEmpty && text[0] == '+'))
        {
            text = text[1..];
        }

        if (text.IsEmpty)
        {
            return false;
        }

        foreach (byte digit in text)
        {
            int unit = digit - '0';
            if ((uint)unit > 9 || value < long.MinValue / 10)
            {
                return false;
            }

            // Counted down, since the smallest number has no positive counterpart.
            long next = unchecked((value * 10) - unit);
            if (next > value * 10)
            {
                return false;
            }

            value = next;
        }

        if (!isNegative)
        {
            if (value == long.MinValue)
            {
                return false;
            }

            value = -value;
        }

        return value >= minimum && value <= maximum;
    }

    /// <summary>
    /// A double as Java reads it: decimal or hexadecimal, an f or d at the end, and inf, infinity and nan in any case.
    /// </summary>
    public static bool TryParseDouble(ReadOnlySpan<byte> text, out double value) =>
        TryParseFloating(text, out value, HexFloat.TryParse);

    /// <summary>A float, likewise.</summary>
    public static bool TryParseFloat(ReadOnlySpan<byte> text, out float value) =>
        TryParseFloating(text, out value, HexFloat.TryParse);

    /// <summary>t, true, y, yes, 1 and f, false, n, no, 0 in any case.</summary>
    public static bool TryParseBoolean(ReadOnlySpan<byte> text, out bool value)
    {
        text = TemporalParser.Trim(text);
        value = IsAny(text, "t"u8, "true"u8, "y"u8, "yes"u8, "1"u8);
        return value || IsAny(text, "f"u8, "false"u8, "n"u8, "no"u8, "0"u8);
    }

    private delegate bool HexParser<T>(ReadOnlySpan<byte> text, out T value);

    private static bool TryParseFloating<T>(ReadOnlySpan<byte> text, out T value, HexParser<T> parseHex)
        where T : struct, IBinaryFloatingPointIeee754<T>
    {
        text = TemporalParser.Trim(text);
        ReadOnlySpan<byte> bare = text.IsEmpty || text[0] is not ((byte)'-' or (byte)'+') ? text : text[1..];
        bool isNegative = bare.Length < text.Length && text[0] == '-';
        value = default;
        if (bare.IsEmpty)
        {
            return false;
        }

        if (!char.IsAsciiDigit((char)bare[0]) && bare[0] != '.')
        {
            return TryParseSpecial(bare, isNegative, bare.Length < text.Length, out value);
        }

        if (bare.Length > 1 && bare[0] == '0' && (bare[1] | 0x20) == 'x')
        {
            bool isHex = parseHex(bare[2..], out value);
            value = isNegative ? -value : value;
            return isHex;
        }

        if ((bare[^1] | 0x20) is 'f' or 'd')
        {
            bare = bare[..^1];
        }

        if (!IsDecimal(bare))
        {
            return false;
        }

        bool isNumber = T.TryParse(bare, NumberStyles.Float, CultureInfo.InvariantCulture, out value);
        value = isNegative ? -value : value;
        return isNumber;
    }

    private static bool TryParseSpecial<T>(ReadOnlySpan<byte> text, bool isNegative, bool hasSign, out T value)
        where T : struct, IBinaryFloatingPointIeee754<T>
    {
        if (IsAny(text, "inf"u8, "infinity"u8))
        {
            value = isNegative ? T.NegativeInfinity : T.PositiveInfinity;
            return true;
        }

        value = T.NaN;
        return hasSign ? text.SequenceEqual("NaN"u8) : IsAny(text, "nan"u8);
    }

    // digits [. digits] [e [sign] digits], with a digit before or after the point.
    private static bool IsDecimal(ReadOnlySpan<byte> text)
    {
        int whole = CountDigits(text);
        ReadOnlySpan<byte> rest = text[whole..];
        int fraction = 0;
        if (!rest.IsEmpty && rest[0] == '.')
        {
            fraction = CountDigits(rest[1..]);
            rest = rest[(1 + fraction)..];
        }

        if (whole + fraction == 0)
        {
            return false;
        }

        if (rest.IsEmpty)
        {
            return true;
        }

        if ((rest[0] | 0x20) != 'e')
        {
            return false;
        }

        rest = rest[1..];
        if (!rest.IsEmpty && rest[0] is (byte)'-' or (byte)'+')
        {
            rest = rest[1..];
        }

        return !rest.IsEmpty && CountDigits(rest) == rest.Length;
    }

    private static int CountDigits(ReadOnlySpan<byte> text)
    {
        int count = 0;
        while (count < text.Length && char.IsAsciiDigit((char)text[count]))
        {
            count++;
        }

        return count;
    }

    private static bool IsAny(
        ReadOnlySpan<byte> text,
        ReadOnlySpan<byte> first,
        ReadOnlySpan<byte> second = default,
        ReadOnlySpan<byte> third = default,
        ReadOnlySpan<byte> fourth = default,
        ReadOnlySpan<byte> fifth = default) =>
        !text.IsEmpty &&
        (EqualsIgnoreCase(text, first) || EqualsIgnoreCase(text, second) || EqualsIgnoreCase(text, third) ||
            EqualsIgnoreCase(text, fourth) || EqualsIgnoreCase(text, fifth));

    private static bool EqualsIgnoreCase(ReadOnlySpan<byte> text, ReadOnlySpan<byte> word) =>
        System.Text.Ascii.EqualsIgnoreCase(text, word);
}
