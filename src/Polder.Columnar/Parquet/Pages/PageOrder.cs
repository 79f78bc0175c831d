using System;
using Polder.Parquet.Footer;
using Polder.Parquet.Format;
using Polder.Parquet.Read;

namespace Polder.Parquet.Pages;

/// <summary>
/// Which pages of a chunk come in which order, and which rows they hold: one after the other, or where an offset index
/// says so. Pages before the row that is wanted are stepped over where it is known that they are.
/// </summary>
internal sealed class PageOrder
{
    private readonly OffsetIndex? _index;
    private readonly bool _isFlat;
    private readonly long _valueCount;
    private readonly long _rowCount;
    private long _valuesPassed;
    private int _next;
    private int _wantedFrom;

    /// <summary>Pages one after the other.</summary>
    /// <param name="valueCount">Values that make the chunk whole: what follows them is not looked at.</param>
    /// <param name="isFlat">Whether each value is a row.</param>
    public PageOrder(long valueCount, bool isFlat)
    {
        _valueCount = valueCount;
        _isFlat = isFlat;
    }

    /// <summary>Pages where an index says.</summary>
    /// <param name="index">The index, which fits the chunk.</param>
    /// <param name="rowCount">Rows of the row group.</param>
    /// <param name="isFlat">Whether each value is a row.</param>
    public PageOrder(OffsetIndex index, long rowCount, bool isFlat)
    {
        _index = index;
        _rowCount = rowCount;
        _isFlat = isFlat;
    }

    /// <summary>The position in the row group of the next page's first row; -1 where unknown.</summary>
    public long FirstRow => _index is not null ? _index.Pages.Span[_next].FirstRow : _isFlat ? _valuesPassed : -1;

    /// <summary>Whether an index says where pages stand.</summary>
    public bool IsIndexed => _index is not null;

    /// <summary>Lets the pages be fetched that hold some rows, none before those of the call before.</summary>
    public void Want(RowRuns rows, ChunkWindows windows)
    {
        if (_index is null || rows.Count == 0)
        {
            return;
        }

        ReadOnlySpan<PageLocation> pages = _index.Pages.Span;
        for (int page = _wantedFrom; page < pages.Length && pages[page].FirstRow < rows.End; page++)
        {
            if (rows.Touches(pages[page].FirstRow, _index.EndRow(page, _rowCount)))
            {
                windows.Extend(pages[page].Offset, pages[page].Offset + pages[page].SizeBytes);
                _wantedFrom = page;
            }
        }
    }

    /// <summary>Where the page stands that is to be looked at next; false where there is none.</summary>
    /// <param name="firstRow">The first row wanted.</param>
    /// <param name="position">The byte after the page looked at before.</param>
    /// <param name="offset">The page's first byte.</param>
    public bool TryFind(long firstRow, long position, out long offset)
    {
        offset = position;
        if (_index is null)
        {
            return _valuesPassed < _valueCount;
        }

        ReadOnlySpan<PageLocation> pages = _index.Pages.Span;
        if (position < pages[0].Offset)
        {
            return true;
        }

        while (_next < pages.Length && _index.EndRow(_next, _rowCount) <= firstRow)
        {
            _next++;
        }

        if (_next == pages.Length)
        {
            return false;
        }

        offset = pages[_next].Offset;
        return offset >= position ? true : throw new CorruptFileException(FormattableString.Invariant(
            $"the page index has a page at byte {offset}, where another one reaches to byte {position}"));
    }

    /// <summary>Whether the data page that was found is to be decoded.</summary>
    /// <param name="header">Its header.</param>
    /// <param name="range">Where header and body stand.</param>
    /// <param name="firstRow">The first row wanted.</param>
    /// <exception cref="CorruptFileException">It is not what the index says.</exception>
    public bool IsWanted(PageHeader header, FileRange range, long firstRow)
    {
        if (_index is null)
        {
            return !_isFlat || _valuesPassed + header.ValueCount > firstRow;
        }

        PageLocation place = _index.Pages.Span[_next];
        long rowCount = _index.EndRow(_next, _rowCount) - place.FirstRow;
        if (range.Offset != place.Offset || range.Length > place.SizeBytes ||
            (_isFlat && header.ValueCount != rowCount))
        {
            throw new CorruptFileException(FormattableString.Invariant(
                $"a page of {header.ValueCount} values in {range.Length} bytes at byte {range.Offset}; ") +
                FormattableString.Invariant(
                    $"the page index says {rowCount} rows in {place.SizeBytes} bytes at byte {place.Offset}"));
        }

        return true;
    }

    /// <summary>Counts a page as done.</summary>
    public void Pass(PageHeader header)
    {
        if (header.Type is PageType.DataPage or PageType.DataPageV2)
        {
            _valuesPassed += header.ValueCount;
            _next += _index is not null ? 1 : 0;
        }
    }
}
