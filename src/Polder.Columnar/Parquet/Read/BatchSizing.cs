using System.Collections.Generic;
using Polder.Columns;

namespace Polder.Parquet.Read;

/// <summary>How many rows of a row group to decode at a time.</summary>
internal static class BatchSizing
{
    private const int OffsetBytes = 4;
    private const int GuessedTextBytes = 24;
    private const int LargestBufferBytes = 64 << 10;
    private const int UsualRows = 8192;
    private const int FewestTextRows = 1024;
    private const int RowStep = 256;

    /// <summary>Bytes that a row takes when decoded, estimated from the footer; at least 1.</summary>
    public static long RowBytes(IReadOnlyList<LeafPlan> leaves, RowGroupMetadata rowGroup)
    {
        double bytes = 1;
        long rowCount = long.Max(1, rowGroup.RowCount);
        foreach (LeafPlan leaf in leaves)
        {
            ColumnChunkMetadata chunk = rowGroup.Columns[leaf.Leaf.Index];
            double slots = double.Max(1, (double)chunk.ValueCount / rowCount);
            int width = Width(leaf.Type);
            bytes += width > 0
                ? slots * width
                : double.Max(chunk.Sizes?.UnencodedBytes ?? -1, chunk.UncompressedSize) / rowCount +
                    (slots * (OffsetBytes + GuessedTextBytes));
        }

        return (long)double.Min(bytes, long.MaxValue / 4);
    }

    /// <summary>
    /// Rows of a batch: as asked for, half beside a 16-byte column, fewer where values are long: so that a buffer
    /// stays out of the large-object heap, whose collections are of generation 2.
    /// </summary>
    public static int BatchRows(
        IReadOnlyList<LeafPlan> leaves, RowGroupMetadata rowGroup, int wantedRows, int wantedBytes)
    {
        int rows = wantedRows;
        long longest = 0;
        foreach (LeafPlan leaf in leaves)
        {
            if (leaf.Type.Kind is TypeKind.Decimal or TypeKind.WideDecimal)
            {
                rows = int.Max(1, wantedRows / 2);
            }

            longest = long.Max(longest, TextBytes(leaf, rowGroup));
        }

        if (longest > 0)
        {
            // Who asks for larger batches than the usual takes larger buffers too.
            double bufferBytes = (double)LargestBufferBytes * int.Max(1, wantedRows / UsualRows);
            long fitting = (long)(bufferBytes * rowGroup.RowCount / longest);
            rows = (int)long.Min(rows, long.Max(FewestTextRows, fitting / RowStep * RowStep));
        }

        return (int)long.Clamp(wantedBytes / RowBytes(leaves, rowGroup), 1, rows);
    }

    // Bytes of all values of a leaf; where the footer does not say, those of its pages, lengths taken off.
    private static long TextBytes(LeafPlan leaf, RowGroupMetadata rowGroup)
    {
        if (Width(leaf.Type) > 0)
        {
            return 0;
        }

        ColumnChunkMetadata chunk = rowGroup.Columns[leaf.Leaf.Index];
        return chunk.Sizes?.UnencodedBytes is long bytes and >= 0
            ? bytes
            : chunk.UncompressedSize - (OffsetBytes * chunk.ValueCount);
    }

    private static int Width(DataType type) => type.Kind switch
    {
        TypeKind.Decimal => 16,
        TypeKind.WideDecimal => 32,
        TypeKind.Boolean or TypeKind.Byte or TypeKind.Void => 1,
        TypeKind.Short => 2,
        TypeKind.Integer or TypeKind.Float or TypeKind.Date => 4,
        TypeKind.String or TypeKind.Binary => 0,
        _ => 8,
    };
}
