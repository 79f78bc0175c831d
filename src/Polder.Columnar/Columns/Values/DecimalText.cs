using System;
using System.Globalization;
using System.Numerics;
using System.Text;

namespace Polder.Columns.Values;

/// <summary>Decimals as plain digits: never an exponent, always as many decimals as the scale.</summary>
internal static class DecimalText
{
    /// <summary>Bytes that the text of a decimal of 128 bits needs at most.</summary>
    public const int MaxBytes = 64;

    /// <summary>Writes the text of unscaled × 10^-scale; returns its length.</summary>
    public static int Write(Span<byte> destination, Int128 unscaled, int scale)
    {
        Span<byte> digits = stackalloc byte[MaxBytes];
        UInt128 magnitude = unscaled < 0 ? (UInt128)(-unscaled) : (UInt128)unscaled;
        int digitCount;
        if (magnitude <= ulong.MaxValue)
        {
            digitCount = Digits.Write(digits, (ulong)magnitude, 1);
        }
        else
        {
            magnitude.TryFormat(digits, out digitCount, default, CultureInfo.InvariantCulture);
        }

        int length = 0;
        if (unscaled < 0)
        {
            destination[length++] = (byte)'-';
        }

        int wholeCount = int.Max(0, digitCount - scale);
        if (wholeCount == 0)
        {
            destination[length++] = (byte)'0';
        }

        digits[..wholeCount].CopyTo(destination[length..]);
        length += wholeCount;
        if (scale > 0)
        {
            destination[length++] = (byte)'.';
            int zeroCount = scale - (digitCount - wholeCount);
            destination.Slice(length, zeroCount).Fill((byte)'0');
            length += zeroCount;
            digits[wholeCount..digitCount].CopyTo(destination[length..]);
            length += digitCount - wholeCount;
        }

        return length;
    }

    /// <summary>Appends the text of unscaled × 10^-scale.</summary>
    public static void Write(Int128 unscaled, int scale, TextSink sink) =>
        sink.Advance(Write(sink.GetSpan(MaxBytes), unscaled, scale));

    /// <summary>The text of unscaled × 10^-scale.</summary>
    public static string Format(Int128 unscaled, int scale)
    {
        Span<byte> text = stackalloc byte[MaxBytes];
        return Encoding.ASCII.GetString(text[..Write(text, unscaled, scale)]);
    }

    /// <summary>The text of a number that no decimal type holds; a negative scale appends zeros.</summary>
    public static string Format(BigInteger unscaled, int scale)
    {
        if (scale <= 0)
        {
            return (unscaled * BigInteger.Pow(10, -scale)).ToString(CultureInfo.InvariantCulture);
        }

        string digits = BigInteger.Abs(unscaled).ToString(CultureInfo.InvariantCulture).PadLeft(scale + 1, '0');
        StringBuilder text = new(unscaled.Sign < 0 ? "-" : "");
        return text.Append(digits, 0, digits.Length - scale).Append('.')
            .Append(digits, digits.Length - scale, scale).ToString();
    }
}
