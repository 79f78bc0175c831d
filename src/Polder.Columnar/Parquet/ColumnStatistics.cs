using System.Collections.Generic;
using Polder.Columns;

namespace Polder.Parquet;

/// <summary>
/// What writing a file told of one column: a field that is no struct and stands in no list or map. Lists, maps and
/// variants have a null count only.
/// </summary>
public sealed class ColumnStatistics
{
    /// <summary>The names from the root to the column.</summary>
    public required IReadOnlyList<string> Names { get; init; }

    /// <summary>The names joined by dots.</summary>
    public string Path => string.Join('.', Names);

    /// <summary>The column's type.</summary>
    public required DataType Type { get; init; }

    /// <summary>Rows where the column, or a struct around it, is null.</summary>
    public required long NullCount { get; init; }

    /// <summary>
    /// The least value that is not null and not NaN, as <c>Literal.Value</c>; null where there is none. Text and
    /// binaries longer than 256 bytes are cut.
    /// </summary>
    public object? Minimum { get; init; }

    /// <summary>
    /// The greatest value that is not null and not NaN, as <c>Literal.Value</c>; null where there is none. Text and
    /// binaries longer than 256 bytes are cut, and are then below the real maximum.
    /// </summary>
    public object? Maximum { get; init; }

    /// <summary>Whether <see cref="Minimum"/> is cut.</summary>
    public bool IsMinimumCut { get; init; }

    /// <summary>Whether <see cref="Maximum"/> is cut.</summary>
    public bool IsMaximumCut { get; init; }

    /// <summary>NaN values of a floating-point column.</summary>
    public long NaNCount { get; init; }
}
