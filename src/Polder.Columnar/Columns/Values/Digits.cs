using System;

namespace Polder.Columns.Values;

/// <summary>Whole numbers in decimal digits, the shared bottom of all texts of values.</summary>
internal static class Digits
{
    /// <summary>Digits of the greatest number.</summary>
    public const int MaxCount = 20;

    /// <summary>Writes a number with leading zeros up to a width; returns how many digits it has.</summary>
    public static int Write(Span<byte> destination, ulong value, int width)
    {
        int count = int.Max(width, Count(value));
        for (int position = count - 1; position >= 0; position--)
        {
            (value, ulong digit) = Math.DivRem(value, 10);
            destination[position] = (byte)('0' + digit);
        }

        return count;
    }

    private static int Count(ulong value)
    {
        int count = 1;
        for (ulong limit = 10; value >= limit && count < MaxCount; limit *= 10)
        {
            count++;
        }

        return count;
    }
}
