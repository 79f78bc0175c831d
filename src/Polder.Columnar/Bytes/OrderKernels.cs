using System;
using System.Numerics;
using System.Runtime.InteropServices;

namespace Polder.Bytes;

/// <summary>Numbers as unsigned words that order as the numbers do.</summary>
internal static class OrderKernels
{
    // .NET's own NaN has its sign bit set; with it cleared it orders behind infinity.
    private const ulong PositiveNaN = 0x7FF8000000000000;
    private const uint PositiveFloatNaN = 0x7FC00000;

    /// <summary>Whole numbers of up to 64 bits: the sign flipped, in the low bits of the word.</summary>
    public static void Integers<T>(ReadOnlySpan<T> values, Span<ulong> words)
        where T : unmanaged, IBinaryInteger<T>
    {
        words = words[..values.Length];
        int bitWidth = 8 * ByteCast.SizeOf<T>();
        ulong mask = ulong.MaxValue >> (64 - bitWidth);
        ulong sign = 1UL << (bitWidth - 1);
        int row = 0;
        if (typeof(T) == typeof(long))
        {
            ReadOnlySpan<ulong> source = MemoryMarshal.Cast<T, ulong>(values);
            Vector<ulong> signs = new(sign);
            for (; row + Vector<ulong>.Count <= source.Length; row += Vector<ulong>.Count)
            {
                (new Vector<ulong>(source[row..]) ^ signs).CopyTo(words[row..]);
            }
        }

        for (; row < values.Length; row++)
        {
            words[row] = (ulong.CreateTruncating(values[row]) & mask) ^ sign;
        }
    }

    /// <summary>Doubles: NaN greatest and both zeros equal.</summary>
    public static void Doubles(ReadOnlySpan<double> values, Span<ulong> words)
    {
        words = words[..values.Length];
        for (int row = 0; row < values.Length; row++)
        {
            double value = values[row];
            ulong bits = double.IsNaN(value) ? PositiveNaN : BitConverter.DoubleToUInt64Bits(value + 0.0);
            words[row] = (long)bits < 0 ? ~bits : bits ^ (1UL << 63);
        }
    }

    /// <summary>Floats likewise, in the low half of the word.</summary>
    public static void Floats(ReadOnlySpan<float> values, Span<ulong> words)
    {
        words = words[..values.Length];
        for (int row = 0; row < values.Length; row++)
        {
            float value = values[row];
            uint bits = float.IsNaN(value) ? PositiveFloatNaN : BitConverter.SingleToUInt32Bits(value + 0f);
            words[row] = (int)bits < 0 ? ~bits : bits ^ (1U << 31);
        }
    }
}
