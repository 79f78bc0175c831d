using System;
using System.Globalization;
using System.Numerics;
using System.Text;

namespace Polder.Columns.Values;

/// <summary>Decimals as plain digits: never an exponent, always as many decimals as the scale.</summary>
internal static class DecimalText
{
    /// <summary>The text of unscaled × 10^-scale.</summary>
    public static string Format(Int128 unscaled, int scale) => TextSink.ToText(sink => Write(unscaled, scale, sink));

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

    /// <summary>Writes the text of unscaled × 10^-scale.</summary>
    public static void Write(Int128 unscaled, int scale, TextSink sink)
    {
        if (scale == 0)
        {
            sink.WriteNumber(unscaled);
            return;
        }

        if (unscaled < 0)
        {
            sink.Write('-');
        }

        Span<char> digits = stackalloc char[64];
        UInt128 magnitude = unscaled < 0 ? (UInt128)(-unscaled) : (UInt128)unscaled;
        magnitude.TryFormat(digits, out int length, default, CultureInfo.InvariantCulture);
        for (int position = int.Max(length, scale + 1); position > 0; position--)
        {
            if (position == scale)
            {
                sink.Write('.');
            }

            sink.Write(position > length ? '0' : digits[length - position]);
        }
    }
}
