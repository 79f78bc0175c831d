using System;
using System.Numerics;

namespace Polder.Columns.Values;

/// <summary>
/// An unsigned integer of 256 bits: what products and scaled dividends of decimals need. Only the operations that
/// those need.
/// </summary>
internal readonly struct UInt256 : IEquatable<UInt256>
{
    private readonly UInt128 _high;
    private readonly UInt128 _low;

    public UInt256(UInt128 high, UInt128 low)
    {
        _high = high;
        _low = low;
    }

    /// <summary>The lower 128 bits.</summary>
    public UInt128 Low => _low;

    /// <summary>Whether the value fits 128 bits.</summary>
    public bool FitsLow => _high == UInt128.Zero;

    /// <summary>The full product.</summary>
    public static UInt256 Multiply(UInt128 left, UInt128 right)
    {
        ulong leftLow = (ulong)left;
        ulong leftHigh = (ulong)(left >> 64);
        ulong rightLow = (ulong)right;
        ulong rightHigh = (ulong)(right >> 64);
        UInt128 low = BigMul(leftLow, rightLow);
        UInt128 middle = BigMul(leftLow, rightHigh);
        UInt128 cross = BigMul(leftHigh, rightLow);
        UInt128 carry = (low >> 64) + (ulong)middle + (ulong)cross;
        return new UInt256(
            BigMul(leftHigh, rightHigh) + (middle >> 64) + (cross >> 64) + (carry >> 64),
            (carry << 64) | (ulong)low);
    }

    /// <summary>The product; false where it needs more than 256 bits.</summary>
    public static bool TryMultiply(UInt256 left, UInt128 right, out UInt256 product)
    {
        UInt256 low = Multiply(left._low, right);
        UInt256 high = Multiply(left._high, right);
        UInt128 sum = unchecked(low._high + high._low);
        product = new UInt256(sum, low._low);
        return high.FitsLow && sum >= low._high;
    }

    /// <summary>The sum; wraps beyond 256 bits.</summary>
    public static UInt256 operator +(UInt256 left, UInt256 right)
    {
        UInt128 low = unchecked(left._low + right._low);
        return new UInt256(unchecked(left._high + right._high + (low < left._low ? 1u : 0u)), low);
    }

    /// <summary>The difference; the right side is not the greater.</summary>
    public static UInt256 operator -(UInt256 left, UInt256 right)
    {
        UInt128 low = unchecked(left._low - right._low);
        return new UInt256(unchecked(left._high - right._high - (left._low < right._low ? 1u : 0u)), low);
    }

    /// <summary>Negative, zero or positive.</summary>
    public static int Compare(UInt256 left, UInt256 right) =>
        left._high != right._high ? left._high.CompareTo(right._high) : left._low.CompareTo(right._low);

    /// <summary>The whole quotient and the remainder, by Knuth's algorithm D over digits of 32 bits.</summary>
    public static UInt256 DivRem(UInt256 dividend, UInt256 divisor, out UInt256 remainder)
    {
        if (dividend.FitsLow && divisor.FitsLow)
        {
            (UInt128 quotient, UInt128 rest) = UInt128.DivRem(dividend._low, divisor._low);
            remainder = new UInt256(UInt128.Zero, rest);
            return new UInt256(UInt128.Zero, quotient);
        }

        Span<uint> left = stackalloc uint[9];
        Span<uint> right = stackalloc uint[8];
        Span<uint> result = stackalloc uint[9];
        left.Clear();
        result.Clear();
        dividend.Split(left);
        divisor.Split(right);
        int divisorDigits = Digits(right);
        if (divisorDigits == 1)
        {
            remainder = new UInt256(UInt128.Zero, DivideShort(left, right[0], result));
        }
        else
        {
            int shift = BitOperations.LeadingZeroCount(right[divisorDigits - 1]);
            ShiftLeft(right, shift);
            ShiftLeft(left, shift);
            DivideLong(left, right[..divisorDigits], result);
            ShiftRight(left, shift);
            remainder = Join(left);
        }

        return Join(result);
    }

    /// <inheritdoc />
    public bool Equals(UInt256 other) => _high == other._high && _low == other._low;

    /// <inheritdoc />
    public override bool Equals(object? obj) => obj is UInt256 other && Equals(other);

    /// <inheritdoc />
    public override int GetHashCode() => HashCode.Combine(_high, _low);

    /// <summary>The value as a big integer.</summary>
    public BigInteger ToBigInteger() => ((BigInteger)_high << 128) | _low;

    private static UInt128 BigMul(ulong left, ulong right)
    {
        ulong high = Math.BigMul(left, right, out ulong low);
        return new UInt128(high, low);
    }

    private static uint DivideShort(Span<uint> left, uint divisor, Span<uint> result)
    {
        ulong rest = 0;
        for (int index = left.Length - 1; index >= 0; index--)
        {
            ulong current = (rest << 32) | left[index];
            result[index] = (uint)(current / divisor);
            rest = current % divisor;
        }

        return (uint)rest;
    }

    // Leaves the remainder in left; both are shifted so that the divisor's top bit is set.
    private static void DivideLong(Span<uint> left, ReadOnlySpan<uint> right, Span<uint> result)
    {
        int count = right.Length;
        ulong top = right[count - 1];
        ulong second = right[count - 2];
        for (int index = left.Length - count - 1; index >= 0; index--)
        {
            ulong leading = ((ulong)left[index + count] << 32) | left[index + count - 1];
            ulong digit = leading / top;
            ulong rest = leading % top;
            while (digit > uint.MaxValue || digit * second > ((rest << 32) | left[index + count - 2]))
            {
                digit--;
                rest += top;
                if (rest > uint.MaxValue)
                {
                    break;
                }
            }

            if (SubtractMultiple(left[index..], right, digit))
            {
                digit--;
                AddBack(left[index..], right);
            }

            result[index] = (uint)digit;
        }
    }

    private static bool SubtractMultiple(Span<uint> left, ReadOnlySpan<uint> right, ulong digit)
    {
        ulong carry = 0;
        long borrow = 0;
        for (int index = 0; index < right.Length; index++)
        {
            carry += digit * right[index];
            borrow += (long)left[index] - (uint)carry;
            left[index] = (uint)borrow;
            borrow >>= 32;
            carry >>= 32;
        }

        borrow += (long)left[right.Length] - (long)carry;
        left[right.Length] = (uint)borrow;
        return borrow < 0;
    }

    private static void AddBack(Span<uint> left, ReadOnlySpan<uint> right)
    {
        ulong carry = 0;
        for (int index = 0; index < right.Length; index++)
        {
            carry += (ulong)left[index] + right[index];
            left[index] = (uint)carry;
            carry >>= 32;
        }

        left[right.Length] += (uint)carry;
    }

    private static int Digits(ReadOnlySpan<uint> value)
    {
        int count = value.Length;
        while (count > 1 && value[count - 1] == 0)
        {
            count--;
        }

        return count;
    }

    private static void ShiftLeft(Span<uint> value, int shift)
    {
        for (int index = value.Length - 1; index >= 0 && shift > 0; index--)
        {
            uint lower = index > 0 ? value[index - 1] >> (32 - shift) : 0;
            value[index] = (value[index] << shift) | lower;
        }
    }

    private static void ShiftRight(Span<uint> value, int shift)
    {
        for (int index = 0; index < value.Length && shift > 0; index++)
        {
            uint upper = index + 1 < value.Length ? value[index + 1] << (32 - shift) : 0;
            value[index] = (value[index] >> shift) | upper;
        }
    }

    private static UInt256 Join(ReadOnlySpan<uint> digits) => new(
        new UInt128(((ulong)digits[7] << 32) | digits[6], ((ulong)digits[5] << 32) | digits[4]),
        new UInt128(((ulong)digits[3] << 32) | digits[2], ((ulong)digits[1] << 32) | digits[0]));

    private void Split(Span<uint> digits)
    {
        for (int index = 0; index < 4; index++)
        {
            digits[index] = (uint)(_low >> (32 * index));
            digits[index + 4] = (uint)(_high >> (32 * index));
        }
    }
}
