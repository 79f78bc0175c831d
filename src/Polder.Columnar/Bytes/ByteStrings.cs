using System;
using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Polder.Bytes;

/// <summary>Byte strings between offsets, in the order of unsigned bytes: for UTF-8 that of code points.</summary>
/// <param name="offsets">One more than strings.</param>
/// <param name="bytes">What the offsets point into.</param>
internal readonly ref struct ByteStrings(ReadOnlySpan<int> offsets, ReadOnlySpan<byte> bytes)
{
    private readonly ReadOnlySpan<int> _offsets = offsets;
    private readonly ReadOnlySpan<byte> _bytes = bytes;

    /// <summary>Number of strings.</summary>
    public int Count => _offsets.Length - 1;

    /// <summary>One string.</summary>
    public ReadOnlySpan<byte> this[int index] => _bytes[_offsets[index].._offsets[index + 1]];

    /// <summary>Bytes of one string.</summary>
    public int LengthOf(int index) => _offsets[index + 1] - _offsets[index];

    /// <summary>The first eight bytes of a string as a word that orders like them, zeros behind its end.</summary>
    public ulong PrefixOf(int index) => PrefixWord.BigEndian(_bytes, _offsets[index], _offsets[index + 1]);
}

/// <summary>Up to eight bytes as one word.</summary>
internal static class PrefixWord
{
    /// <summary>Bytes from start to end as a word that orders like them: the first on top, zeros behind them.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong BigEndian(ReadOnlySpan<byte> bytes, int start, int end) =>
        BinaryPrimitives.ReverseEndianness(LittleEndian(bytes, start, end));

    /// <summary>Bytes from start to end as a word, the first at the bottom, zeros behind them.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong LittleEndian(ReadOnlySpan<byte> bytes, int start, int end)
    {
        int length = end - start;
        if ((uint)start > (uint)(bytes.Length - sizeof(ulong)) || bytes.Length < sizeof(ulong))
        {
            return LittleEndianScalar(bytes[start..end]);
        }

        // Benefit: one load in place of a loop. Sound because: eight bytes from start on lie inside, as just checked.
        ulong word = Unsafe.ReadUnaligned<ulong>(ref Unsafe.Add(ref MemoryMarshal.GetReference(bytes), start));
        word = BitConverter.IsLittleEndian ? word : BinaryPrimitives.ReverseEndianness(word);
        return length >= sizeof(ulong) ? word : word & ((1UL << (8 * length)) - 1);
    }

    /// <summary>The truth.</summary>
    public static ulong LittleEndianScalar(ReadOnlySpan<byte> bytes)
    {
        ulong word = 0;
        for (int index = int.Min(sizeof(ulong), bytes.Length) - 1; index >= 0; index--)
        {
            word = (word << 8) | bytes[index];
        }

        return word;
    }
}

/// <summary>Compares byte strings into bitmaps, a word of eight bytes first.</summary>
internal static class ByteStringKernels
{
    /// <summary>
    /// bits[i] tells whether left[i] = right[i]; either side may be one string for all. Eight results a byte, the last
    /// byte padded with zeros.
    /// </summary>
    public static void Equal(ByteStrings left, ByteStrings right, int count, Span<byte> bits)
    {
        int leftStep = left.Count == 1 ? 0 : 1;
        int rightStep = right.Count == 1 ? 0 : 1;
        for (int start = 0; start < count; start += 8)
        {
            int packed = 0;
            for (int row = start; row < int.Min(start + 8, count); row++)
            {
                packed |= (AreEqual(left, row * leftStep, right, row * rightStep) ? 1 : 0) << (row - start);
            }

            bits[start >> 3] = (byte)packed;
        }
    }

    /// <summary>bits[i] tells whether left[i] &lt; right[i], or ≤; otherwise as <see cref="Equal"/>.</summary>
    public static void Less(ByteStrings left, ByteStrings right, bool orEqual, int count, Span<byte> bits)
    {
        int leftStep = left.Count == 1 ? 0 : 1;
        int rightStep = right.Count == 1 ? 0 : 1;
        int limit = orEqual ? 1 : 0;
        for (int start = 0; start < count; start += 8)
        {
            int packed = 0;
            for (int row = start; row < int.Min(start + 8, count); row++)
            {
                bool holds = Compare(left, row * leftStep, right, row * rightStep) < limit;
                packed |= (holds ? 1 : 0) << (row - start);
            }

            bits[start >> 3] = (byte)packed;
        }
    }

    /// <summary>bits[i] tells whether values[i] begins with the prefix; otherwise as <see cref="Equal"/>.</summary>
    public static void StartsWith(ByteStrings values, ReadOnlySpan<byte> prefix, Span<byte> bits)
    {
        int firstLength = int.Min(prefix.Length, sizeof(ulong));
        ulong first = PrefixWord.LittleEndianScalar(prefix);
        ulong mask = firstLength == sizeof(ulong) ? ulong.MaxValue : (1UL << (8 * firstLength)) - 1;
        ulong wanted = BinaryPrimitives.ReverseEndianness(first);
        ulong wantedMask = BinaryPrimitives.ReverseEndianness(mask);
        for (int start = 0; start < values.Count; start += 8)
        {
            int packed = 0;
            for (int row = start; row < int.Min(start + 8, values.Count); row++)
            {
                bool holds = values.LengthOf(row) >= prefix.Length && (values.PrefixOf(row) & wantedMask) == wanted &&
                    (prefix.Length <= sizeof(ulong) || values[row].StartsWith(prefix));
                packed |= (holds ? 1 : 0) << (row - start);
            }

            bits[start >> 3] = (byte)packed;
        }
    }

    /// <summary>Where the least and the greatest of the strings stand whose bit is set; -1 where none is.</summary>
    public static (int Least, int Greatest) FindBounds(ByteStrings values, ReadOnlySpan<byte> bits, int bitOffset)
    {
        int least = -1;
        int greatest = -1;
        ulong leastPrefix = 0;
        ulong greatestPrefix = 0;
        for (int row = 0; row < values.Count; row++)
        {
            if (!bits.IsEmpty && !Bitmap.Get(bits, bitOffset + row))
            {
                continue;
            }

            // The prefix decides for most without touching the bounds.
            ulong prefix = values.PrefixOf(row);
            if (least < 0 || prefix < leastPrefix || (prefix == leastPrefix && IsLess(values, row, least)))
            {
                least = row;
                leastPrefix = prefix;
            }

            if (greatest < 0 || prefix > greatestPrefix || (prefix == greatestPrefix && IsLess(values, greatest, row)))
            {
                greatest = row;
                greatestPrefix = prefix;
            }
        }

        return (least, greatest);
    }

    private static bool IsLess(ByteStrings values, int first, int second) =>
        values[first].SequenceCompareTo(values[second]) < 0;

    private static bool AreEqual(ByteStrings left, int leftRow, ByteStrings right, int rightRow)
    {
        int length = left.LengthOf(leftRow);
        return length == right.LengthOf(rightRow) && left.PrefixOf(leftRow) == right.PrefixOf(rightRow) &&
            (length <= sizeof(ulong) ||
                left[leftRow][sizeof(ulong)..].SequenceEqual(right[rightRow][sizeof(ulong)..]));
    }

    private static int Compare(ByteStrings left, int leftRow, ByteStrings right, int rightRow)
    {
        ulong leftPrefix = left.PrefixOf(leftRow);
        ulong rightPrefix = right.PrefixOf(rightRow);
        return leftPrefix == rightPrefix
            ? left[leftRow].SequenceCompareTo(right[rightRow])
            : leftPrefix < rightPrefix ? -1 : 1;
    }
}
