using System.Collections.Generic;
using System.Runtime.CompilerServices;
using System.Threading;
using System.Threading.Tasks;
using Polder.Bytes;
using Polder.Parquet;
using Polder.Parquet.Footer;
using Polder.Parquet.Format;
using Polder.Parquet.Read;
using Polder.Storage;

namespace Polder.Files;

/// <summary>A page as its header describes it, for people who look into files.</summary>
/// <param name="Offset">Where its header begins in the file.</param>
/// <param name="HeaderBytes">Bytes of the header.</param>
/// <param name="Header">The header.</param>
internal sealed record ListedPage(long Offset, int HeaderBytes, PageHeader Header);

/// <summary>The pages of a column chunk, found by their headers; bodies are not read.</summary>
internal static class PageListing
{
    private const int HeaderGuessBytes = 1 << 10;

    /// <summary>Reads the headers, one read a page.</summary>
    /// <exception cref="CorruptFileException">The chunk does not lie in the file, or a header is damaged.</exception>
    public static async IAsyncEnumerable<ListedPage> ReadAsync(
        Engine engine,
        IObjectStore store,
        StorePath path,
        long fileSizeBytes,
        ColumnChunkMetadata chunk,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        long position = chunk.StartOffset;
        long end = chunk.EndOffset(fileSizeBytes);
        while (position < end)
        {
            ListedPage page = await ReadPageAsync(engine, store, path, position, end, cancellationToken)
                .ConfigureAwait(false);
            yield return page;
            position += page.HeaderBytes + page.Header.CompressedSize;
        }
    }

    /// <summary>The page index of a chunk; null where it has none that can be read.</summary>
    public static async ValueTask<PageIndexes?> ReadIndexesAsync(
        Engine engine,
        IObjectStore store,
        StorePath path,
        ColumnChunkMetadata chunk,
        CancellationToken cancellationToken)
    {
        if (chunk.ColumnIndex.Length <= 0 || chunk.OffsetIndex.Length <= 0)
        {
            return null;
        }

        try
        {
            using BufferSlice columns = await ReadAsync(chunk.ColumnIndex).ConfigureAwait(false);
            using BufferSlice offsets = await ReadAsync(chunk.OffsetIndex).ConfigureAwait(false);
            return new PageIndexes(
                ColumnIndex.Decode(columns.Span.ToArray(), engine.Limits, chunk.ColumnIndex.Offset),
                OffsetIndex.Decode(offsets.Span, engine.Limits, chunk.OffsetIndex.Offset));
        }
        catch (CorruptFileException)
        {
            return null;
        }

        ValueTask<BufferSlice> ReadAsync((long Offset, int Length) place) => ExactReads.ReadAsync(
            store, path, new ByteRange(place.Offset, place.Length), engine.Allocator, cancellationToken);
    }

    private static async ValueTask<ListedPage> ReadPageAsync(
        Engine engine,
        IObjectStore store,
        StorePath path,
        long position,
        long end,
        CancellationToken cancellationToken)
    {
        for (long wanted = HeaderGuessBytes; ; wanted *= 4)
        {
            ByteRange range = new(position, (int)long.Min(wanted, end - position));
            using BufferSlice bytes = await ExactReads.ReadAsync(
                store, path, range, engine.Allocator, cancellationToken).ConfigureAwait(false);
            PageHeader? header = PageHeader.TryDecode(bytes.Memory, engine.Limits, position, out int length);
            if (header is not null)
            {
                // Statistics would keep the slice's memory.
                return new ListedPage(position, length, header with { Statistics = null });
            }

            if (range.Length == end - position)
            {
                throw new CorruptFileException("the column ends inside a page header", null, position);
            }
        }
    }
}
