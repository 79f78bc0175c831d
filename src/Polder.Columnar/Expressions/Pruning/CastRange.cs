using System;
using Polder.Columns;

namespace Polder.Expressions.Pruning;

/// <summary>Carries bounds through casts that keep the order of values; others lose them.</summary>
internal sealed class CastRange
{
    private const long MicrosecondsPerDay = 86_400_000_000;

    public CastRange(bool sessionIsUtc)
    {
        SessionIsUtc = sessionIsUtc;
    }

    /// <summary>Whether moments and days meet in UTC.</summary>
    public bool SessionIsUtc { get; }

    /// <summary>
    /// A bound of the values after the cast; null where unknown. A bound that the cast refuses is unknown too: the
    /// rows beyond it raise an error or become null.
    /// </summary>
    public object? Map(object bound, DataType from, DataType to, bool lower)
    {
        if (from.Equals(to) || (from.IsText && to.IsText))
        {
            return bound;
        }

        if (from.IsNumeric && to.IsNumeric)
        {
            return MapNumber(bound, from, to, lower);
        }

        object? moved = (bound, from.Kind, to.Kind) switch
        {
            (int days, TypeKind.Date, TypeKind.Timestamp or TypeKind.TimestampNtz) =>
                ToLong((Int128)days * MicrosecondsPerDay),
            (long moment, TypeKind.Timestamp or TypeKind.TimestampNtz, TypeKind.Date) =>
                (int)long.Clamp(FloorDivide(moment, MicrosecondsPerDay), int.MinValue, int.MaxValue),
            (long, TypeKind.Timestamp or TypeKind.TimestampNtz, TypeKind.Timestamp or TypeKind.TimestampNtz) => bound,
            (long instant, TypeKind.Timestamp, TypeKind.Long) => FloorDivide(instant, 1_000_000),
            _ => null,
        };
        return moved is null || !GoesThroughZone(from, to) ? moved : AddSlack(moved, lower);
    }

    private bool GoesThroughZone(DataType from, DataType to) =>
        !SessionIsUtc && to.Kind != TypeKind.Long &&
        (from.Kind == TypeKind.Timestamp) != (to.Kind == TypeKind.Timestamp);

    /// <summary>No zone is more than a day from UTC.</summary>
    private static object? AddSlack(object bound, bool lower) => bound switch
    {
        int days => (object)(int)long.Clamp(days + (lower ? -1L : 1L), int.MinValue, int.MaxValue),
        long moment => ToLong(moment + (Int128)(lower ? -MicrosecondsPerDay : MicrosecondsPerDay)),
        _ => null,
    };

    private static object? MapNumber(object bound, DataType from, DataType to, bool lower)
    {
        switch (bound)
        {
            case double or float:
                double floating = bound is float single ? single : (double)bound;
                return to.Kind switch
                {
                    TypeKind.Double => floating,
                    TypeKind.Float => (float)floating,
                    TypeKind.Decimal => null,
                    _ => double.Abs(floating) < 1e18 ? ToIntegral((Int128)double.Truncate(floating), to) : null,
                };
            case Int128 unscaled:
                return FromExact(unscaled, from.Scale, to, lower);
            default:
                Int128 whole = bound switch
                {
                    sbyte value => value,
                    short value => value,
                    int value => value,
                    long value => value,
                    _ => throw new ArgumentException("no number", nameof(bound)),
                };
                return FromExact(whole, 0, to, lower);
        }
    }

    private static object? FromExact(Int128 unscaled, int scale, DataType to, bool lower)
    {
        switch (to.Kind)
        {
            case TypeKind.Decimal:
                return Rescale(unscaled, scale, to);
            case TypeKind.Double or TypeKind.Float:
                // Division of two exact doubles rounds once; beyond that, a little outwards, so that it does not
                // matter how the conversion rounds.
                double near = (double)unscaled / double.Pow(10, scale);
                bool exact = scale <= 22 && Int128.Abs(unscaled) <= 1L << 53;
                double margin = exact ? 0 : (double.Abs(near) * 1e-15) + double.Epsilon;
                double outside = lower ? near - margin : near + margin;
                return to.Kind == TypeKind.Double ? outside
                    : exact && scale == 0 ? (float)outside
                    : lower ? float.BitDecrement((float)outside) : float.BitIncrement((float)outside);
            default:
                return ToIntegral(unscaled / PowerOfTen(scale), to);
        }
    }

    /// <summary>The decimal at another scale, rounded half up; null where it has too many digits.</summary>
    private static Int128? Rescale(Int128 unscaled, int scale, DataType to)
    {
        if (to.Scale < scale)
        {
            Int128 unit = PowerOfTen(scale - to.Scale);
            (Int128 whole, Int128 rest) = Int128.DivRem(unscaled, unit);
            bool up = Int128.Abs(rest) >= unit - Int128.Abs(rest);
            unscaled = whole + (up ? Int128.Sign(unscaled) : 0);
        }
        else
        {
            for (int digit = scale; digit < to.Scale; digit++)
            {
                if (Int128.Abs(unscaled) > Int128.MaxValue / 10)
                {
                    return null;
                }

                unscaled *= 10;
            }
        }

        return Int128.Abs(unscaled) < PowerOfTen(to.Precision) ? unscaled : null;
    }

    private static object? ToIntegral(Int128 value, DataType to) => to.Kind switch
    {
        TypeKind.Byte when value >= sbyte.MinValue && value <= sbyte.MaxValue => (object)(sbyte)value,
        TypeKind.Short when value >= short.MinValue && value <= short.MaxValue => (object)(short)value,
        TypeKind.Integer when value >= int.MinValue && value <= int.MaxValue => (object)(int)value,
        TypeKind.Long => ToLong(value),
        _ => null,
    };

    private static long? ToLong(Int128 value) =>
        value >= long.MinValue && value <= long.MaxValue ? (long)value : null;

    private static Int128 PowerOfTen(int exponent)
    {
        Int128 power = 1;
        for (int digit = 0; digit < exponent; digit++)
        {
            power *= 10;
        }

        return power;
    }

    private static long FloorDivide(long value, long unit) => (value / unit) - (value % unit < 0 ? 1 : 0);
}
