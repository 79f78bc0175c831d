using System;
using System.Collections.Generic;
using Polder.Parquet.Format;

namespace Polder.Parquet.Write;

/// <summary>Bounds of a page in the form of the file; null where the page has none.</summary>
/// <param name="Minimum">PLAIN bytes that are not above any value.</param>
/// <param name="Maximum">PLAIN bytes that are not below any value.</param>
internal readonly record struct PageBounds(byte[]? Minimum, byte[]? Maximum);

/// <summary>Collects what the column index and the offset index of one chunk say of its data pages.</summary>
internal sealed class PageIndexBuilder
{
    private readonly List<Page> _pages = [];
    private readonly List<long> _unencodedBytes = [];
    private bool _hasBounds = true;

    /// <summary>Adds a page.</summary>
    /// <param name="place">Where it stands in its chunk's data pages.</param>
    /// <param name="firstRow">The position of its first row in the row group.</param>
    /// <param name="valueCount">Its slots that hold a value.</param>
    /// <param name="nullCount">Its slots that hold none.</param>
    /// <param name="bounds">Its bounds.</param>
    /// <param name="unencodedBytes">Bytes of its byte arrays without lengths; -1 for other types.</param>
    public void Add(
        PagePlace place, long firstRow, int valueCount, int nullCount, PageBounds bounds, long unencodedBytes)
    {
        _pages.Add(new Page(place, firstRow, nullCount, bounds, valueCount == 0));
        _hasBounds &= valueCount == 0 || (bounds.Minimum is not null && bounds.Maximum is not null);
        if (unencodedBytes >= 0)
        {
            _unencodedBytes.Add(unencodedBytes);
        }
    }

    /// <summary>Whether there is a column index: every page that holds values has bounds.</summary>
    public bool HasColumnIndex => _hasBounds && _pages.Count > 0;

    /// <summary>Writes the ColumnIndex struct.</summary>
    /// <param name="writer">Where it goes.</param>
    /// <param name="compare">The order of bounds.</param>
    public void EncodeColumnIndex(ref CompactWriter writer, Comparison<byte[]> compare)
    {
        writer.BeginList(1, CompactType.True, _pages.Count);
        foreach (Page page in _pages)
        {
            writer.PutBool(page.IsNull);
        }

        writer.BeginList(2, CompactType.Binary, _pages.Count);
        foreach (Page page in _pages)
        {
            writer.PutBinary(page.IsNull ? [] : page.Bounds.Minimum);
        }

        writer.BeginList(3, CompactType.Binary, _pages.Count);
        foreach (Page page in _pages)
        {
            writer.PutBinary(page.IsNull ? [] : page.Bounds.Maximum);
        }

        writer.WriteInt32(4, (int)FindOrder(compare));
        writer.BeginList(5, CompactType.Int64, _pages.Count);
        foreach (Page page in _pages)
        {
            writer.PutZigZag(page.NullCount);
        }

        writer.EndStruct();
    }

    /// <summary>Writes the OffsetIndex struct of a chunk whose data pages begin at an offset of the file.</summary>
    public void EncodeOffsetIndex(ref CompactWriter writer, long fileOffset)
    {
        writer.BeginList(1, CompactType.Struct, _pages.Count);
        foreach (Page page in _pages)
        {
            writer.BeginElement();
            writer.WriteInt64(1, fileOffset + page.Place.Offset);
            writer.WriteInt32(2, page.Place.SizeBytes);
            writer.WriteInt64(3, page.FirstRow);
            writer.EndStruct();
        }

        if (_unencodedBytes.Count > 0)
        {
            writer.BeginList(2, CompactType.Int64, _unencodedBytes.Count);
            foreach (long bytes in _unencodedBytes)
            {
                writer.PutZigZag(bytes);
            }
        }

        writer.EndStruct();
    }

    private BoundaryOrder FindOrder(Comparison<byte[]> compare)
    {
        bool ascends = true, descends = true;
        PageBounds? before = null;
        foreach (Page page in _pages)
        {
            if (page.IsNull)
            {
                continue;
            }

            if (before is PageBounds last)
            {
                int minimums = compare(last.Minimum!, page.Bounds.Minimum!);
                int maximums = compare(last.Maximum!, page.Bounds.Maximum!);
                ascends &= minimums <= 0 && maximums <= 0;
                descends &= minimums >= 0 && maximums >= 0;
            }

            before = page.Bounds;
        }

        return ascends ? BoundaryOrder.Ascending : descends ? BoundaryOrder.Descending : BoundaryOrder.Unordered;
    }

    private readonly record struct Page(
        PagePlace Place, long FirstRow, int NullCount, PageBounds Bounds, bool IsNull);
}
