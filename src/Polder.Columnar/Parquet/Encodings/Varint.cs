using System;

namespace Polder.Parquet.Encodings;

/// <summary>Integers of seven bits a byte, the lowest first.</summary>
internal static class Varint
{
    /// <summary>Reads one of up to 32 bits.</summary>
    /// <exception cref="CorruptFileException">The data ends in it, or it is longer.</exception>
    public static uint ReadUInt32(ReadOnlySpan<byte> data, ref int position)
    {
        ulong value = ReadUInt64(data, ref position);
        return value <= uint.MaxValue ? (uint)value : throw TooLong();
    }

    /// <summary>Reads one of up to 64 bits.</summary>
    /// <exception cref="CorruptFileException">The data ends in it, or it is longer.</exception>
    public static ulong ReadUInt64(ReadOnlySpan<byte> data, ref int position)
    {
        ulong value = 0;
        for (int shift = 0; shift < 70; shift += 7)
        {
            if ((uint)position >= (uint)data.Length)
            {
                throw new CorruptFileException("encoded data ends inside a number");
            }

            byte next = data[position++];
            value |= (ulong)(next & 0x7F) << shift;
            if (next < 0x80)
            {
                return value;
            }
        }

        throw TooLong();
    }

    /// <summary>Reads a zigzag-encoded signed one.</summary>
    /// <exception cref="CorruptFileException">The data ends in it, or it is longer.</exception>
    public static long ReadZigZag(ReadOnlySpan<byte> data, ref int position)
    {
        ulong value = ReadUInt64(data, ref position);
        return (long)(value >> 1) ^ -(long)(value & 1);
    }

    private static CorruptFileException TooLong() => new("a number of more bytes than its type has");
}
