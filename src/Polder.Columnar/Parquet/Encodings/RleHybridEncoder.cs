using System;
using System.Buffers.Binary;
using Polder.Bytes;

namespace Polder.Parquet.Encodings;

/// <summary>
/// The run-length and bit-packing hybrid (Encodings.md, RLE = 3). Values are looked at in groups of eight: a group of
/// equal values starts a run that goes on as long as they stay equal, all others are packed.
/// </summary>
internal static class RleHybridEncoder
{
    private const int LongestVarint = 5;

    /// <summary>Bits that hold every value up to <paramref name="maximum"/>.</summary>
    public static int WidthOf(int maximum) => 32 - int.LeadingZeroCount(maximum);

    /// <summary>Appends values of 1 to 32 bits.</summary>
    public static void Encode(ReadOnlySpan<int> values, int width, BufferBuilder target)
    {
        int packedFrom = 0;
        int index = 0;
        while (values.Length - index >= 8)
        {
            int first = values[index];
            if (values.Slice(index, 8).ContainsAnyExcept(first))
            {
                index += 8;
                continue;
            }

            PutPacked(values[packedFrom..index], width, target);
            int next = values[(index + 8)..].IndexOfAnyExcept(first);
            int runLength = next < 0 ? values.Length - index : next + 8;
            PutRun(runLength, first, width, target);
            index += runLength;
            packedFrom = index;
        }

        PutPacked(values[packedFrom..], width, target);
    }

    /// <summary>Appends values of 1 to 8 bits held in bytes: levels.</summary>
    public static void Encode(ReadOnlySpan<byte> values, int width, BufferBuilder target)
    {
        int packedFrom = 0;
        int index = 0;
        while (values.Length - index >= 8)
        {
            ulong group = BinaryPrimitives.ReadUInt64LittleEndian(values[index..]);
            byte first = (byte)group;
            if (group != first * 0x0101010101010101UL)
            {
                index += 8;
                continue;
            }

            PutPacked(values[packedFrom..index], width, target);
            int next = values[(index + 8)..].IndexOfAnyExcept(first);
            int runLength = next < 0 ? values.Length - index : next + 8;
            PutRun(runLength, first, width, target);
            index += runLength;
            packedFrom = index;
        }

        PutPacked(values[packedFrom..], width, target);
    }

    /// <summary>Appends values of one bit, from bit 0 of a bitmap: its bytes are the packed form already.</summary>
    public static void EncodeBits(ReadOnlySpan<byte> bits, int count, BufferBuilder target)
    {
        int wholeBytes = count >> 3;
        int packedFrom = 0;
        int index = 0;
        while (index < wholeBytes)
        {
            byte first = bits[index];
            int equalBytes = 0;
            if (first is 0 or 0xFF)
            {
                int next = bits[index..wholeBytes].IndexOfAnyExcept(first);
                equalBytes = next < 0 ? wholeBytes - index : next;
            }

            // A run costs two to five bytes and may cut a packed run in two: it pays from five bytes on.
            if (equalBytes < 5)
            {
                index += int.Max(1, equalBytes);
                continue;
            }

            PutPackedBits(bits[packedFrom..index], target);
            PutRun(equalBytes << 3, first & 1, 1, target);
            index += equalBytes;
            packedFrom = index;
        }

        PutPackedBits(bits[packedFrom..wholeBytes], target);
        if ((count & 7) != 0)
        {
            PutPackedBits([(byte)(bits[wholeBytes] & ((1 << (count & 7)) - 1))], target);
        }
    }

    /// <summary>Appends one value many times.</summary>
    public static void PutRun(int count, int value, int width, BufferBuilder target)
    {
        PutVarint((uint)count << 1, target);
        Span<byte> span = target.GetSpan(4);
        BinaryPrimitives.WriteInt32LittleEndian(span, value);
        target.Advance((width + 7) >> 3);
    }

    private static void PutPacked(ReadOnlySpan<int> values, int width, BufferBuilder target)
    {
        if (values.IsEmpty)
        {
            return;
        }

        int groupCount = (values.Length + 7) >> 3;
        PutVarint(((uint)groupCount << 1) | 1, target);
        Span<byte> span = target.GetSpan((groupCount * width) + BitPacker.SlackBytes);
        int whole = values.Length & ~7;
        BitPacker.Pack(values[..whole], width, span);
        if (whole < values.Length)
        {
            Span<int> last = stackalloc int[8];
            last.Clear();
            values[whole..].CopyTo(last);
            BitPacker.Pack(last, width, span[((whole >> 3) * width)..]);
        }

        target.Advance(groupCount * width);
    }

    private static void PutPacked(ReadOnlySpan<byte> values, int width, BufferBuilder target)
    {
        if (values.IsEmpty)
        {
            return;
        }

        int groupCount = (values.Length + 7) >> 3;
        PutVarint(((uint)groupCount << 1) | 1, target);
        Span<byte> span = target.GetSpan((groupCount * width) + BitPacker.SlackBytes);
        for (int groupIndex = 0; groupIndex < groupCount; groupIndex++)
        {
            ulong packed = BitPacker.PackBytes(LoadGroup(values[(groupIndex << 3)..]), width);
            BinaryPrimitives.WriteUInt64LittleEndian(span[(groupIndex * width)..], packed);
        }

        target.Advance(groupCount * width);
    }

    private static ulong LoadGroup(ReadOnlySpan<byte> values)
    {
        if (values.Length >= 8)
        {
            return BinaryPrimitives.ReadUInt64LittleEndian(values);
        }

        ulong group = 0;
        for (int index = 0; index < values.Length; index++)
        {
            group |= (ulong)values[index] << (index << 3);
        }

        return group;
    }

    private static void PutPackedBits(ReadOnlySpan<byte> bytes, BufferBuilder target)
    {
        if (!bytes.IsEmpty)
        {
            PutVarint(((uint)bytes.Length << 1) | 1, target);
            target.Write(bytes);
        }
    }

    private static void PutVarint(uint value, BufferBuilder target)
    {
        Span<byte> span = target.GetSpan(LongestVarint);
        int length = 0;
        while (value >= 0x80)
        {
            span[length++] = (byte)(value | 0x80);
            value >>= 7;
        }

        span[length++] = (byte)value;
        target.Advance(length);
    }
}
