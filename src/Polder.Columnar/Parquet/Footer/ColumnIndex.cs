using System;
using Polder.Parquet.Format;

namespace Polder.Parquet.Footer;

/// <summary>Bounds of the data pages of one chunk, in the order of its offset index.</summary>
internal sealed class ColumnIndex
{
    private ColumnIndex(ReadOnlyMemory<byte>[] minimums, ReadOnlyMemory<byte>[] maximums, bool[] nullPages)
    {
        Minimums = minimums;
        Maximums = maximums;
        NullPages = nullPages;
    }

    /// <summary>PLAIN bytes of a bound per page; of a page of nulls nothing.</summary>
    public ReadOnlyMemory<ReadOnlyMemory<byte>> Minimums { get; }

    /// <summary>PLAIN bytes of a bound per page; of a page of nulls nothing.</summary>
    public ReadOnlyMemory<ReadOnlyMemory<byte>> Maximums { get; }

    /// <summary>Whether a page holds nulls only.</summary>
    public ReadOnlyMemory<bool> NullPages { get; }

    /// <summary>Whether the bounds ascend or descend from page to page.</summary>
    public BoundaryOrder Order { get; private init; }

    /// <summary>Nulls of each page; empty where not written.</summary>
    public ReadOnlyMemory<long> NullCounts { get; private init; }

    /// <summary>Decodes the struct; the bounds share its bytes.</summary>
    /// <param name="bytes">The bytes that the footer points to.</param>
    /// <param name="limits">What the input may ask for.</param>
    /// <param name="fileOffset">Where the bytes stand in their file, for messages.</param>
    /// <exception cref="CorruptFileException">The bytes are no column index, or its lists differ in length.</exception>
    public static ColumnIndex Decode(ReadOnlyMemory<byte> bytes, Limits limits, long fileOffset)
    {
        CompactReader reader = new(bytes.Span, limits, fileOffset);
        bool[]? nullPages = null;
        ReadOnlyMemory<byte>[]? minimums = null, maximums = null;
        BoundaryOrder order = BoundaryOrder.Unordered;
        long[] nullCounts = [];
        short fieldId = 0;
        while (reader.ReadField(ref fieldId, out CompactType type))
        {
            switch (fieldId)
            {
                case 1:
                    nullPages = DecodeFlags(ref reader, type);
                    break;
                case 2:
                    minimums = DecodeBounds(ref reader, type, bytes);
                    break;
                case 3:
                    maximums = DecodeBounds(ref reader, type, bytes);
                    break;
                case 4:
                    order = (BoundaryOrder)reader.ReadInt32(type);
                    break;
                case 5:
                    nullCounts = DecodeCounts(ref reader, type);
                    break;
                default:
                    reader.Skip(type);
                    break;
            }
        }

        if (nullPages is null || minimums?.Length != nullPages.Length || maximums?.Length != nullPages.Length
            || (nullCounts.Length != 0 && nullCounts.Length != nullPages.Length))
        {
            throw reader.Corrupt("a column index whose lists differ in length");
        }

        return new ColumnIndex(minimums, maximums, nullPages) { Order = order, NullCounts = nullCounts };
    }

    private static bool[] DecodeFlags(ref CompactReader reader, CompactType listType)
    {
        bool[] flags = new bool[reader.ReadListHeader(listType, out CompactType elementType)];
        if (flags.Length > 0 && elementType is not (CompactType.True or CompactType.False))
        {
            throw reader.Corrupt($"expected a list of booleans, found one of {elementType}");
        }

        for (int flagIndex = 0; flagIndex < flags.Length; flagIndex++)
        {
            flags[flagIndex] = reader.ReadBoolElement();
        }

        return flags;
    }

    private static ReadOnlyMemory<byte>[] DecodeBounds(
        ref CompactReader reader, CompactType listType, ReadOnlyMemory<byte> source)
    {
        int count = reader.ReadListHeader(listType, out CompactType elementType);
        ReadOnlyMemory<byte>[] bounds = new ReadOnlyMemory<byte>[count];
        for (int boundIndex = 0; boundIndex < count; boundIndex++)
        {
            (int start, int length) = reader.ReadBinaryRange(elementType);
            bounds[boundIndex] = source.Slice(start, length);
        }

        return bounds;
    }

    private static long[] DecodeCounts(ref CompactReader reader, CompactType listType)
    {
        long[] counts = new long[reader.ReadListHeader(listType, out CompactType elementType)];
        for (int countIndex = 0; countIndex < counts.Length; countIndex++)
        {
            counts[countIndex] = reader.ReadCount(elementType);
        }

        return counts;
    }
}
