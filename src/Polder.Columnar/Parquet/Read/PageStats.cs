using System.Collections.Generic;
using Polder.Columns;
using Polder.Expressions;
using Polder.Parquet.Footer;

namespace Polder.Parquet.Read;

/// <summary>Where the pages of a chunk stand, and what they hold.</summary>
/// <param name="Columns">Bounds of each page.</param>
/// <param name="Offsets">Rows of each page.</param>
internal sealed record PageIndexes(ColumnIndex Columns, OffsetIndex Offsets);

/// <summary>Rows of a row group that the page index leaves out.</summary>
/// <param name="Rows">The rows.</param>
/// <param name="Reason">Why, for a person.</param>
internal readonly record struct SkippedRows(RowRun Rows, string Reason);

/// <summary>
/// What the page index says of rows of a row group that lie in one page of each column, for the pruner.
/// </summary>
internal sealed class PageStats : IColumnStats
{
    private readonly ParquetFooter _footer;
    private readonly RowGroupMetadata _rowGroup;
    private readonly RowGroupStats _whole;
    private readonly IReadOnlyDictionary<int, PageIndexes> _indexes;
    private readonly Dictionary<int, int> _pages = [];

    private PageStats(
        ParquetFooter footer, RowGroupMetadata rowGroup, IReadOnlyDictionary<int, PageIndexes> indexes)
    {
        _footer = footer;
        _rowGroup = rowGroup;
        _whole = new RowGroupStats(footer, rowGroup);
        _indexes = indexes;
        foreach (int leaf in indexes.Keys)
        {
            _pages[leaf] = 0;
        }
    }

    /// <inheritdoc />
    public long RowCount { get; private set; }

    /// <summary>The rows of a row group in pages in which some row may satisfy a condition.</summary>
    /// <param name="predicate">The condition.</param>
    /// <param name="footer">The file.</param>
    /// <param name="rowGroup">The row group.</param>
    /// <param name="indexes">By leaf what is known of its pages.</param>
    /// <param name="isSessionUtc">Whether the condition is meant in UTC.</param>
    /// <param name="skipped">Takes the rows that are left out, and why; null = nobody asks.</param>
    public static RowRuns Prune(
        Expression predicate,
        ParquetFooter footer,
        RowGroupMetadata rowGroup,
        IReadOnlyDictionary<int, PageIndexes> indexes,
        bool isSessionUtc,
        List<SkippedRows>? skipped = null)
    {
        PageStats stats = new(footer, rowGroup, indexes);
        SortedSet<long> starts = [0];
        foreach (PageIndexes index in indexes.Values)
        {
            foreach (PageLocation page in index.Offsets.Pages.Span)
            {
                starts.Add(page.FirstRow);
            }
        }

        List<RowRun> kept = [];
        long start = -1;
        foreach (long end in (IEnumerable<long>)[.. starts, rowGroup.RowCount])
        {
            if (start >= 0)
            {
                RowRun rows = new(start, end);
                stats.MoveTo(rows);
                if (StatsPruner.Prune(predicate, stats, isSessionUtc) == PruneResult.Keep)
                {
                    kept.Add(rows);
                }
                else if (skipped is not null && StatsPruner.Explain(predicate, stats, isSessionUtc) is { } reason)
                {
                    skipped.Add(new SkippedRows(rows, reason.Text));
                }
            }

            start = end;
        }

        return RowRuns.From(kept);
    }

    /// <inheritdoc />
    public bool TryGetBounds(string path, DataType type, out ColumnBounds bounds)
    {
        ParquetField? field = RowGroupStats.Find(_footer.Schema, path);
        if (field?.Leaf is not ParquetLeaf leaf || !field.IsSupported ||
            !_indexes.TryGetValue(leaf.Index, out PageIndexes? index))
        {
            // Of a chunk without a page index its statistics tell, but nulls of the chunk may stand elsewhere.
            bool isKnown = _whole.TryGetBounds(path, type, out bounds);
            bounds = bounds with { NullCount = bounds.NullCount == _rowGroup.RowCount ? RowCount
                : bounds.NullCount == 0 ? 0 : -1 };
            return isKnown;
        }

        bounds = StatisticsBounds.FromPage(
            leaf, field.Type, _footer.ColumnOrders[leaf.Index], index.Columns, _pages[leaf.Index], RowCount);
        if (!RowGroupStats.IsSame(field.Type, type))
        {
            bounds = new ColumnBounds(null, null, bounds.NullCount);
        }

        return true;
    }

    private void MoveTo(RowRun rows)
    {
        RowCount = rows.Count;
        foreach ((int leaf, PageIndexes index) in _indexes)
        {
            int page = _pages[leaf];
            while (index.Offsets.EndRow(page, _rowGroup.RowCount) <= rows.Start)
            {
                page++;
            }

            _pages[leaf] = page;
        }
    }
}
