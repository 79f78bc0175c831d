using System;
using System.Collections.Generic;
using System.Globalization;
using System.Numerics;
using Polder.Columns;

namespace Polder.Expressions.Syntax;

/// <summary>The values and types of numeric literals.</summary>
internal static class NumericLiteral
{
    private const int MaximumDecimalDigits = 38;

    /// <summary>The literal a numeric token stands for, with a minus sign before it or not.</summary>
    public static LiteralSyntax Parse(Token token, bool negative, TextSpan span)
    {
        string digits = negative ? "-" + token.Text : token.Text;
        return token.Kind switch
        {
            TokenKind.TinyInt => new(
                (sbyte)ParseSuffixed(digits, sbyte.MinValue, sbyte.MaxValue, DataType.Byte, span), DataType.Byte, span),
            TokenKind.SmallInt => new(
                (short)ParseSuffixed(digits, short.MinValue, short.MaxValue, DataType.Short, span),
                DataType.Short,
                span),
            TokenKind.BigInt => new(
                ParseSuffixed(digits, long.MinValue, long.MaxValue, DataType.Long, span), DataType.Long, span),
            TokenKind.Integer => ParseInteger(digits, span),
            TokenKind.Float => ParseFloat(digits, span),
            TokenKind.Double or TokenKind.Exponent => ParseDouble(digits, span),
            _ => ParseDecimal(digits, span),
        };
    }

    private static LiteralSyntax ParseInteger(string digits, TextSpan span)
    {
        if (int.TryParse(digits, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int small))
        {
            return new LiteralSyntax(small, DataType.Integer, span);
        }

        return long.TryParse(digits, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long wide)
            ? new LiteralSyntax(wide, DataType.Long, span)
            : ParseDecimal(digits, span);
    }

    private static long ParseSuffixed(string digits, long minimum, long maximum, DataType type, TextSpan span) =>
        long.TryParse(digits, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long value) &&
            value >= minimum && value <= maximum
            ? value
            : throw OutOfRange(
                digits,
                minimum.ToString(CultureInfo.InvariantCulture),
                maximum.ToString(CultureInfo.InvariantCulture),
                type,
                span);

    private static LiteralSyntax ParseFloat(string digits, TextSpan span)
    {
        float value = float.Parse(digits, NumberStyles.Float, CultureInfo.InvariantCulture);
        return float.IsFinite(value)
            ? new LiteralSyntax(value, DataType.Float, span)
            : throw OutOfRange(digits, "-3.4028234663852886E+38", "3.4028234663852886E+38", DataType.Float, span);
    }

    private static LiteralSyntax ParseDouble(string digits, TextSpan span)
    {
        double value = double.Parse(digits, NumberStyles.Float, CultureInfo.InvariantCulture);
        return double.IsFinite(value)
            ? new LiteralSyntax(value, DataType.Double, span)
            : throw OutOfRange(digits, "-1.7976931348623157E+308", "1.7976931348623157E+308", DataType.Double, span);
    }

    /// <summary>Exact, with the precision and scale of what is written: <c>0.06</c> is decimal(2,2).</summary>
    private static LiteralSyntax ParseDecimal(string text, TextSpan span)
    {
        ReadOnlySpan<char> mantissa = text;
        int exponent = 0;
        int exponentStart = mantissa.IndexOfAny('e', 'E');
        if (exponentStart >= 0)
        {
            exponent = int.TryParse(
                mantissa[(exponentStart + 1)..], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int e)
                ? e
                : throw PrecisionExceeded(int.MaxValue, span);
            mantissa = mantissa[..exponentStart];
        }

        int point = mantissa.IndexOf('.');
        long scale = (point < 0 ? 0 : mantissa.Length - point - 1) - (long)exponent;
        string digits = point < 0 ? mantissa.ToString() : string.Concat(mantissa[..point], mantissa[(point + 1)..]);
        BigInteger unscaled = BigInteger.Parse(digits, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
        long digitCount = unscaled.IsZero
            ? 1
            : BigInteger.Abs(unscaled).ToString(CultureInfo.InvariantCulture).Length;
        long precision = scale < 0 ? digitCount - scale : long.Max(digitCount, scale);
        if (precision > MaximumDecimalDigits)
        {
            throw PrecisionExceeded(precision, span);
        }

        unscaled *= BigInteger.Pow(10, (int)long.Max(0, -scale));
        return new LiteralSyntax(
            (Int128)unscaled, DataType.Decimal((int)precision, (int)long.Max(0, scale)), span);
    }

    private static QueryException OutOfRange(
        string digits, string minimum, string maximum, DataType type, TextSpan span) =>
        new(
            "INVALID_NUMERIC_LITERAL_RANGE",
            "22003",
            $"the number {digits} is outside the range of {type}, {minimum} to {maximum}",
            new Dictionary<string, string>
            {
                ["rawStrippedQualifier"] = digits,
                ["minValue"] = minimum,
                ["maxValue"] = maximum,
                ["typeName"] = type.ToString(),
            },
            span);

    private static QueryException PrecisionExceeded(long precision, TextSpan span)
    {
        string digits = precision.ToString(CultureInfo.InvariantCulture);
        return new QueryException(
            "DECIMAL_PRECISION_EXCEEDS_MAX_PRECISION",
            "22003",
            $"a decimal of {digits} digits exceeds the maximum of 38",
            new Dictionary<string, string> { ["precision"] = digits, ["maxPrecision"] = "38" },
            span);
    }
}
