using System;
using Polder.Parquet.Format;

namespace Polder.Parquet.Footer;

/// <summary>Where a data page stands.</summary>
/// <param name="Offset">Bytes from the start of the file to the page's header.</param>
/// <param name="SizeBytes">Bytes of header and body.</param>
/// <param name="FirstRow">The position of its first row in the row group; pages split no row.</param>
internal readonly record struct PageLocation(long Offset, int SizeBytes, long FirstRow);

/// <summary>The data pages of one chunk, the dictionary page left out.</summary>
internal sealed class OffsetIndex
{
    private OffsetIndex(PageLocation[] pages)
    {
        Pages = pages;
    }

    /// <summary>The pages in the order of their rows.</summary>
    public ReadOnlyMemory<PageLocation> Pages { get; }

    /// <summary>The row after a page's last one, of a row group of so many rows.</summary>
    public long EndRow(int page, long rowCount) =>
        page + 1 < Pages.Length ? Pages.Span[page + 1].FirstRow : rowCount;

    /// <summary>Whether the pages stand in a chunk one after the other and their rows are those of its group.</summary>
    /// <param name="start">The chunk's first byte.</param>
    /// <param name="end">The byte after its last one.</param>
    /// <param name="rowCount">Rows of the row group.</param>
    public bool Fits(long start, long end, long rowCount)
    {
        foreach (PageLocation page in Pages.Span)
        {
            if (page.Offset < start || page.SizeBytes > end - page.Offset || page.FirstRow >= rowCount)
            {
                return false;
            }

            start = page.Offset + page.SizeBytes;
        }

        return true;
    }

    /// <summary>Decodes the struct.</summary>
    /// <param name="bytes">The bytes that the footer points to.</param>
    /// <param name="limits">What the input may ask for.</param>
    /// <param name="fileOffset">Where the bytes stand in their file, for messages.</param>
    /// <exception cref="CorruptFileException">The bytes are no offset index, or its rows do not ascend.</exception>
    public static OffsetIndex Decode(ReadOnlySpan<byte> bytes, Limits limits, long fileOffset)
    {
        CompactReader reader = new(bytes, limits, fileOffset);
        PageLocation[]? pages = null;
        short fieldId = 0;
        while (reader.ReadField(ref fieldId, out CompactType type))
        {
            if (fieldId == 1)
            {
                pages = DecodePages(ref reader, type);
            }
            else
            {
                reader.Skip(type);
            }
        }

        if (pages is null || pages.Length == 0 || pages[0].FirstRow != 0)
        {
            throw reader.Corrupt("an offset index that does not start at row 0");
        }

        for (int pageIndex = 1; pageIndex < pages.Length; pageIndex++)
        {
            if (pages[pageIndex].FirstRow <= pages[pageIndex - 1].FirstRow)
            {
                throw reader.Corrupt($"an offset index whose rows do not ascend at page {pageIndex}");
            }
        }

        return new OffsetIndex(pages);
    }

    private static PageLocation[] DecodePages(ref CompactReader reader, CompactType listType)
    {
        PageLocation[] pages = new PageLocation[reader.ReadStructListHeader(listType)];
        for (int pageIndex = 0; pageIndex < pages.Length; pageIndex++)
        {
            long offset = 0, firstRow = -1;
            int sizeBytes = 0;
            short fieldId = 0;
            while (reader.ReadField(ref fieldId, out CompactType type))
            {
                switch (fieldId)
                {
                    case 1:
                        offset = reader.ReadCount(type);
                        break;
                    case 2:
                        sizeBytes = reader.ReadInt32(type);
                        break;
                    case 3:
                        firstRow = reader.ReadCount(type);
                        break;
                    default:
                        reader.Skip(type);
                        break;
                }
            }

            if (offset < 4 || sizeBytes <= 0 || firstRow < 0)
            {
                throw reader.Corrupt($"a page of {sizeBytes} bytes at byte {offset} and row {firstRow}");
            }

            pages[pageIndex] = new PageLocation(offset, sizeBytes, firstRow);
        }

        return pages;
    }
}
