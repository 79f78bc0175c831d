using System;
using System.Buffers.Binary;
using System.IO.Hashing;

namespace Polder.Bytes;

/// <summary>A hash of bytes for tables in memory: quick on short keys, never stored.</summary>
internal static class ByteHash
{
    private const ulong FirstKey = 0x9E3779B97F4A7C15;
    private const ulong SecondKey = 0xC2B2AE3D27D4EB4F;

    public static ulong Of(ReadOnlySpan<byte> bytes)
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

        ulong high = Math.BigMul(first ^ FirstKey, second ^ SecondKey ^ (ulong)length, out ulong low);
        return high ^ low;
    }
}
