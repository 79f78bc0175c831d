using System;
using System.Globalization;
using System.Numerics;

namespace Polder.Columns.Values;

/// <summary>
/// Numbers as Java prints them, which is how Spark does: the shortest digits that read back (of two digits the nearest
/// where one would do), plain from 1e-3 up to 1e7, else <c>d.dE±n</c>.
/// </summary>
internal static class NumberText
{
    /// <summary>A double.</summary>
    public static void Write(double value, TextSink sink) => WriteShortest(value, sink);

    /// <summary>A float.</summary>
    public static void Write(float value, TextSink sink) => WriteShortest(value, sink);

    private static void WriteShortest<T>(T value, TextSink sink)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (!T.IsFinite(value) || T.IsZero(value))
        {
            WriteSpecial(double.CreateChecked(value), sink);
            return;
        }

        Span<char> text = stackalloc char[40];
        value.TryFormat(text, out int length, "R", CultureInfo.InvariantCulture);
        if (!WriteDigits(text[..length], sink))
        {
            value.TryFormat(text, out length, "E1", CultureInfo.InvariantCulture);
            WriteDigits(text[..length], sink, mayBeOneDigit: true);
        }
    }

    private static void WriteSpecial(double value, TextSink sink) => sink.Write(
        double.IsNaN(value) ? "NaN"u8 :
        double.IsInfinity(value) ? value > 0 ? "Infinity"u8 : "-Infinity"u8 :
        double.IsNegative(value) ? "-0.0"u8 : "0.0"u8);

    // Takes .NET's text apart into digits and a power of ten, and lays them out as Java does. False where there is but
    // one digit: Java then takes the nearest of two.
    private static bool WriteDigits(ReadOnlySpan<char> text, TextSink sink, bool mayBeOneDigit = false)
    {
        bool isNegative = text[0] == '-';
        text = isNegative ? text[1..] : text;
        int exponentAt = text.IndexOf('E');
        int exponent = exponentAt < 0 ? 0 : int.Parse(
            text[(exponentAt + 1)..], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
        ReadOnlySpan<char> mantissa = exponentAt < 0 ? text : text[..exponentAt];
        Span<char> digits = stackalloc char[mantissa.Length];
        int count = 0;
        int pointAt = mantissa.Length;
        for (int index = 0; index < mantissa.Length; index++)
        {
            if (mantissa[index] == '.')
            {
                pointAt = index;
            }
            else
            {
                digits[count++] = mantissa[index];
            }
        }

        int leading = 0;
        while (leading < count - 1 && digits[leading] == '0')
        {
            leading++;
        }

        // The value is 0.d1d2… times ten to the power of this.
        int power = pointAt - leading + exponent;
        ReadOnlySpan<char> significant = digits[leading..count].TrimEnd('0');
        if (significant.Length == 1 && !mayBeOneDigit)
        {
            return false;
        }

        if (isNegative)
        {
            sink.Write('-');
        }

        Lay(significant, power, sink);
        return true;
    }

    private static void Lay(ReadOnlySpan<char> digits, int power, TextSink sink)
    {
        if (power is > -3 and <= 7)
        {
            LayPlain(digits, power, sink);
            return;
        }

        sink.Write(digits[0]);
        sink.Write('.');
        WriteRange(digits.Length > 1 ? digits[1..] : "0", sink);
        sink.Write('E');
        sink.WriteNumber(power - 1);
    }

    private static void LayPlain(ReadOnlySpan<char> digits, int power, TextSink sink)
    {
        if (power <= 0)
        {
            sink.Write("0."u8);
            for (int zero = power; zero < 0; zero++)
            {
                sink.Write('0');
            }

            WriteRange(digits, sink);
            return;
        }

        for (int index = 0; index < power; index++)
        {
            sink.Write(index < digits.Length ? digits[index] : '0');
        }

        sink.Write('.');
        WriteRange(power < digits.Length ? digits[power..] : "0", sink);
    }

    private static void WriteRange(ReadOnlySpan<char> digits, TextSink sink)
    {
        foreach (char digit in digits)
        {
            sink.Write(digit);
        }
    }
}
