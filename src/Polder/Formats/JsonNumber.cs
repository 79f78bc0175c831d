using System;
using System.Buffers.Text;
using System.Globalization;
using Polder.Columns.Values;

namespace Polder.Formats;

/// <summary>Parses numbers in the grammar of JSON, also without a digit before or after the point.</summary>
internal static class JsonNumber
{
    /// <summary>
    /// Whether the text is a number: an optional "-", digits without a superfluous leading zero, optional fraction and
    /// exponent. A leading zero makes a code (02134), not a number.
    /// </summary>
    /// <param name="text">The text.</param>
    /// <param name="isInteger">Whether it has neither fraction nor exponent.</param>
    public static bool IsNumber(ReadOnlySpan<byte> text, out bool isInteger)
    {
        isInteger = false;
        ReadOnlySpan<byte> rest = text is [(byte)'-', ..] ? text[1..] : text;
        int whole = CountDigits(rest);
        if (whole > 1 && rest[0] == '0')
        {
            return false;
        }

        rest = rest[whole..];
        int fraction = 0;
        bool hasPoint = rest is [(byte)'.', ..];
        if (hasPoint)
        {
            fraction = CountDigits(rest[1..]);
            rest = rest[(1 + fraction)..];
        }

        if (whole + fraction == 0)
        {
            return false;
        }

        if (rest is [(byte)'e' or (byte)'E', ..])
        {
            rest = rest[1..];
            rest = rest is [(byte)'+' or (byte)'-', ..] ? rest[1..] : rest;
            int exponent = CountDigits(rest);
            return exponent > 0 && exponent == rest.Length;
        }

        isInteger = !hasPoint;
        return rest.IsEmpty;
    }

    public static bool TryParseLong(ReadOnlySpan<byte> text, out long value)
    {
        value = 0;
        return Utf8Parser.TryParse(text, out value, out int consumed) && consumed == text.Length && text[0] != '+';
    }

    public static bool TryParseDouble(ReadOnlySpan<byte> text, out double value)
    {
        if (IsNumber(text, out _))
        {
            return double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out value) &&
                double.IsFinite(value);
        }

        return TryParseSpecial(text, out value);
    }

    public static bool TryParseFloat(ReadOnlySpan<byte> text, out float value)
    {
        if (IsNumber(text, out _))
        {
            return float.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out value) &&
                float.IsFinite(value);
        }

        bool parsed = TryParseSpecial(text, out double special);
        value = (float)special;
        return parsed;
    }

    /// <summary>An exact decimal: false where it has more digits than the type, in all or after the point.</summary>
    public static bool TryParseDecimal(ReadOnlySpan<byte> text, int precision, int scale, out Int128 unscaled)
    {
        unscaled = 0;
        return text is not [(byte)'+', ..] && DecimalParser.TryParseExact(text, precision, scale, out unscaled);
    }

    private static bool TryParseSpecial(ReadOnlySpan<byte> text, out double value)
    {
        value = text switch
        {
            _ when text.SequenceEqual("NaN"u8) => double.NaN,
            _ when text.SequenceEqual("Infinity"u8) => double.PositiveInfinity,
            _ when text.SequenceEqual("-Infinity"u8) => double.NegativeInfinity,
            _ => 0,
        };
        return value != 0;
    }

    private static int CountDigits(ReadOnlySpan<byte> text)
    {
        int count = text.IndexOfAnyExceptInRange((byte)'0', (byte)'9');
        return count < 0 ? text.Length : count;
    }
}
