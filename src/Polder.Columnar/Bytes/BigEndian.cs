using System;
using System.Buffers.Binary;

namespace Polder.Bytes;

/// <summary>Big-endian two's complement integers of any length, as Parquet keeps decimals.</summary>
internal static class BigEndian
{
    /// <summary>One value of 1 to 16 bytes, its sign extended; zero of no bytes.</summary>
    public static Int128 Read(ReadOnlySpan<byte> bytes)
    {
        Int128 value = bytes.Length > 0 && bytes[0] >= 0x80 ? Int128.NegativeOne : Int128.Zero;
        foreach (byte next in bytes)
        {
            value = (value << 8) | next;
        }

        return value;
    }

    /// <summary>Values of one length, back to back: 1 to 16 bytes each.</summary>
    public static void ReadAll(ReadOnlySpan<byte> source, int width, Span<Int128> destination)
    {
        int shift = 128 - (8 * width);
        int index = 0;

        // Sixteen bytes are read for each, those behind the value shifted out again.
        for (int at = 0; index < destination.Length && at + 16 <= source.Length; index++, at += width)
        {
            ReadOnlySpan<byte> bytes = source.Slice(at, 16);
            Int128 value = new(
                BinaryPrimitives.ReadUInt64BigEndian(bytes), BinaryPrimitives.ReadUInt64BigEndian(bytes[8..]));
            destination[index] = value >> shift;
        }

        for (; index < destination.Length; index++)
        {
            destination[index] = Read(source.Slice(index * width, width));
        }
    }
}
