using System;
using System.Buffers.Binary;
using System.IO.Hashing;
using System.Numerics;

namespace Polder.Bytes;

/// <summary>
/// Hashes for tables in memory, never stored: words by one 128-bit product folded in half, which mixes all bits; bytes
/// likewise where they are few.
/// </summary>
internal static class Hash64
{
    private const ulong FirstOdd = 0x9E3779B97F4A7C15;
    private const ulong SecondOdd = 0xD6E8FEB86659FD93;
    private const ulong ThirdOdd = 0xC2B2AE3D27D4EB4F;

    /// <summary>The hash of two words, in this order.</summary>
    public static ulong Words(ulong first, ulong second)
    {
        ulong high = Math.BigMul(first ^ (second * SecondOdd) ^ SecondOdd, FirstOdd, out ulong low);
        return high ^ low;
    }

    /// <summary>The hash of bytes.</summary>
    public static ulong Bytes(ReadOnlySpan<byte> bytes)
    {
        int length = bytes.Length;
        if (length > 16)
        {
            return XxHash3.HashToUInt64(bytes);
        }

        ulong first, second;
        if (length >= 8)
        {
            first = BinaryPrimitives.ReadUInt64LittleEndian(bytes);
            second = BinaryPrimitives.ReadUInt64LittleEndian(bytes[(length - 8)..]);
        }
        else if (length >= 4)
        {
            first = BinaryPrimitives.ReadUInt32LittleEndian(bytes);
            second = BinaryPrimitives.ReadUInt32LittleEndian(bytes[(length - 4)..]);
        }
        else
        {
            first = length == 0 ? 0 : (ulong)(bytes[0] | (bytes[length >> 1] << 8) | (bytes[length - 1] << 16));
            second = 0;
        }

        ulong high = Math.BigMul(first ^ FirstOdd, second ^ ThirdOdd ^ (ulong)length, out ulong low);
        return high ^ low;
    }

    /// <summary>Mixes one value into the hash of each row: hashes[i] = Words(hashes[i], values[i]).</summary>
    public static void Mix<T>(ReadOnlySpan<T> values, Span<ulong> hashes)
        where T : unmanaged, IBinaryInteger<T>
    {
        hashes = hashes[..values.Length];
        for (int row = 0; row < values.Length; row++)
        {
            hashes[row] = Words(hashes[row], ulong.CreateTruncating(values[row]));
        }
    }
}
