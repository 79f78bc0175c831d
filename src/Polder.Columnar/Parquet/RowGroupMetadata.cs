using System.Collections.Generic;

namespace Polder.Parquet;

/// <summary>One row group of a footer.</summary>
public sealed class RowGroupMetadata
{
    /// <summary>0-based position in the file (the file's own 16-bit ordinal overflows and is not used).</summary>
    public required int Index { get; init; }

    /// <summary>The position in the file of its first row: the sum of the groups before.</summary>
    public required long FirstRow { get; init; }

    /// <summary>Rows.</summary>
    public required long RowCount { get; init; }

    /// <summary>Bytes of all chunks before compression.</summary>
    public long UncompressedSize { get; init; }

    /// <summary>The chunks by leaf: as long as the schema has leaves, in their order.</summary>
    public required IReadOnlyList<ColumnChunkMetadata> Columns { get; init; }

    /// <summary>What the rows are sorted by; empty where not said.</summary>
    public IReadOnlyList<SortingColumn> SortingColumns { get; init; } = [];
}

/// <summary>A leaf that rows of a group are sorted by.</summary>
/// <param name="LeafIndex">The leaf.</param>
/// <param name="IsDescending">Whether the greatest comes first.</param>
/// <param name="NullsFirst">Whether nulls come first.</param>
public readonly record struct SortingColumn(int LeafIndex, bool IsDescending, bool NullsFirst);
