using System.Numerics;

namespace Polder.Bytes;

/// <summary>The lengths that a pool keeps: 1, 1.25, 1.5 and 1.75 times each power of two from 4 KiB to 1 GiB.</summary>
internal static class SizeClass
{
    private const int SmallestShift = 9;

    /// <summary>How many classes there are up to 1 GiB.</summary>
    public static int Count => IndexOf(1 << 30) + 1;

    /// <summary>The smallest of 1, 1.25, 1.5 and 1.75 times a power of two that holds the length.</summary>
    public static int LengthFor(int minimumLength)
    {
        int shift = int.Max(0, BitOperations.Log2((uint)minimumLength - 1) - 2);
        return (int)((((long)minimumLength - 1) >> shift) + 1) << shift;
    }

    /// <summary>Where a class of that length, at least 4 KiB, stands among all.</summary>
    public static int IndexOf(int classLength)
    {
        int shift = BitOperations.Log2((uint)classLength - 1) - 2;
        return ((shift - SmallestShift) * 4) + (classLength >> shift) - 5;
    }
}
