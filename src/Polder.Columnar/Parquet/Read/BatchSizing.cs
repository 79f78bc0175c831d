using System.Collections.Generic;
using Polder.Columns;

namespace Polder.Parquet.Read;

/// <summary>How many rows of a row group to decode at a time.</summary>
internal static class BatchSizing
{
    private const int OffsetBytes = 4;
    private const int GuessedTextBytes = 24;

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

    /// <summary>Rows of a batch: as asked for, half beside a 16-byte column, fewer where rows are long.</summary>
    public static int BatchRows(
        IReadOnlyList<LeafPlan> leaves, RowGroupMetadata rowGroup, int wantedRows, int wantedBytes)
    {
        foreach (LeafPlan leaf in leaves)
        {
            if (leaf.Type.Kind == TypeKind.Decimal)
            {
                wantedRows = int.Max(1, wantedRows / 2);
                break;
            }
        }

        return (int)long.Clamp(wantedBytes / RowBytes(leaves, rowGroup), 1, wantedRows);
    }

    private static int Width(DataType type) => type.Kind switch
    {
        TypeKind.Decimal => 16,
        TypeKind.Boolean or TypeKind.Byte or TypeKind.Void => 1,
        TypeKind.Short => 2,
        TypeKind.Integer or TypeKind.Float or TypeKind.Date => 4,
        TypeKind.String or TypeKind.Binary => 0,
        _ => 8,
    };
}
