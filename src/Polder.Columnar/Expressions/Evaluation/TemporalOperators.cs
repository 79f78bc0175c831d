using System;
using System.Numerics;
using Polder.Columns.Kernels;
using Polder.Columns.Values;

namespace Polder.Expressions.Evaluation;

/// <summary>A number in a wider or narrower one, bits cut off.</summary>
internal readonly struct Truncate<TFrom, TTo> : IUnaryOperator<TFrom, TTo>
    where TFrom : unmanaged, INumberBase<TFrom>
    where TTo : unmanaged, INumberBase<TTo>
{
    /// <inheritdoc />
    public bool TryApply(TFrom input, out TTo result)
    {
        result = TTo.CreateTruncating(input);
        return true;
    }
}

/// <summary>A day some months later or earlier; false out of 32 bits.</summary>
internal readonly struct DayPlusMonths(int sign) : IBinaryOperator<int, int, int>
{
    private readonly int _sign = sign;

    /// <inheritdoc />
    public bool TryApply(int left, int right, out int result)
    {
        long day = CivilCalendar.AddMonths(left, (long)_sign * right);
        result = (int)day;
        return day == result;
    }
}

/// <summary>A day later or earlier by the whole days of an interval; wraps.</summary>
internal readonly struct DayPlusMicros(int sign) : IBinaryOperator<int, long, int>
{
    private readonly int _sign = sign;

    /// <inheritdoc />
    public bool TryApply(int left, long right, out int result)
    {
        result = unchecked(left + (_sign * (int)(right / CivilCalendar.MicrosPerDay)));
        return true;
    }
}

/// <summary>A day later or earlier by a calendar interval; false for a part of a day, or out of range.</summary>
internal readonly struct DayPlusCalendar(int sign) : IBinaryOperator<int, RawInterval, int>
{
    private readonly int _sign = sign;

    /// <inheritdoc />
    public bool TryApply(int left, RawInterval right, out int result)
    {
        long day = CivilCalendar.AddMonths(left, (long)_sign * right.Months) + ((long)_sign * right.Days);
        result = (int)day;
        return day == result && right.Micros == 0;
    }
}

/// <summary>
/// A timestamp later or earlier by months, days and microseconds: the first two on the local calendar.
/// </summary>
internal static class TimestampMath
{
    /// <summary>Adds; false out of 64 bits.</summary>
    public static bool TryAdd(long instant, long months, long days, Int128 micros, Zone zone, out long result)
    {
        long moved = instant;
        result = 0;
        if (months != 0 || days != 0)
        {
            long offset = zone.OffsetAt(instant);
            Int128 local = (Int128)instant + offset;
            if (local != (long)local)
            {
                return false;
            }

            long day = CivilCalendar.AddMonths(CivilCalendar.DayOf((long)local), months) + days;
            Int128 newLocal = ((Int128)day * CivilCalendar.MicrosPerDay) + CivilCalendar.TimeOf((long)local);
            if (newLocal != (long)newLocal)
            {
                return false;
            }

            moved = zone.ToInstant((long)newLocal, offset);
        }

        Int128 total = moved + micros;
        result = unchecked((long)total);
        return total == result;
    }
}

/// <summary>A timestamp some months later or earlier.</summary>
internal readonly struct TimestampPlusMonths(int sign, Zone zone) : IBinaryOperator<long, int, long>
{
    private readonly int _sign = sign;
    private readonly Zone _zone = zone;

    /// <inheritdoc />
    public bool TryApply(long left, int right, out long result) =>
        TimestampMath.TryAdd(left, (long)_sign * right, 0, 0, _zone, out result);
}

/// <summary>A timestamp later or earlier by whole days on the local calendar and then the rest.</summary>
internal readonly struct TimestampPlusMicros(int sign, Zone zone) : IBinaryOperator<long, long, long>
{
    private readonly int _sign = sign;
    private readonly Zone _zone = zone;

    /// <inheritdoc />
    public bool TryApply(long left, long right, out long result)
    {
        if (_zone.IsUtc)
        {
            Int128 total = left + ((Int128)_sign * right);
            result = unchecked((long)total);
            return total == result;
        }

        long days = right / CivilCalendar.MicrosPerDay;
        return TimestampMath.TryAdd(
            left, 0, _sign * days, (Int128)_sign * (right - (days * CivilCalendar.MicrosPerDay)), _zone, out result);
    }
}

/// <summary>A timestamp later or earlier by a calendar interval.</summary>
internal readonly struct TimestampPlusCalendar(int sign, Zone zone) : IBinaryOperator<long, RawInterval, long>
{
    private readonly int _sign = sign;
    private readonly Zone _zone = zone;

    /// <inheritdoc />
    public bool TryApply(long left, RawInterval right, out long result) => TimestampMath.TryAdd(
        left, (long)_sign * right.Months, (long)_sign * right.Days, (Int128)_sign * right.Micros, _zone, out result);
}

/// <summary>A time of day later or earlier; false beyond the day.</summary>
internal readonly struct TimePlusMicros(int sign) : IBinaryOperator<long, long, long>
{
    private readonly int _sign = sign;

    /// <inheritdoc />
    public bool TryApply(long left, long right, out long result)
    {
        Int128 time = left + ((Int128)_sign * right);
        result = unchecked((long)time);
        return time >= 0 && time < CivilCalendar.MicrosPerDay;
    }
}

/// <summary>Microseconds from one day to another; false out of 64 bits.</summary>
internal readonly struct DaysBetween : IBinaryOperator<int, int, long>
{
    /// <inheritdoc />
    public bool TryApply(int left, int right, out long result)
    {
        Int128 micros = (Int128)((long)left - right) * CivilCalendar.MicrosPerDay;
        result = unchecked((long)micros);
        return micros == result;
    }
}

/// <summary>Microseconds between two local readings; false out of 64 bits.</summary>
internal readonly struct TimestampsBetween(Zone zone) : IBinaryOperator<long, long, long>
{
    private readonly Zone _zone = zone;

    /// <inheritdoc />
    public bool TryApply(long left, long right, out long result)
    {
        Int128 micros = (Int128)left + _zone.OffsetAt(left) - right - _zone.OffsetAt(right);
        result = unchecked((long)micros);
        return micros == result;
    }
}

/// <summary>A whole interval times or by a number, half rounded away from zero; false out of range.</summary>
internal readonly struct IntervalScale<TInterval, TNumber>(int numberScale, bool divides)
    : IBinaryOperator<TInterval, TNumber, TInterval>
    where TInterval : unmanaged, IBinaryInteger<TInterval>, IMinMaxValue<TInterval>
    where TNumber : unmanaged, INumber<TNumber>
{
    private readonly int _numberScale = numberScale;
    private readonly bool _divides = divides;

    /// <inheritdoc />
    public bool TryApply(TInterval left, TNumber right, out TInterval result)
    {
        Int128 exact;
        bool isDefined = typeof(TNumber) == typeof(double)
            ? TryScale(double.CreateTruncating(left), double.CreateTruncating(right), out exact)
            : TryScale(Int128.CreateTruncating(left), Int128.CreateTruncating(right), out exact);
        result = TInterval.CreateTruncating(exact);
        return isDefined && Int128.CreateTruncating(result) == exact;
    }

    private bool TryScale(double interval, double number, out Int128 result)
    {
        double exact = _divides ? interval / number : interval * number;
        double rounded = Math.Round(exact, MidpointRounding.AwayFromZero);
        bool isInRange = double.Abs(rounded) < 1e19 && (!_divides || number != 0);
        result = isInRange ? (Int128)rounded : 0;
        return isInRange;
    }

    private bool TryScale(Int128 interval, Int128 number, out Int128 result) => _divides
        ? DecimalMath.TryDivide(interval, 0, number, _numberScale, 38, 0, out result)
        : DecimalMath.TryMultiply(interval, 0, number, _numberScale, 38, 0, out result);
}

/// <summary>left + right or left - right of calendar intervals, part by part; false out of range.</summary>
internal readonly struct CalendarSum(int sign) : IBinaryOperator<RawInterval, RawInterval, RawInterval>
{
    private readonly int _sign = sign;

    /// <inheritdoc />
    public bool TryApply(RawInterval left, RawInterval right, out RawInterval result) => RawInterval.TryCreate(
        left.Months + ((long)_sign * right.Months),
        left.Days + ((long)_sign * right.Days),
        left.Micros + (_sign * right.Micros),
        out result);
}

/// <summary>
/// A calendar interval times or by a double: fractions of months are dropped, of days become microseconds.
/// </summary>
internal readonly struct CalendarScale(bool divides) : IBinaryOperator<RawInterval, double, RawInterval>
{
    private readonly bool _divides = divides;

    /// <inheritdoc />
    public bool TryApply(RawInterval left, double right, out RawInterval result)
    {
        result = default;
        if (!double.IsFinite(right) || (_divides && right == 0))
        {
            return false;
        }

        double months = _divides ? left.Months / right : left.Months * right;
        double days = _divides ? left.Days / right : left.Days * right;
        double micros = _divides ? left.Micros / right : left.Micros * right;
        if (double.Abs(months) > 1e10 || double.Abs(days) > 1e10)
        {
            return false;
        }

        micros += CivilCalendar.MicrosPerDay * (days - Math.Truncate(days));
        return double.Abs(micros) < 9e18 && RawInterval.TryCreate(
            (long)months, (long)days, (long)Math.Floor(micros + 0.5), out result);
    }
}

/// <summary>-interval, part by part; false out of range.</summary>
internal readonly struct CalendarNegate : IUnaryOperator<RawInterval, RawInterval>
{
    /// <inheritdoc />
    public bool TryApply(RawInterval input, out RawInterval result) =>
        RawInterval.TryCreate(-(long)input.Months, -(long)input.Days, -input.Micros, out result);
}
