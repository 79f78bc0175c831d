using System;
using System.Collections.Generic;

namespace Polder.Tests.Bytes.Kernels;

/// <summary>The kernels as one would say them: bit after bit, value after value.</summary>
internal static class NaiveKernels
{
    public static ulong Unpack(ReadOnlySpan<byte> source, int bitOffset, int width, int index)
    {
        ulong value = 0;
        for (int bit = 0; bit < width; bit++)
        {
            long at = bitOffset + ((long)index * width) + bit;
            value |= (ulong)((source[(int)(at >> 3)] >> (int)(at & 7)) & 1) << bit;
        }

        return value;
    }

    public static T[] Spread<T>(ReadOnlySpan<T> dense, IReadOnlyList<bool> validity)
        where T : unmanaged
    {
        T[] slots = new T[validity.Count];
        int taken = 0;
        for (int slot = 0; slot < slots.Length; slot++)
        {
            slots[slot] = validity[slot] ? dense[taken++] : default;
        }

        return slots;
    }

    public static byte[] ToBitmap(IReadOnlyList<bool> bits, int offset)
    {
        byte[] bitmap = new byte[((offset + bits.Count + 7) / 8) + 1];
        for (int index = 0; index < bits.Count; index++)
        {
            bitmap[(offset + index) / 8] |= (byte)((bits[index] ? 1 : 0) << ((offset + index) % 8));
        }

        return bitmap;
    }
}
