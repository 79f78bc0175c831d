using System;

namespace Polder.Columns.Values;

/// <summary>
/// Arithmetic of decimals as unscaled integers: exact, one HALF_UP rounding to the result's scale, false where the
/// result's precision does not hold it. Any bits may come in.
/// </summary>
internal static class DecimalMath
{
    /// <summary>Digits of the widest decimal.</summary>
    public const int MaxPrecision = 38;

    private static readonly Int128[] Powers = MakePowers();

    /// <summary>10 to a power from 0 to 38.</summary>
    public static Int128 Power(int exponent) => Powers[exponent];

    /// <summary>Whether a precision holds an unscaled value.</summary>
    public static bool Fits(Int128 unscaled, int precision) =>
        unscaled < Powers[precision] && unscaled > -Powers[precision];

    /// <summary>The value at another scale, HALF_UP; false where the precision does not hold it.</summary>
    public static bool TryRescale(Int128 unscaled, int scale, int newPrecision, int newScale, out Int128 result)
    {
        if (newScale >= scale)
        {
            int up = newScale - scale;
            result = 0;
            if (up >= newPrecision || !Fits(unscaled, newPrecision - up))
            {
                return unscaled == 0;
            }

            result = unscaled * Powers[up];
            return true;
        }

        result = DivideHalfUp(unscaled, scale - newScale);
        return Fits(result, newPrecision);
    }

    /// <summary>value / 10^digits, HALF_UP; more than 38 digits leave nothing.</summary>
    public static Int128 DivideHalfUp(Int128 value, int digits)
    {
        if (digits == 0)
        {
            return value;
        }

        if (digits > 38)
        {
            return 0;
        }

        Int128 power = Powers[digits];
        if (value == (long)value && digits <= 18)
        {
            long divisor = (long)power;
            (long quotient, long rest) = Math.DivRem((long)value, divisor);
            return long.Abs(rest) >= divisor - long.Abs(rest) ? quotient + (rest < 0 ? -1 : 1) : quotient;
        }

        Int128 whole = value / power;
        Int128 remainder = value - (whole * power);
        Int128 distance = remainder < 0 ? -remainder : remainder;
        return distance >= power - distance ? whole + (value < 0 ? -1 : 1) : whole;
    }

    /// <summary>left ± right, each at its scale, at a result type.</summary>
    public static bool TryAdd(
        Int128 left, int leftScale, Int128 right, int rightScale, int precision, int scale, out Int128 result)
    {
        int common = int.Max(leftScale, rightScale);
        UInt256 leftMagnitude = UInt256.Multiply(Magnitude(left), Magnitude(Powers[common - leftScale]));
        UInt256 rightMagnitude = UInt256.Multiply(Magnitude(right), Magnitude(Powers[common - rightScale]));
        bool isNegative = left < 0;
        UInt256 sum;
        if (left < 0 == right < 0)
        {
            sum = leftMagnitude + rightMagnitude;
        }
        else if (UInt256.Compare(leftMagnitude, rightMagnitude) >= 0)
        {
            sum = leftMagnitude - rightMagnitude;
        }
        else
        {
            sum = rightMagnitude - leftMagnitude;
            isNegative = !isNegative;
        }

        return TryRound(sum, isNegative, common - scale, precision, out result);
    }

    /// <summary>left × right at a result type.</summary>
    public static bool TryMultiply(
        Int128 left, int leftScale, Int128 right, int rightScale, int precision, int scale, out Int128 result)
    {
        int digits = leftScale + rightScale - scale;
        if (digits >= 0 && left == (long)left && right == (long)right)
        {
            long high = Math.BigMul((long)left, (long)right, out long low);
            result = new Int128((ulong)high, (ulong)low);
            if (digits == 0)
            {
                // A product of two longs has less than 38 digits.
                return precision == 38 || Fits(result, precision);
            }

            result = DivideHalfUp(result, digits);
            return Fits(result, precision);
        }

        return TryRound(
            UInt256.Multiply(Magnitude(left), Magnitude(right)), left < 0 != right < 0, digits, precision, out result);
    }

    /// <summary>left / right at a result type; false for zero too.</summary>
    public static bool TryDivide(
        Int128 left, int leftScale, Int128 right, int rightScale, int precision, int scale, out Int128 result)
    {
        result = 0;
        int up = scale - leftScale + rightScale;
        if (right == 0 || !TryScaleUp(Magnitude(left), int.Max(up, 0), out UInt256 dividend))
        {
            return false;
        }

        UInt256 divisor = UInt256.Multiply(Magnitude(right), Magnitude(Powers[int.Max(-up, 0)]));
        UInt256 quotient = UInt256.DivRem(dividend, divisor, out UInt256 rest);
        if (UInt256.Compare(rest, divisor - rest) >= 0)
        {
            quotient += new UInt256(UInt128.Zero, UInt128.One);
        }

        return TryNarrow(quotient, left < 0 != right < 0, precision, out result);
    }

    /// <summary>The whole part of left / right, whose digits must fit the precision; its lowest 64 bits.</summary>
    public static bool TryDivideWhole(
        Int128 left, int leftScale, Int128 right, int rightScale, int precision, out long result)
    {
        result = 0;
        int up = rightScale - leftScale;
        if (right == 0 || !TryScaleUp(Magnitude(left), int.Max(up, 0), out UInt256 dividend))
        {
            return false;
        }

        UInt256 divisor = UInt256.Multiply(Magnitude(right), Magnitude(Powers[int.Max(-up, 0)]));
        UInt256 quotient = UInt256.DivRem(dividend, divisor, out _);
        bool fits = TryNarrow(quotient, left < 0 != right < 0, precision, out Int128 whole);
        result = unchecked((long)whole);
        return fits;
    }

    /// <summary>left % right with the sign of the left, at the greater of both scales and then a result type.</summary>
    public static bool TryRemainder(
        Int128 left, int leftScale, Int128 right, int rightScale, int precision, int scale, out Int128 result)
    {
        result = 0;
        if (right == 0)
        {
            return false;
        }

        int common = int.Max(leftScale, rightScale);
        UInt256 dividend = UInt256.Multiply(Magnitude(left), Magnitude(Powers[common - leftScale]));
        UInt256 divisor = UInt256.Multiply(Magnitude(right), Magnitude(Powers[common - rightScale]));
        UInt256.DivRem(dividend, divisor, out UInt256 rest);
        return TryRound(rest, left < 0, common - scale, precision, out result);
    }

    /// <summary>The magnitude of a signed value.</summary>
    public static UInt128 Magnitude(Int128 value) =>
        value < 0 ? unchecked((UInt128)(-value)) : (UInt128)value;

    /// <summary>
    /// -value as Spark has it: beyond 34 digits rounded HALF_EVEN to 34, since its negation runs through a context of
    /// that precision. False where the precision does not hold that.
    /// </summary>
    public static bool TryNegate(Int128 value, int precision, out Int128 result)
    {
        result = -value;
        if (precision <= 34 || Fits(value, 34))
        {
            return true;
        }

        int excess = 1;
        while (!Fits(value, 34 + excess) && excess < 4)
        {
            excess++;
        }

        Int128 power = Powers[excess];
        Int128 whole = result / power;
        Int128 rest = result - (whole * power);
        Int128 twice = rest < 0 ? -2 * rest : 2 * rest;
        bool roundsAway = twice > power || (twice == power && (whole & 1) != 0);
        result = (whole + (roundsAway ? Int128.Sign(result) : 0)) * power;
        return Fits(result, precision);
    }

    private static bool TryScaleUp(UInt128 value, int digits, out UInt256 result)
    {
        result = UInt256.Multiply(value, Magnitude(Powers[int.Min(digits, 38)]));
        return digits <= 38 || UInt256.TryMultiply(result, Magnitude(Powers[int.Min(digits - 38, 38)]), out result);
    }

    private static bool TryRound(UInt256 value, bool isNegative, int digits, int precision, out Int128 result)
    {
        if (digits > 0)
        {
            UInt256 divisor = new(UInt128.Zero, Magnitude(Powers[int.Min(digits, 38)]));
            value = UInt256.DivRem(value, divisor, out UInt256 rest);
            if (digits > 38)
            {
                return TryRound(value, isNegative, digits - 38, precision, out result);
            }

            if (UInt256.Compare(rest, divisor - rest) >= 0)
            {
                value += new UInt256(UInt128.Zero, UInt128.One);
            }
        }
        else if (digits < 0 && !UInt256.TryMultiply(value, Magnitude(Powers[-digits]), out value))
        {
            result = 0;
            return false;
        }

        return TryNarrow(value, isNegative, precision, out result);
    }

    private static bool TryNarrow(UInt256 value, bool isNegative, int precision, out Int128 result)
    {
        bool fits = value.FitsLow && value.Low < Magnitude(Powers[precision]);
        result = fits ? isNegative ? -(Int128)value.Low : (Int128)value.Low : 0;
        return fits;
    }

    private static Int128[] MakePowers()
    {
        Int128[] powers = new Int128[39];
        powers[0] = Int128.One;
        for (int exponent = 1; exponent < powers.Length; exponent++)
        {
            powers[exponent] = powers[exponent - 1] * 10;
        }

        return powers;
    }
}
