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
    /// Field ids of columns or of parts of them, read after <see cref="Columns"/>, or alone where those are null;
    /// null = none.
    /// </summary>
    public IReadOnlyList<int>? FieldIds { get; init; }

    /// <summary>
    /// Whether a string that is not UTF-8 is damage. Else its bytes come as they are, as Spark's do, and who shows them
    /// must expect that. Strings that are checked come with offsets, whatever <see cref="Strings"/> says.
    /// </summary>
    public bool ChecksText { get; init; }

    /// <summary>
    /// Structs of the file's schema to read as variants, though the file does not mark them as such (Spark did not,
    /// before Parquet had a name for them).
    /// </summary>
    public IReadOnlyList<ParquetField> Variants { get; init; } = [];

    /// <summary>
    /// Row groups and pages in which statistics show that no row satisfies this are not read; the rows that are read
    /// are filtered by it only with <see cref="FiltersRows"/>. Columns are found by <see cref="ColumnReference.Name"/>,
    /// in the file whether or not they are read.
    /// </summary>
    public Expression? Predicate { get; init; }

    /// <summary>
    /// Whether only rows come out for which <see cref="Predicate"/> is true. Its columns are then decoded first, and
    /// the others only for the rows that are left.
    /// </summary>
    public bool FiltersRows { get; init; }

    /// <summary>Whether the predicate is meant in UTC; in another time zone less is skipped.</summary>
    public bool IsSessionUtc { get; init; } = true;

    /// <summary>Told of each row group that the predicate skips: its position in the file, and why.</summary>
    public Action<int, PruneReason>? RowGroupSkipped { get; init; }

    /// <summary>Row groups to consider, by position in the file; null = all.</summary>
    public IReadOnlyList<int>? RowGroups { get; init; }

    /// <summary>
    /// Name of a last column, a long, with the position in the file of each row that comes out; null = none.
    /// </summary>
    public string? RowIndexColumn { get; init; }

    /// <summary>
    /// Rows of a batch at most. Batches have half as many where a column takes 16 bytes a value, and fewer where rows
    /// are long; none goes across row groups.
    /// </summary>
    public int BatchRows { get; init; } = 8192;

    /// <summary>Bytes of a batch at most, as far as the footer tells how long rows are; a row is never split.</summary>
    public int BatchBytes { get; init; } = 16 << 20;

    /// <summary>
    /// The form of strings and binaries that are columns of their own (not parts of nested ones). A column that the
    /// filter looks at too is decoded for it once more, unless this is <see cref="StringForm.Offsets"/>.
    /// </summary>
    public StringForm Strings { get; init; }

    /// <summary>Filters rows in place of <see cref="FiltersRows"/>.</summary>
    internal RowFilter? Filter { get; init; }

    /// <summary>Rows left out by position; null = none.</summary>
    internal RowMask? Mask { get; init; }

    /// <summary>Chunks of fewer bytes than this in a row group are read without a look at its page index.</summary>
    internal long SmallestIndexedBytes { get; init; } = 64 << 10;
}
