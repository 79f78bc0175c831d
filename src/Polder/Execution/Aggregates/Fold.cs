using System;
using System.Numerics;
using Polder.Columns.Kernels;

namespace Polder.Execution.Aggregates;

/// <summary>How an aggregate takes in values of a type and merges states. Static, so that loops inline it.</summary>
internal interface IFold<TState, TValue>
{
    /// <summary>Takes in a value that is not null.</summary>
    static abstract void Add(ref TState state, TValue value);

    /// <summary>Takes in a state of later rows.</summary>
    static abstract void Merge(ref TState state, in TState later);
}

/// <summary>A sum and how many values are in it.</summary>
internal struct Sum<T>
{
    public T Total;
    public long Count;
}

/// <summary>A sum of decimals modulo 2^128, the times it wrapped around, and how many values are in it.</summary>
internal struct DecimalSum
{
    public Int128 Total;
    public long Count;
    public long Wraps;
}

/// <summary>A smallest or largest value so far.</summary>
internal struct Extreme<T>
{
    public T Value;
    public bool HasValue;
}

/// <summary>Sums of integers as long. The runtime's overflow exception becomes Spark's error further up.</summary>
internal readonly struct LongSumFold<T> : IFold<Sum<long>, T>
    where T : IBinaryInteger<T>
{
    public static void Add(ref Sum<long> state, T value)
    {
        state.Total = checked(state.Total + long.CreateTruncating(value));
        state.Count++;
    }

    public static void Merge(ref Sum<long> state, in Sum<long> later)
    {
        state.Total = checked(state.Total + later.Total);
        state.Count += later.Count;
    }
}

/// <summary>Sums of numbers as double, in the order of rows.</summary>
internal readonly struct DoubleSumFold<T> : IFold<Sum<double>, T>
    where T : INumberBase<T>
{
    public static void Add(ref Sum<double> state, T value)
    {
        state.Total += double.CreateTruncating(value);
        state.Count++;
    }

    public static void Merge(ref Sum<double> state, in Sum<double> later)
    {
        state.Total += later.Total;
        state.Count += later.Count;
    }
}

/// <summary>Sums of decimals of at most 18 digits, as doubles of their unscaled values.</summary>
internal readonly struct UnscaledSumFold : IFold<Sum<double>, Int128>
{
    public static void Add(ref Sum<double> state, Int128 value)
    {
        state.Total += (long)value;
        state.Count++;
    }

    public static void Merge(ref Sum<double> state, in Sum<double> later) =>
        DoubleSumFold<double>.Merge(ref state, later);
}

/// <summary>Sums of decimals of at most 18 digits: the low half of each value is all of it.</summary>
internal readonly struct ShortDecimalSumFold : IFold<DecimalSum, Int128>
{
    public static void Add(ref DecimalSum state, Int128 value)
    {
        state.Total += (long)value;
        state.Count++;
    }

    public static void Merge(ref DecimalSum state, in DecimalSum later) =>
        LongDecimalSumFold.Merge(ref state, later);
}

/// <summary>Sums of decimals of at most 28 digits, of which 10^10 fit 128 bits.</summary>
internal readonly struct MiddleDecimalSumFold : IFold<DecimalSum, Int128>
{
    public static void Add(ref DecimalSum state, Int128 value)
    {
        state.Total += value;
        state.Count++;
    }

    public static void Merge(ref DecimalSum state, in DecimalSum later) =>
        LongDecimalSumFold.Merge(ref state, later);
}

/// <summary>
/// Sums of any decimals. The range is checked at the end only, so what passes it in between and comes back counts.
/// </summary>
internal readonly struct LongDecimalSumFold : IFold<DecimalSum, Int128>
{
    public static void Add(ref DecimalSum state, Int128 value)
    {
        AddWrapping(ref state, value);
        state.Count++;
    }

    public static void Merge(ref DecimalSum state, in DecimalSum later)
    {
        AddWrapping(ref state, later.Total);
        state.Wraps += later.Wraps;
        state.Count += later.Count;
    }

    private static void AddWrapping(ref DecimalSum state, Int128 value)
    {
        Int128 total = unchecked(state.Total + value);
        if (Int128.IsNegative((state.Total ^ total) & (value ^ total)))
        {
            state.Wraps += Int128.IsNegative(value) ? -1 : 1;
        }

        state.Total = total;
    }
}

/// <summary>An order of values.</summary>
internal interface IValueOrder<T>
{
    /// <summary>Whether the first stands strictly before the second.</summary>
    static abstract bool IsLess(T first, T second);
}

/// <summary>The order of numbers.</summary>
internal readonly struct NumberOrder<T> : IValueOrder<T>
    where T : IComparisonOperators<T, T, bool>
{
    public static bool IsLess(T first, T second) => first < second;
}

/// <summary>The order of doubles and floats: NaN is largest, both zeros are equal.</summary>
internal readonly struct FloatOrder<T> : IValueOrder<T>
    where T : INumberBase<T>
{
    public static bool IsLess(T first, T second) =>
        RowOrder.CompareDoubles(double.CreateTruncating(first), double.CreateTruncating(second)) < 0;
}

/// <summary>The smallest value; of equal ones the first.</summary>
internal readonly struct MinimumFold<T, TOrder> : IFold<Extreme<T>, T>
    where TOrder : IValueOrder<T>
{
    public static void Add(ref Extreme<T> state, T value)
    {
        if (!state.HasValue || TOrder.IsLess(value, state.Value))
        {
            state.Value = value;
            state.HasValue = true;
        }
    }

    public static void Merge(ref Extreme<T> state, in Extreme<T> later)
    {
        if (later.HasValue)
        {
            Add(ref state, later.Value);
        }
    }
}

/// <summary>The largest value; of equal ones the first.</summary>
internal readonly struct MaximumFold<T, TOrder> : IFold<Extreme<T>, T>
    where TOrder : IValueOrder<T>
{
    public static void Add(ref Extreme<T> state, T value)
    {
        if (!state.HasValue || TOrder.IsLess(state.Value, value))
        {
            state.Value = value;
            state.HasValue = true;
        }
    }

    public static void Merge(ref Extreme<T> state, in Extreme<T> later)
    {
        if (later.HasValue)
        {
            Add(ref state, later.Value);
        }
    }
}
