using System;
using System.Numerics;

namespace Polder.Columns.Values;

/// <summary>A decimal as it was written: digits × 10^-scale, the scale of any sign, the digits any number.</summary>
internal readonly record struct ParsedDecimal(BigInteger Digits, int Scale, int DigitCount)
{
    /// <summary>Digits before the point; Java's precision minus its scale.</summary>
    public long WholeDigits => (long)DigitCount - Scale;

    /// <summary>The value at a type, HALF_UP; false where it does not fit.</summary>
    public bool TryRescale(int precision, int scale, out Int128 result)
    {
        result = 0;
        if (Digits.IsZero || -WholeDigits > scale)
        {
            return true;
        }

        if (WholeDigits > precision - scale + 1L)
        {
            return false;
        }

        BigInteger value = Digits;
        if (scale >= Scale)
        {
            value *= BigInteger.Pow(10, scale - Scale);
        }
        else
        {
            BigInteger unit = BigInteger.Pow(10, Scale - scale);
            value = BigInteger.DivRem(value, unit, out BigInteger rest);
            if (BigInteger.Abs(rest) * 2 >= unit)
            {
                value += Digits.Sign;
            }
        }

        bool fits = BigInteger.Abs(value) < (BigInteger)DecimalMath.Power(precision);
        result = fits ? (Int128)value : 0;
        return fits;
    }

    /// <summary>The value at a type; false where it does not fit without rounding.</summary>
    public bool TryRescaleExact(int precision, int scale, out Int128 result) =>
        TryRescale(precision, scale, out result) &&
        (scale >= Scale || Digits.IsZero || (Scale - scale <= DigitCount &&
            (Digits % BigInteger.Pow(10, Scale - scale)).IsZero));

    /// <summary>Plain digits, as many decimals as were written.</summary>
    public string ToPlainString() => DecimalText.Format(Digits, Scale);
}

/// <summary>Texts of decimals as Java's BigDecimal reads them: sign, digits, point, exponent.</summary>
internal static class DecimalParser
{
    // Another digit still fits a long.
    private const long LargestShort = 100_000_000_000_000_000;

    /// <summary>Reads a text that was trimmed; false where it is no number.</summary>
    public static bool TryParse(ReadOnlySpan<byte> text, out ParsedDecimal value)
    {
        value = default;
        bool isNegative = !text.IsEmpty && text[0] == '-';
        if (isNegative || (!text.IsEmpty && text[0] == '+'))
        {
            text = text[1..];
        }

        BigInteger digits = BigInteger.Zero;
        ulong block = 0;
        ulong unit = 1;
        int count = 0;
        int written = 0;
        int decimals = 0;
        bool afterPoint = false;
        int index = 0;
        for (; index < text.Length; index++)
        {
            byte current = text[index];
            if (current == '.' && !afterPoint)
            {
                afterPoint = true;
                continue;
            }

            if (!char.IsAsciiDigit((char)current))
            {
                break;
            }

            written++;
            decimals += afterPoint ? 1 : 0;
            count += count > 0 || current != '0' ? 1 : 0;
            block = (block * 10) + (ulong)(current - '0');
            unit *= 10;
            if (unit == 1_000_000_000_000_000_000)
            {
                digits = (digits * unit) + block;
                block = 0;
                unit = 1;
            }
        }

        if (written == 0 || !TryReadExponent(text[index..], out int exponent))
        {
            return false;
        }

        digits = (digits * unit) + block;
        long scale = (long)decimals - exponent;
        if (scale != (int)scale)
        {
            return false;
        }

        value = new ParsedDecimal(isNegative ? -digits : digits, (int)scale, int.Max(count, 1));
        return true;
    }

    /// <summary>
    /// Reads a trimmed text of at most 18 digits and a scale from -18 to 38; false for any other, number or not.
    /// </summary>
    public static bool TryParseShort(ReadOnlySpan<byte> text, out long digits, out int scale)
    {
        digits = 0;
        scale = 0;
        bool isNegative = !text.IsEmpty && text[0] == '-';
        int index = isNegative || (!text.IsEmpty && text[0] == '+') ? 1 : 0;
        int start = index;
        bool afterPoint = false;
        for (; index < text.Length && digits < LargestShort; index++)
        {
            int unit = text[index] - '0';
            if ((uint)unit <= 9)
            {
                digits = (digits * 10) + unit;
                scale += afterPoint ? 1 : 0;
            }
            else if (text[index] == '.' && !afterPoint)
            {
                afterPoint = true;
            }
            else
            {
                break;
            }
        }

        if (index == start || (index == start + 1 && afterPoint) || scale > 38 ||
            !TryReadExponent(text[index..], out int exponent) || exponent is < -38 or > 18)
        {
            return false;
        }

        digits = isNegative ? -digits : digits;
        scale -= exponent;
        return scale is >= -18 and <= 38;
    }

    /// <summary>Reads a trimmed text at a type; false where it is no number or does not fit exactly.</summary>
    public static bool TryParseExact(ReadOnlySpan<byte> text, int precision, int scale, out Int128 result)
    {
        if (TryParseShort(text, out long digits, out int written))
        {
            return DecimalMath.TryRescale(digits, written, precision, scale, out result) &&
                (scale >= written || digits % DecimalMath.Power(written - scale) == 0);
        }

        result = 0;
        return TryParse(text, out ParsedDecimal parsed) && parsed.TryRescaleExact(precision, scale, out result);
    }

    /// <summary>Reads a trimmed text at a type, HALF_UP; false where it is no number or does not fit.</summary>
    public static bool TryParse(ReadOnlySpan<byte> text, int precision, int scale, out Int128 result)
    {
        result = 0;
        return TryParseShort(text, out long digits, out int written)
            ? DecimalMath.TryRescale(digits, written, precision, scale, out result)
            : TryParse(text, out ParsedDecimal parsed) && parsed.TryRescale(precision, scale, out result);
    }

    /// <summary>The decimal of the shortest text of a double that is finite.</summary>
    public static ParsedDecimal ParseFloat(double value)
    {
        TextSink sink = new();
        NumberText.Write(value, sink);
        Invariant.Holds(TryParse(sink.Written, out ParsedDecimal parsed), "a double's text is no number");
        return parsed;
    }

    private static bool TryReadExponent(ReadOnlySpan<byte> text, out int exponent)
    {
        exponent = 0;
        if (text.IsEmpty)
        {
            return true;
        }

        if ((text[0] | 0x20) != 'e' || text.Length == 1)
        {
            return false;
        }

        return NumberParser.TryParseInteger(text[1..], int.MinValue, int.MaxValue, out long value) &&
            text[1] > ' ' && text[^1] > ' ' && (exponent = (int)value) == value;
    }
}
