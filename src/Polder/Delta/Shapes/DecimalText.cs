using System;
using System.Globalization;
using System.Text;

namespace Polder.Delta.Shapes;

/// <summary>Decimals of up to 38 digits as text, exactly: <c>-1.50</c>, <c>0E-18</c>, <c>1.5E3</c>.</summary>
internal static class DecimalText
{
    private const int MaximumDigits = 38;

    /// <summary>The unscaled value at a scale; digits beyond it are rounded half away from zero.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, int scale, out Int128 unscaled)
    {
        unscaled = 0;
        bool isNegative = text.StartsWith('-');
        text = isNegative || text.StartsWith('+') ? text[1..] : text;
        int mark = text.IndexOfAny('e', 'E');
        int exponent = 0;
        if (mark >= 0 && !int.TryParse(
            text[(mark + 1)..], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out exponent))
        {
            return false;
        }

        ReadOnlySpan<char> digits = mark < 0 ? text : text[..mark];
        int dot = digits.IndexOf('.');
        int decimals = dot < 0 ? 0 : digits.Length - dot - 1;
        bool anyDigit = false;
        foreach (char digit in digits)
        {
            if (digit == '.' && dot >= 0)
            {
                continue;
            }

            if (!char.IsAsciiDigit(digit) || unscaled > (Int128.MaxValue - 9) / 10)
            {
                return false;
            }

            unscaled = (unscaled * 10) + (digit - '0');
            anyDigit = true;
        }

        bool fits = anyDigit && TryRescale(ref unscaled, (long)scale - decimals + exponent);
        unscaled = isNegative ? -unscaled : unscaled;
        return fits;
    }

    /// <summary>The value with exactly <paramref name="scale"/> decimals.</summary>
    public static string Format(Int128 unscaled, int scale)
    {
        string digits = Int128.Abs(unscaled).ToString(CultureInfo.InvariantCulture).PadLeft(scale + 1, '0');
        StringBuilder text = new(digits.Length + 2);
        text.Append(unscaled < 0 ? "-" : "").Append(digits, 0, digits.Length - scale);
        return scale == 0 ? text.ToString() : text.Append('.').Append(digits, digits.Length - scale, scale).ToString();
    }

    private static bool TryRescale(ref Int128 value, long places)
    {
        if (value == 0)
        {
            return true;
        }

        for (; places > 0; places--)
        {
            if (value > Int128.MaxValue / 10)
            {
                return false;
            }

            value *= 10;
        }

        bool roundUp = false;
        for (; places < 0 && (value != 0 || roundUp); places++)
        {
            roundUp = value % 10 >= 5;
            value /= 10;
        }

        value += roundUp ? 1 : 0;
        return value < Power(MaximumDigits);
    }

    private static Int128 Power(int digits)
    {
        Int128 power = 1;
        for (int place = 0; place < digits; place++)
        {
            power *= 10;
        }

        return power;
    }
}
