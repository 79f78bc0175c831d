using System;

namespace Polder.Parquet.Read;

/// <summary>
/// Chunks of nothing but nulls, by what the footer says of them: their pages need not be read. Believed of no more rows
/// than one page could hold, and of chunks that have pages: a footer's word alone must not make rows without end.
/// </summary>
internal static class NullLevels
{
    /// <summary>
    /// The definition level that all rows of a flat chunk have, none of them a value; -1 where the footer does not say
    /// so. One level of a leaf inside a struct does not tell nulls of the struct from those of the leaf: there it takes
    /// the histogram of levels.
    /// </summary>
    public static int Find(ColumnChunkMetadata chunk, long rowCount)
    {
        int maxLevel = chunk.Leaf.MaxDefinitionLevel;
        if (chunk.Leaf.MaxRepetitionLevel > 0 || rowCount is < 1 or > int.MaxValue || chunk.CompressedSize == 0 ||
            chunk.Statistics?.NullCount != rowCount)
        {
            return -1;
        }

        ReadOnlySpan<long> levels = chunk.Sizes is null ? [] : chunk.Sizes.DefinitionLevels.Span;
        return maxLevel == 1 ? 0
            : levels.Length == maxLevel + 1 ? levels[..maxLevel].IndexOf(rowCount)
            : -1;
    }
}
