using Polder.Columns;

namespace Polder.Expressions;

/// <summary>
/// What is known of the values of some rows (a file, a row group, a page) without reading them. Absent knowledge is
/// null or a negative count, never a guess.
/// </summary>
public interface IColumnStats
{
    /// <summary>Rows described, or -1 where unknown.</summary>
    long RowCount { get; }

    /// <summary>
    /// Bounds of one column. <paramref name="path"/> is the dotted path of the column in the schema that the predicate
    /// was analysed against, exact case.
    /// </summary>
    /// <returns>False where nothing is known of the column.</returns>
    bool TryGetBounds(string path, DataType type, out ColumnBounds bounds);

    /// <summary>
    /// Whether any row may have a value (as a <see cref="Literal"/> holds it, not null) in a column; true where that is
    /// not known.
    /// </summary>
    bool MayHold(string path, DataType type, object value) => true;
}

/// <summary>Bounds of a column's values over some rows.</summary>
/// <param name="Minimum">
/// A value not above any non-null value, as a <see cref="Literal"/> holds it; null where unknown.
/// </param>
/// <param name="Maximum">A value not below any non-null value; null where unknown.</param>
/// <param name="NullCount">Null rows, or -1 where unknown.</param>
/// <param name="HidesNaN">
/// Whether the maximum says nothing of NaN (most writers leave NaN out of min and max); NaN is the greatest value.
/// </param>
public readonly record struct ColumnBounds(object? Minimum, object? Maximum, long NullCount, bool HidesNaN = true);
