using System.Collections.Generic;
using System.Linq;
using Polder.Parquet.Read;

namespace Polder.Files;

/// <summary>What of a row group a read looks at.</summary>
/// <param name="Index">0-based position in the file.</param>
/// <param name="RowCount">Its rows.</param>
/// <param name="RowsLeft">Rows in pages that are read; 0 where the row group is left out.</param>
/// <param name="SkippedBy">
/// What leaves rows out: statistics, bloom filter, dictionary, page index, deletion vector; null where all are read.
/// </param>
/// <param name="Reason">Why, for a person; null where it is not known in words.</param>
internal sealed record RowGroupPruning(int Index, long RowCount, long RowsLeft, string? SkippedBy, string? Reason)
{
    /// <summary>Data pages of the columns read; -1 where the file has no page index or it was not needed.</summary>
    public int PageCount { get; init; } = -1;

    /// <summary>Those of <see cref="PageCount"/> that hold rows which are left.</summary>
    public int PagesLeft { get; init; } = -1;

    /// <summary>Which rows are left.</summary>
    public RowRuns Left { get; init; } = RowRuns.None;

    /// <summary>Which rows the page index leaves out.</summary>
    public IReadOnlyList<SkippedRows> Skipped { get; init; } = [];

    /// <summary>Why rows of that range are all left out; null where some are left.</summary>
    public string? FindReason(long start, long end) => RowsLeft > 0 && Left.Touches(start, end)
        ? null
        : Skipped.Where(skip => skip.Rows.Start < end && skip.Rows.End > start)
            .Select(skip => skip.Reason)
            .FirstOrDefault() ?? Reason ?? SkippedBy ?? "other columns";
}
