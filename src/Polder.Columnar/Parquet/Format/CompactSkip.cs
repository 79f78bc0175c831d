using System;

namespace Polder.Parquet.Format;

/// <summary>
/// The fast way over structs of Thrift's compact protocol that nobody wants: no value is made of what it passes.
/// </summary>
internal static class CompactSkip
{
    private const int LongestVarint = 10;

    /// <summary>Where the struct ends; -1 where it is broken, ends early or is out of the ordinary.</summary>
    public static int TryStruct(ReadOnlySpan<byte> bytes, int position, int depthLeft)
    {
        if (depthLeft == 0)
        {
            return -1;
        }

        while ((uint)position < (uint)bytes.Length)
        {
            int header = bytes[position++];
            if ((header & 0x0F) == (int)CompactType.Stop)
            {
                return position;
            }

            // A field id that does not follow the one before is written out.
            position = header < 0x10 ? SkipVarint(bytes, position) : position;
            if (position >= 0)
            {
                position = SkipValue(bytes, position, (CompactType)(header & 0x0F), depthLeft);
            }
        }

        return -1;
    }

    private static int SkipValue(ReadOnlySpan<byte> bytes, int position, CompactType type, int depthLeft)
    {
        switch (type)
        {
            case CompactType.True or CompactType.False:
                return position;
            case CompactType.Byte:
                return position + 1;
            case CompactType.Int16 or CompactType.Int32 or CompactType.Int64:
                return SkipVarint(bytes, position);
            case CompactType.Double:
                return position + 8;
            case CompactType.Binary:
                return SkipBinary(bytes, position);
            case CompactType.List or CompactType.Set:
                return SkipList(bytes, position, depthLeft);
            case CompactType.Struct:
                return TryStruct(bytes, position, depthLeft - 1);
            default:
                return -1;
        }
    }

    private static int SkipVarint(ReadOnlySpan<byte> bytes, int position)
    {
        int end = position + LongestVarint;
        while ((uint)position < (uint)bytes.Length && position < end)
        {
            if (bytes[position++] < 0x80)
            {
                return position;
            }
        }

        return -1;
    }

    // Of lengths only those that take two bytes: whatever is longer is looked at with care.
    private static int SkipBinary(ReadOnlySpan<byte> bytes, int position)
    {
        if ((uint)(position + 1) >= (uint)bytes.Length)
        {
            return -1;
        }

        int first = bytes[position], second = bytes[position + 1];
        return first < 0x80 ? position + 1 + first
            : second < 0x80 ? position + 2 + (first & 0x7F) + (second << 7)
            : -1;
    }

    private static int SkipList(ReadOnlySpan<byte> bytes, int position, int depthLeft)
    {
        if ((uint)position >= (uint)bytes.Length)
        {
            return -1;
        }

        int header = bytes[position++];
        int count = header >> 4;
        if (count == 15)
        {
            if ((uint)position >= (uint)bytes.Length || bytes[position] >= 0x80)
            {
                return -1;
            }

            count = bytes[position++];
        }

        CompactType type = (CompactType)(header & 0x0F);
        for (; count > 0 && position >= 0; count--)
        {
            // A boolean takes a byte in a list, none in a field.
            position = type is CompactType.True or CompactType.False
                ? position + 1
                : SkipValue(bytes, position, type, depthLeft - 1);
        }

        return position;
    }
}
