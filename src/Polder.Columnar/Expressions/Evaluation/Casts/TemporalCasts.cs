using System;
using System.Numerics;
using Polder.Columns.Kernels;
using Polder.Columns.Values;

namespace Polder.Expressions.Evaluation.Casts;

/// <summary>A day as the instant, or the reading, of its midnight; false out of 64 bits.</summary>
internal readonly struct DayToTimestamp(Zone zone) : IUnaryOperator<int, long>
{
    private readonly Zone _zone = zone;

    /// <inheritdoc />
    public bool TryApply(int input, out long result)
    {
        Int128 local = (Int128)input * CivilCalendar.MicrosPerDay;
        bool fits = local == (long)local;
        result = fits ? _zone.ToInstant((long)local) : 0;
        return fits;
    }
}

/// <summary>The day that a timestamp lies in.</summary>
internal readonly struct TimestampToDay(Zone zone) : IUnaryOperator<long, int>
{
    private readonly Zone _zone = zone;

    /// <inheritdoc />
    public bool TryApply(long input, out int result)
    {
        result = (int)CivilCalendar.DayOf(_zone.ToLocal(input));
        return true;
    }
}

/// <summary>An instant as a reading.</summary>
internal readonly struct InstantToLocal(Zone zone) : IUnaryOperator<long, long>
{
    private readonly Zone _zone = zone;

    /// <inheritdoc />
    public bool TryApply(long input, out long result)
    {
        result = _zone.ToLocal(input);
        return true;
    }
}

/// <summary>A reading as an instant.</summary>
internal readonly struct LocalToInstant(Zone zone) : IUnaryOperator<long, long>
{
    private readonly Zone _zone = zone;

    /// <inheritdoc />
    public bool TryApply(long input, out long result)
    {
        result = _zone.ToInstant(input);
        return true;
    }
}

/// <summary>Seconds as an instant, held at the ends of the range.</summary>
internal readonly struct SecondsToTimestamp<T> : IUnaryOperator<T, long>
    where T : unmanaged, IBinaryInteger<T>
{
    /// <inheritdoc />
    public bool TryApply(T input, out long result)
    {
        result = long.CreateSaturating((Int128)long.CreateTruncating(input) * CivilCalendar.MicrosPerSecond);
        return true;
    }
}

/// <summary>
/// Seconds with a fraction as an instant, cut off after microseconds; false out of range and for NaN.
/// </summary>
internal readonly struct FloatToTimestamp<T> : IUnaryOperator<T, long>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <inheritdoc />
    public bool TryApply(T input, out long result)
    {
        double micros = double.CreateTruncating(input) * CivilCalendar.MicrosPerSecond;
        bool fits = Math.Floor(micros) <= long.MaxValue && Math.Ceiling(micros) >= long.MinValue;
        result = fits ? long.CreateSaturating(micros) : 0;
        return fits;
    }
}

/// <summary>
/// Seconds with a fraction as an instant, cut off after microseconds; wraps. Beyond 34 digits the product is rounded
/// to them first, as in Spark, whose context of multiplication has that precision.
/// </summary>
internal readonly struct DecimalToTimestamp(int scale) : IUnaryOperator<Int128, long>
{
    private readonly int _scale = scale;

    /// <inheritdoc />
    public bool TryApply(Int128 input, out long result)
    {
        result = DecimalMath.Fits(input, 28)
            ? unchecked((long)(input * CivilCalendar.MicrosPerSecond / DecimalMath.Power(_scale)))
            : Convert(input, _scale);
        return true;
    }

    private static long Convert(Int128 input, int scale)
    {
        BigInteger product = (BigInteger)input * CivilCalendar.MicrosPerSecond;
        int excess = 0;
        while (BigInteger.Abs(product) >= BigInteger.Pow(10, 34 + excess))
        {
            excess++;
        }

        BigInteger unit = BigInteger.Pow(10, excess);
        BigInteger rounded = BigInteger.DivRem(product, unit, out BigInteger rest);
        int half = (BigInteger.Abs(rest) * 2).CompareTo(unit);
        if (excess > 0 && (half > 0 || (half == 0 && !rounded.IsEven)))
        {
            rounded += product.Sign;
        }

        BigInteger micros = rounded * unit / BigInteger.Pow(10, scale);
        return unchecked((long)(ulong)(micros & ulong.MaxValue));
    }
}

/// <summary>Whole units of microseconds, rounded down; false where the target does not hold them.</summary>
internal readonly struct MicrosToInteger<T>(long unit, bool floors) : IUnaryOperator<long, T>
    where T : unmanaged, IBinaryInteger<T>
{
    private readonly long _unit = unit;
    private readonly bool _floors = floors;

    /// <inheritdoc />
    public bool TryApply(long input, out T result)
    {
        long whole = _floors ? CivilCalendar.FloorDivide(input, _unit) : input / _unit;
        result = T.CreateTruncating(whole);
        return long.CreateTruncating(result) == whole;
    }
}

/// <summary>Microseconds as seconds in floating point.</summary>
internal readonly struct MicrosToFloat<T> : IUnaryOperator<long, T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <inheritdoc />
    public bool TryApply(long input, out T result)
    {
        result = T.CreateTruncating(input / (double)CivilCalendar.MicrosPerSecond);
        return true;
    }
}

/// <summary>Microseconds as a decimal of seconds, or of whole units; false where it does not fit.</summary>
internal readonly struct MicrosToDecimal(long unit, int unitScale, int precision, int scale)
    : IUnaryOperator<long, Int128>
{
    private readonly long _unit = unit;
    private readonly int _unitScale = unitScale;
    private readonly int _precision = precision;
    private readonly int _scale = scale;

    /// <inheritdoc />
    public bool TryApply(long input, out Int128 result) =>
        DecimalMath.TryRescale(input / _unit, _unitScale, _precision, _scale, out result);
}

/// <summary>Months, or whole years, as a number; false where the target does not hold them.</summary>
internal readonly struct MonthsToInteger<T>(int unit) : IUnaryOperator<int, T>
    where T : unmanaged, IBinaryInteger<T>
{
    private readonly int _unit = unit;

    /// <inheritdoc />
    public bool TryApply(int input, out T result)
    {
        int whole = input / _unit;
        result = T.CreateTruncating(whole);
        return int.CreateTruncating(result) == whole;
    }
}

/// <summary>Months, or whole years, as a decimal; false where it does not fit.</summary>
internal readonly struct MonthsToDecimal(int unit, int precision, int scale) : IUnaryOperator<int, Int128>
{
    private readonly int _unit = unit;
    private readonly int _precision = precision;
    private readonly int _scale = scale;

    /// <inheritdoc />
    public bool TryApply(int input, out Int128 result) =>
        DecimalMath.TryRescale(input / _unit, 0, _precision, _scale, out result);
}

/// <summary>A number of units as an interval; false out of range.</summary>
internal readonly struct IntegerToInterval<TFrom, TTo>(long unit) : IUnaryOperator<TFrom, TTo>
    where TFrom : unmanaged, IBinaryInteger<TFrom>
    where TTo : unmanaged, IBinaryInteger<TTo>
{
    private readonly long _unit = unit;

    /// <inheritdoc />
    public bool TryApply(TFrom input, out TTo result)
    {
        Int128 total = (Int128)long.CreateTruncating(input) * _unit;
        result = TTo.CreateTruncating(total);
        return Int128.CreateTruncating(result) == total;
    }
}

/// <summary>A decimal number of units as an interval, HALF_UP; false out of range.</summary>
internal readonly struct DecimalToInterval<TTo>(int scale, long unit) : IUnaryOperator<Int128, TTo>
    where TTo : unmanaged, IBinaryInteger<TTo>
{
    private readonly int _scale = scale;
    private readonly long _unit = unit;

    /// <inheritdoc />
    public bool TryApply(Int128 input, out TTo result)
    {
        bool fits = DecimalMath.TryMultiply(input, _scale, _unit, 0, 38, 0, out Int128 total);
        result = TTo.CreateTruncating(total);
        return fits && Int128.CreateTruncating(result) == total;
    }
}

/// <summary>An interval without what is finer than its last field.</summary>
internal readonly struct TruncateInterval<T>(long unit) : IUnaryOperator<T, T>
    where T : unmanaged, IBinaryInteger<T>
{
    private readonly T _unit = T.CreateTruncating(unit);

    /// <inheritdoc />
    public bool TryApply(T input, out T result)
    {
        result = input - (input % _unit);
        return true;
    }
}
