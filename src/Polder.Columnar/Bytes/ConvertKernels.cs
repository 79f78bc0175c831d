using System;
using System.Numerics;
using System.Runtime.InteropServices;

namespace Polder.Bytes;

/// <summary>Whole numbers in another width.</summary>
internal static class ConvertKernels
{
    /// <summary>
    /// The values in another width, cut to it as two's complement where they do not fit; false where any did not.
    /// </summary>
    public static bool Integers<TFrom, TTo>(ReadOnlySpan<TFrom> source, Span<TTo> destination)
        where TFrom : unmanaged, IBinaryInteger<TFrom>
        where TTo : unmanaged, IBinaryInteger<TTo>
    {
        destination = destination[..source.Length];
        bool fits = true;
        int done = 0;
        if (typeof(TFrom) == typeof(int) && typeof(TTo) == typeof(long))
        {
            done = Widen(MemoryMarshal.Cast<TFrom, int>(source), MemoryMarshal.Cast<TTo, long>(destination));
        }
        else if (typeof(TFrom) == typeof(short) && typeof(TTo) == typeof(int))
        {
            done = Widen(MemoryMarshal.Cast<TFrom, short>(source), MemoryMarshal.Cast<TTo, int>(destination));
        }
        else if (typeof(TFrom) == typeof(long) && typeof(TTo) == typeof(int))
        {
            done = Narrow(
                MemoryMarshal.Cast<TFrom, long>(source), MemoryMarshal.Cast<TTo, int>(destination), ref fits);
        }
        else if (typeof(TFrom) == typeof(int) && typeof(TTo) == typeof(short))
        {
            done = Narrow(
                MemoryMarshal.Cast<TFrom, int>(source), MemoryMarshal.Cast<TTo, short>(destination), ref fits);
        }

        return IntegersScalar(source[done..], destination[done..]) && fits;
    }

    /// <summary>The truth.</summary>
    public static bool IntegersScalar<TFrom, TTo>(ReadOnlySpan<TFrom> source, Span<TTo> destination)
        where TFrom : unmanaged, IBinaryInteger<TFrom>
        where TTo : unmanaged, IBinaryInteger<TTo>
    {
        bool fits = true;
        for (int row = 0; row < source.Length; row++)
        {
            destination[row] = TTo.CreateTruncating(source[row]);
            fits &= TFrom.CreateTruncating(destination[row]) == source[row];
        }

        return fits;
    }

    private static int Widen(ReadOnlySpan<int> source, Span<long> destination)
    {
        int row = 0;
        for (; row + Vector<int>.Count <= source.Length; row += Vector<int>.Count)
        {
            Vector.Widen(new Vector<int>(source[row..]), out Vector<long> low, out Vector<long> high);
            low.CopyTo(destination[row..]);
            high.CopyTo(destination[(row + Vector<long>.Count)..]);
        }

        return row;
    }

    private static int Widen(ReadOnlySpan<short> source, Span<int> destination)
    {
        int row = 0;
        for (; row + Vector<short>.Count <= source.Length; row += Vector<short>.Count)
        {
            Vector.Widen(new Vector<short>(source[row..]), out Vector<int> low, out Vector<int> high);
            low.CopyTo(destination[row..]);
            high.CopyTo(destination[(row + Vector<int>.Count)..]);
        }

        return row;
    }

    private static int Narrow(ReadOnlySpan<long> source, Span<int> destination, ref bool fits)
    {
        int row = 0;
        for (; row + Vector<int>.Count <= source.Length; row += Vector<int>.Count)
        {
            Vector<long> low = new(source[row..]);
            Vector<long> high = new(source[(row + Vector<long>.Count)..]);
            Vector<int> narrow = Vector.Narrow(low, high);
            Vector.Widen(narrow, out Vector<long> lowAgain, out Vector<long> highAgain);
            fits &= low == lowAgain && high == highAgain;
            narrow.CopyTo(destination[row..]);
        }

        return row;
    }

    private static int Narrow(ReadOnlySpan<int> source, Span<short> destination, ref bool fits)
    {
        int row = 0;
        for (; row + Vector<short>.Count <= source.Length; row += Vector<short>.Count)
        {
            Vector<int> low = new(source[row..]);
            Vector<int> high = new(source[(row + Vector<int>.Count)..]);
            Vector<short> narrow = Vector.Narrow(low, high);
            Vector.Widen(narrow, out Vector<int> lowAgain, out Vector<int> highAgain);
            fits &= low == lowAgain && high == highAgain;
            narrow.CopyTo(destination[row..]);
        }

        return row;
    }
}
