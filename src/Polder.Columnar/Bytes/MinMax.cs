using System;
using System.Numerics;

namespace Polder.Bytes;

/// <summary>The least and the greatest of many numbers.</summary>
internal static class MinMax
{
    /// <summary>Values at a time where those under set bits are put together first.</summary>
    private const int PartLength = 256;

    /// <summary>The least and greatest of at least one integer.</summary>
    public static void OfIntegers<T>(ReadOnlySpan<T> values, out T minimum, out T maximum)
        where T : unmanaged, IBinaryInteger<T>
    {
        minimum = maximum = values[0];
        int index = 0;
        if (Vector<T>.IsSupported && values.Length >= Vector<T>.Count)
        {
            Vector<T> least = new(values);
            Vector<T> greatest = least;
            for (index = Vector<T>.Count; index <= values.Length - Vector<T>.Count; index += Vector<T>.Count)
            {
                Vector<T> next = new(values[index..]);
                least = Vector.Min(least, next);
                greatest = Vector.Max(greatest, next);
            }

            for (int lane = 0; lane < Vector<T>.Count; lane++)
            {
                minimum = T.Min(minimum, least[lane]);
                maximum = T.Max(maximum, greatest[lane]);
            }
        }

        for (; index < values.Length; index++)
        {
            minimum = values[index] < minimum ? values[index] : minimum;
            maximum = values[index] > maximum ? values[index] : maximum;
        }
    }

    /// <summary>The least and greatest of the values that are not NaN; NaN where none is. -0 is below +0.</summary>
    public static void OfNumbers<T>(ReadOnlySpan<T> values, out T minimum, out T maximum)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        minimum = maximum = T.NaN;
        int index = 0;
        if (values.Length >= Vector<T>.Count)
        {
            Vector<T> least = new(values);
            Vector<T> greatest = least;
            for (index = Vector<T>.Count; index <= values.Length - Vector<T>.Count; index += Vector<T>.Count)
            {
                Vector<T> next = new(values[index..]);
                least = Vector.MinNumber(least, next);
                greatest = Vector.MaxNumber(greatest, next);
            }

            for (int lane = 0; lane < Vector<T>.Count; lane++)
            {
                minimum = T.MinNumber(minimum, least[lane]);
                maximum = T.MaxNumber(maximum, greatest[lane]);
            }
        }

        for (; index < values.Length; index++)
        {
            minimum = T.MinNumber(minimum, values[index]);
            maximum = T.MaxNumber(maximum, values[index]);
        }
    }

    /// <summary>
    /// The least and greatest of the integers whose bit is set, of which there is at least one; of all where there is
    /// no bitmap.
    /// </summary>
    public static void OfIntegers<T>(
        ReadOnlySpan<T> values, ReadOnlySpan<byte> bits, int bitOffset, out T minimum, out T maximum)
        where T : unmanaged, IBinaryInteger<T>
    {
        if (bits.IsEmpty)
        {
            OfIntegers(values, out minimum, out maximum);
            return;
        }

        Span<T> kept = stackalloc T[PartLength];
        bool any = false;
        minimum = maximum = default;
        for (int start = 0; start < values.Length; start += PartLength)
        {
            ReadOnlySpan<T> part = values.Slice(start, int.Min(PartLength, values.Length - start));
            int count = FilterKernels.Values(part, bits, bitOffset + start, kept);
            if (count > 0)
            {
                OfIntegers<T>(kept[..count], out T least, out T greatest);
                minimum = any ? T.Min(minimum, least) : least;
                maximum = any ? T.Max(maximum, greatest) : greatest;
                any = true;
            }
        }
    }

    /// <summary>
    /// The least and greatest of the numbers whose bit is set and that are not NaN, NaN where none is; of all where
    /// there is no bitmap. Returns how many of them are NaN.
    /// </summary>
    public static int OfNumbers<T>(
        ReadOnlySpan<T> values, ReadOnlySpan<byte> bits, int bitOffset, out T minimum, out T maximum)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (bits.IsEmpty)
        {
            OfNumbers(values, out minimum, out maximum);
            return CountNaN(values);
        }

        Span<T> kept = stackalloc T[PartLength];
        minimum = maximum = T.NaN;
        int notNumbers = 0;
        for (int start = 0; start < values.Length; start += PartLength)
        {
            ReadOnlySpan<T> part = values.Slice(start, int.Min(PartLength, values.Length - start));
            int count = FilterKernels.Values(part, bits, bitOffset + start, kept);
            if (count > 0)
            {
                OfNumbers<T>(kept[..count], out T least, out T greatest);
                minimum = T.MinNumber(minimum, least);
                maximum = T.MaxNumber(maximum, greatest);
                notNumbers += CountNaN<T>(kept[..count]);
            }
        }

        return notNumbers;
    }

    /// <summary>How many values are NaN.</summary>
    public static int CountNaN<T>(ReadOnlySpan<T> values)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int count = 0;
        int index = 0;
        for (; index <= values.Length - Vector<T>.Count; index += Vector<T>.Count)
        {
            Vector<T> next = new(values[index..]);
            if (!Vector.EqualsAll(next, next))
            {
                count += CountNaNScalar(values.Slice(index, Vector<T>.Count));
            }
        }

        return count + CountNaNScalar(values[index..]);
    }

    private static int CountNaNScalar<T>(ReadOnlySpan<T> values)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int count = 0;
        foreach (T value in values)
        {
            count += T.IsNaN(value) ? 1 : 0;
        }

        return count;
    }
}
