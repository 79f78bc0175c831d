using System;
using Polder.Bytes;

namespace Polder.Columns.Flat;

/// <summary>Booleans as Arrow has them, a bit each, and as spans have them, a byte each.</summary>
internal static class NestedBits
{
    /// <summary>A byte, 0 or 1, for each of the bits.</summary>
    public static byte[] ToBytes(ReadOnlySpan<byte> bits, int offset, int count)
    {
        byte[] bytes = new byte[count];
        for (int index = 0; index < count; index++)
        {
            bytes[index] = Bitmap.Get(bits, offset + index) ? (byte)1 : (byte)0;
        }

        return bytes;
    }

    /// <summary>A bit for each of the bytes.</summary>
    public static byte[] FromBytes(ReadOnlySpan<byte> bytes)
    {
        byte[] bits = new byte[Bitmap.SizeBytes(bytes.Length)];
        for (int index = 0; index < bytes.Length; index++)
        {
            if (bytes[index] != 0)
            {
                Bitmap.Set(bits, index);
            }
        }

        return bits;
    }
}
