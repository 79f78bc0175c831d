using System;

namespace Polder.Columns.Values;

/// <summary>Java's hexadecimal floating point: <c>1.8p3</c> after the 0x, an f or d allowed at the end.</summary>
internal static class HexFloat
{
    /// <summary>A double, rounded half to even.</summary>
    public static bool TryParse(ReadOnlySpan<byte> text, out double value) =>
        TryParse(text, 53, -1074, 1024, out value);

    /// <summary>A float, rounded half to even from the digits themselves.</summary>
    public static bool TryParse(ReadOnlySpan<byte> text, out float value)
    {
        bool isNumber = TryParse(text, 24, -149, 128, out double exact);
        value = (float)exact;
        return isNumber;
    }

    private static bool TryParse(ReadOnlySpan<byte> text, int bits, int smallest, int largest, out double value)
    {
        value = 0;
        UInt128 mantissa = 0;
        int exponent = 0;
        bool sticky = false;
        int digits = 0;
        bool afterPoint = false;
        int index = 0;
        for (; index < text.Length; index++)
        {
            byte current = text[index];
            if (current == '.' && !afterPoint)
            {
                afterPoint = true;
            }
            else if (char.IsAsciiHexDigit((char)current))
            {
                digits++;
                int unit = current <= '9' ? current - '0' : (current | 0x20) - 'a' + 10;
                bool isFull = mantissa >> 120 != 0;
                sticky |= isFull && unit != 0;
                mantissa = isFull ? mantissa : (mantissa << 4) | (uint)unit;
                exponent += isFull == afterPoint ? 0 : isFull ? 4 : -4;
            }
            else
            {
                break;
            }
        }

        if (digits == 0 || index >= text.Length || (text[index] | 0x20) != 'p' ||
            !TryReadExponent(text[(index + 1)..], out int power))
        {
            return false;
        }

        value = Round(mantissa, sticky, exponent + power, bits, smallest, largest);
        return true;
    }

    private static double Round(UInt128 mantissa, bool sticky, int exponent, int bits, int smallest, int largest)
    {
        if (mantissa == 0)
        {
            return 0;
        }

        int length = 128 - (int)UInt128.LeadingZeroCount(mantissa);
        int drop = int.Max(length - bits, smallest - exponent);
        if (drop > 0)
        {
            bool isGone = drop > 128;
            UInt128 rest = isGone ? mantissa : mantissa & ((drop == 128 ? 0 : UInt128.One << drop) - 1);
            UInt128 half = isGone ? UInt128.MaxValue : UInt128.One << (drop - 1);
            mantissa = drop >= 128 ? 0 : mantissa >> drop;
            bool up = rest > half || (rest == half && (sticky || (mantissa & 1) != 0));
            mantissa += up ? 1u : 0u;
            exponent += drop;
        }

        double result = Math.ScaleB((double)mantissa, exponent);
        return mantissa != 0 && Math.ILogB(result) >= largest ? double.PositiveInfinity : result;
    }

    private static bool TryReadExponent(ReadOnlySpan<byte> text, out int power)
    {
        power = 0;
        if (!text.IsEmpty && (text[^1] | 0x20) is 'f' or 'd')
        {
            text = text[..^1];
        }

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
            if (!char.IsAsciiDigit((char)digit))
            {
                return false;
            }

            power = int.Min((power * 10) + (digit - '0'), 100_000);
        }

        power = isNegative ? -power : power;
        return true;
    }
}
