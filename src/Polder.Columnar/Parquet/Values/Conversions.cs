using System;
using System.Runtime.InteropServices;

namespace Polder.Parquet.Values;

/// <summary>Values as the file stores them to values as the column holds them.</summary>
internal interface IConversion<TWire, TOut>
    where TWire : unmanaged
    where TOut : unmanaged
{
    /// <summary>Whether both are the same bits, so that values may be decoded in place.</summary>
    static virtual bool IsIdentity => false;

    /// <summary>Converts as many values as there are; the destination is at least as long.</summary>
    static abstract void Convert(ReadOnlySpan<TWire> source, Span<TOut> destination);
}

/// <summary>INT96: nanoseconds of the day, then the Julian day.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 4)]
internal readonly struct Int96
{
    /// <summary>The Julian day of 1970-01-01.</summary>
    private const long EpochDay = 2_440_588;

    private const long MicrosPerDay = 86_400_000_000;

    private readonly long _nanosOfDay;
    private readonly uint _julianDay;

    /// <summary>Microseconds since 1970-01-01T00:00:00Z, wrapping where there are more than 64 bits hold.</summary>
    public long ToMicros() =>
        unchecked(((_julianDay - EpochDay) * MicrosPerDay) + Time.FloorDivide(_nanosOfDay, 1000));
}

/// <summary>Arithmetic of time units.</summary>
internal static class Time
{
    /// <summary>The quotient rounded down, for positive divisors.</summary>
    public static long FloorDivide(long value, long divisor)
    {
        long quotient = value / divisor;
        return value % divisor < 0 ? quotient - 1 : quotient;
    }
}

/// <summary>The same bits.</summary>
internal readonly struct Same<T> : IConversion<T, T>
    where T : unmanaged
{
    public static bool IsIdentity => true;

    public static void Convert(ReadOnlySpan<T> source, Span<T> destination) => source.CopyTo(destination);
}

/// <summary>INT(8, signed): the low byte, whatever the rest.</summary>
internal readonly struct ToInt8 : IConversion<int, sbyte>
{
    public static void Convert(ReadOnlySpan<int> source, Span<sbyte> destination)
    {
        for (int index = 0; index < source.Length; index++)
        {
            destination[index] = (sbyte)source[index];
        }
    }
}

/// <summary>INT(16, signed).</summary>
internal readonly struct ToInt16 : IConversion<int, short>
{
    public static void Convert(ReadOnlySpan<int> source, Span<short> destination)
    {
        for (int index = 0; index < source.Length; index++)
        {
            destination[index] = (short)source[index];
        }
    }
}

/// <summary>INT(8, unsigned).</summary>
internal readonly struct UInt8ToInt16 : IConversion<int, short>
{
    public static void Convert(ReadOnlySpan<int> source, Span<short> destination)
    {
        for (int index = 0; index < source.Length; index++)
        {
            destination[index] = (byte)source[index];
        }
    }
}

/// <summary>INT(16, unsigned).</summary>
internal readonly struct UInt16ToInt32 : IConversion<int, int>
{
    public static void Convert(ReadOnlySpan<int> source, Span<int> destination)
    {
        for (int index = 0; index < source.Length; index++)
        {
            destination[index] = (ushort)source[index];
        }
    }
}

/// <summary>INT(32, unsigned).</summary>
internal readonly struct UInt32ToInt64 : IConversion<int, long>
{
    public static void Convert(ReadOnlySpan<int> source, Span<long> destination)
    {
        for (int index = 0; index < source.Length; index++)
        {
            destination[index] = (uint)source[index];
        }
    }
}

/// <summary>INT(64, unsigned), as decimal(20,0).</summary>
internal readonly struct UInt64ToDecimal : IConversion<long, Int128>
{
    public static void Convert(ReadOnlySpan<long> source, Span<Int128> destination)
    {
        for (int index = 0; index < source.Length; index++)
        {
            destination[index] = (ulong)source[index];
        }
    }
}

/// <summary>DECIMAL of up to nine digits.</summary>
internal readonly struct Int32ToDecimal : IConversion<int, Int128>
{
    public static void Convert(ReadOnlySpan<int> source, Span<Int128> destination)
    {
        for (int index = 0; index < source.Length; index++)
        {
            destination[index] = source[index];
        }
    }
}

/// <summary>DECIMAL of up to eighteen digits.</summary>
internal readonly struct Int64ToDecimal : IConversion<long, Int128>
{
    public static void Convert(ReadOnlySpan<long> source, Span<Int128> destination)
    {
        for (int index = 0; index < source.Length; index++)
        {
            destination[index] = source[index];
        }
    }
}

/// <summary>TIME in milliseconds.</summary>
internal readonly struct TimeMillisToMicros : IConversion<int, long>
{
    public static void Convert(ReadOnlySpan<int> source, Span<long> destination)
    {
        for (int index = 0; index < source.Length; index++)
        {
            destination[index] = source[index] * 1000L;
        }
    }
}

/// <summary>TIMESTAMP in milliseconds.</summary>
internal readonly struct MillisToMicros : IConversion<long, long>
{
    private const long Most = long.MaxValue / 1000;

    /// <exception cref="UnsupportedFeatureException">An instant lies further off than microseconds reach.</exception>
    public static void Convert(ReadOnlySpan<long> source, Span<long> destination)
    {
        bool isOutside = false;
        for (int index = 0; index < source.Length; index++)
        {
            long value = source[index];
            isOutside |= (ulong)(value + Most) > 2 * (ulong)Most;
            destination[index] = value * 1000;
        }

        if (isOutside)
        {
            throw new UnsupportedFeatureException(
                "a timestamp beyond the years that microseconds reach", "it stands in milliseconds in the file");
        }
    }
}

/// <summary>TIME or TIMESTAMP in nanoseconds; what is finer than microseconds is cut off towards the past.</summary>
internal readonly struct NanosToMicros : IConversion<long, long>
{
    public static void Convert(ReadOnlySpan<long> source, Span<long> destination)
    {
        for (int index = 0; index < source.Length; index++)
        {
            destination[index] = Time.FloorDivide(source[index], 1000);
        }
    }
}

/// <summary>INT96 timestamps.</summary>
internal readonly struct Int96ToMicros : IConversion<Int96, long>
{
    public static void Convert(ReadOnlySpan<Int96> source, Span<long> destination)
    {
        for (int index = 0; index < source.Length; index++)
        {
            destination[index] = source[index].ToMicros();
        }
    }
}
