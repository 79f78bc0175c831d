using System;
using System.Globalization;
using System.Numerics;
using Polder.Bytes;
using Polder.Columns.Values;

namespace Polder.Columns.Kernels;

/// <summary>A whole number in another width; false where it does not fit.</summary>
internal readonly struct IntegerToInteger<TFrom, TTo> : ISpanOperator<TFrom, TTo>
    where TFrom : unmanaged, IBinaryInteger<TFrom>
    where TTo : unmanaged, IBinaryInteger<TTo>
{
    /// <inheritdoc />
    public bool TryApply(TFrom input, out TTo result)
    {
        result = TTo.CreateTruncating(input);
        return TFrom.CreateTruncating(result) == input;
    }

    /// <inheritdoc />
    public bool TryApplyAll(ReadOnlySpan<TFrom> inputs, Span<TTo> results) =>
        ConvertKernels.Integers(inputs, results);
}

/// <summary>A number as floating point, rounded to nearest.</summary>
internal readonly struct NumberToFloat<TFrom, TTo> : IUnaryOperator<TFrom, TTo>
    where TFrom : unmanaged, INumberBase<TFrom>
    where TTo : unmanaged, IBinaryFloatingPointIeee754<TTo>
{
    /// <inheritdoc />
    public bool TryApply(TFrom input, out TTo result)
    {
        result = TTo.CreateTruncating(input);
        return true;
    }
}

/// <summary>The whole part of floating point; false where it does not fit, and for NaN.</summary>
internal readonly struct FloatToInteger<TFrom, TTo> : IUnaryOperator<TFrom, TTo>
    where TFrom : unmanaged, IBinaryFloatingPointIeee754<TFrom>
    where TTo : unmanaged, IBinaryInteger<TTo>, IMinMaxValue<TTo>
{
    private static readonly double Minimum = double.CreateTruncating(TTo.MinValue);
    private static readonly double Maximum = double.CreateTruncating(TTo.MaxValue);

    /// <inheritdoc />
    public bool TryApply(TFrom input, out TTo result)
    {
        // 2^63 passes for bigint and becomes the largest: so it is compared in Spark.
        double whole = Math.Truncate(double.CreateTruncating(input));
        bool fits = whole >= Minimum && whole <= Maximum;
        result = fits ? TTo.CreateSaturating(whole) : default;
        return fits;
    }
}

/// <summary>A whole number as a decimal; false where it does not fit.</summary>
internal readonly struct IntegerToDecimal<TFrom>(int precision, int scale) : IUnaryOperator<TFrom, Int128>
    where TFrom : unmanaged, IBinaryInteger<TFrom>
{
    private readonly int _precision = precision;
    private readonly int _scale = scale;

    /// <inheritdoc />
    public bool TryApply(TFrom input, out Int128 result) =>
        DecimalMath.TryRescale(Int128.CreateTruncating(input), 0, _precision, _scale, out result);
}

/// <summary>Floating point as a decimal, by way of the shortest text; false where it does not fit.</summary>
internal readonly struct FloatToDecimal<TFrom>(int precision, int scale) : IUnaryOperator<TFrom, Int128>
    where TFrom : unmanaged, IBinaryFloatingPointIeee754<TFrom>
{
    private readonly int _precision = precision;
    private readonly int _scale = scale;

    /// <inheritdoc />
    public bool TryApply(TFrom input, out Int128 result)
    {
        result = 0;
        if (!TFrom.IsFinite(input))
        {
            return false;
        }

        // Seventeen digits at most: the text of a double needs no more, and its digits fit a long.
        double value = double.CreateTruncating(input);
        Span<byte> text = stackalloc byte[32];
        bool isWritten = value.TryFormat(text, out int length, "R", CultureInfo.InvariantCulture);
        return isWritten && DecimalParser.TryParseShort(text[..length], out long digits, out int scale) && scale >= 0
            ? DecimalMath.TryRescale(digits, scale, _precision, _scale, out result)
            : DecimalParser.ParseFloat(value).TryRescale(_precision, _scale, out result);
    }
}

/// <summary>A decimal at another precision and scale, HALF_UP; false where it does not fit.</summary>
internal readonly struct DecimalToDecimal(int fromScale, int precision, int scale) : IUnaryOperator<Int128, Int128>
{
    private readonly int _fromScale = fromScale;
    private readonly int _precision = precision;
    private readonly int _scale = scale;

    /// <inheritdoc />
    public bool TryApply(Int128 input, out Int128 result) =>
        DecimalMath.TryRescale(input, _fromScale, _precision, _scale, out result);
}

/// <summary>The whole part of a decimal; false where it does not fit.</summary>
internal readonly struct DecimalToInteger<TTo>(int scale) : IUnaryOperator<Int128, TTo>
    where TTo : unmanaged, IBinaryInteger<TTo>
{
    private readonly Int128 _unit = DecimalMath.Power(scale);

    /// <inheritdoc />
    public bool TryApply(Int128 input, out TTo result)
    {
        Int128 whole = input / _unit;
        result = TTo.CreateTruncating(whole);
        return Int128.CreateTruncating(result) == whole;
    }
}

/// <summary>The double nearest to a decimal.</summary>
internal readonly struct DecimalToDouble(int scale) : IUnaryOperator<Int128, double>
{
    private readonly int _scale = scale;

    /// <summary>The double nearest to unscaled × 10^-scale.</summary>
    public static double Convert(Int128 unscaled, int scale)
    {
        // Both exact, hence one rounding.
        if (scale <= 22 && unscaled >= -(1L << 53) && unscaled <= 1L << 53)
        {
            return (double)(long)unscaled / Math.Pow(10, scale);
        }

        Span<byte> text = stackalloc byte[64];
        return double.Parse(text[..Write(unscaled, scale, text)], CultureInfo.InvariantCulture);
    }

    /// <summary>Writes unscaled, E and the exponent.</summary>
    public static int Write(Int128 unscaled, int scale, Span<byte> text)
    {
        unscaled.TryFormat(text, out int length, default, CultureInfo.InvariantCulture);
        "E-"u8.CopyTo(text[length..]);
        scale.TryFormat(text[(length + 2)..], out int digits, default, CultureInfo.InvariantCulture);
        return length + 2 + digits;
    }

    /// <inheritdoc />
    public bool TryApply(Int128 input, out double result)
    {
        result = Convert(input, _scale);
        return true;
    }
}

/// <summary>The float nearest to a decimal.</summary>
internal readonly struct DecimalToFloat(int scale) : IUnaryOperator<Int128, float>
{
    private readonly int _scale = scale;

    /// <inheritdoc />
    public bool TryApply(Int128 input, out float result)
    {
        Span<byte> text = stackalloc byte[64];
        int length = DecimalToDouble.Write(input, _scale, text);
        result = float.Parse(text[..length], CultureInfo.InvariantCulture);
        return true;
    }
}
