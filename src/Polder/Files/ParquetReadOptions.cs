using System;
using System.Collections.Generic;
using Polder.Expressions;
using Polder.Parquet;

namespace Polder.Files;

/// <summary>What of a Parquet file to read.</summary>
public sealed class ParquetReadOptions
{
    /// <summary>
    /// Names of columns, or dotted paths of parts of them ("add.path", "tags.key", "items.element.price"), in the order
    /// wanted; null = all columns. Only their bytes are fetched and decoded.
    /// </summary>
    public IReadOnlyList<string>? Columns { get; init; }

    /// <summary>
    /// Structs of the file's schema to read as variants, though the file does not mark them as such (Spark did not,
    /// before Parquet had a name for them).
    /// </summary>
    public IReadOnlyList<ParquetField> Variants { get; init; } = [];

    /// <summary>
    /// Row groups in which statistics show that no row satisfies this are not read; rows are not filtered. Columns are
    /// found by <see cref="ColumnReference.Name"/>, in the file whether or not they are read.
    /// </summary>
    public Expression? Predicate { get; init; }

    /// <summary>Whether the predicate is meant in UTC; in another time zone less is skipped.</summary>
    public bool IsSessionUtc { get; init; } = true;

    /// <summary>Told of each row group that the predicate skips: its position in the file, and why.</summary>
    public Action<int, PruneReason>? RowGroupSkipped { get; init; }

    /// <summary>Row groups to consider, by position in the file; null = all.</summary>
    public IReadOnlyList<int>? RowGroups { get; init; }

    /// <summary>
    /// Rows of a batch at most. Batches have half as many where a column takes 16 bytes a value, and fewer where rows
    /// are long; none goes across row groups.
    /// </summary>
    public int BatchRows { get; init; } = 8192;
}
