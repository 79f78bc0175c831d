using System;
using Polder.Columns;
using Polder.Expressions;
using Polder.Expressions.Analysis;
using Polder.Parquet;
using Polder.Parquet.Read;

namespace Polder.Cli.Parquet;

/// <summary>Bounds of chunks and pages as people read them: those only that a reader may believe.</summary>
internal static class BoundText
{
    /// <summary>What a chunk's statistics say; all null where its type has no counterpart.</summary>
    public static (string? Minimum, string? Maximum) OfChunk(ParquetFooter footer, ColumnChunkMetadata chunk)
    {
        (DataType? type, _) = LeafTypes.ToDataType(chunk.Leaf);
        return type is null ? (null, null) : Format(
            StatisticsBounds.From(
                chunk.Leaf, type, footer.ColumnOrders[chunk.Leaf.Index], footer.CreatedBy, chunk.Statistics,
                chunk.ValueCount),
            type);
    }

    /// <summary>What the page index says of a page.</summary>
    public static (string? Minimum, string? Maximum) OfPage(
        ParquetFooter footer, ColumnChunkMetadata chunk, PageIndexes indexes, int page)
    {
        (DataType? type, _) = LeafTypes.ToDataType(chunk.Leaf);
        return type is null || page >= indexes.Columns.NullPages.Length ? (null, null) : Format(
            StatisticsBounds.FromPage(
                chunk.Leaf, type, footer.ColumnOrders[chunk.Leaf.Index], indexes.Columns, page, 0),
            type);
    }

    /// <summary>Text cut so that a line stays a line.</summary>
    public static string Clip(string? text, int width)
    {
        string line = (text ?? "").ReplaceLineEndings(" ");
        return line.Length <= width ? line : string.Concat(line.AsSpan(0, width - 1), "…");
    }

    private static (string? Minimum, string? Maximum) Format(ColumnBounds bounds, DataType type) =>
        (Format(bounds.Minimum, type), Format(bounds.Maximum, type));

    // Dates and times without the word that says what they are.
    private static string? Format(object? value, DataType type)
    {
        string? text = value is null ? null : LiteralText.Format(value, type);
        return text is not null && type.Kind is
            TypeKind.Date or TypeKind.Time or TypeKind.Timestamp or TypeKind.TimestampNtz
            ? text[(text.IndexOf('\'', StringComparison.Ordinal) + 1)..^1]
            : text;
    }
}
