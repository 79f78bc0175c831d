using System;
using System.IO.Hashing;
using Polder.Bytes;
using Polder.Parquet.Compression;
using Polder.Parquet.Format;
using Polder.Parquet.Read;

namespace Polder.Parquet.Pages;

/// <summary>What an attempt to read a page gave.</summary>
internal enum PageResult
{
    /// <summary>A page.</summary>
    Page,

    /// <summary>Nothing yet: bytes must be fed first.</summary>
    NeedsBytes,

    /// <summary>All pages of the chunk have been read.</summary>
    End,
}

/// <summary>
/// Walks the pages of one column chunk over windows of its bytes: header, checksum, decompression. Does no I/O: it says
/// which bytes it needs, and is fed them.
/// </summary>
internal sealed class PageReader : IDisposable
{
    private const int HeaderGuessBytes = 512;
    private const int SlackBytes = 64;

    /// <summary>Above this a page must not be larger than its chunk says all pages are.</summary>
    private const int LargestUnquestioned = 64 << 20;

    private readonly ColumnChunkMetadata _chunk;
    private readonly Limits _limits;
    private readonly PageOrder _order;
    private readonly ChunkWindows _windows;
    private readonly BufferBuilder _scratch;
    private int _headerGuess = HeaderGuessBytes;
    private int _pendingAdvance;

    /// <summary>Makes a reader.</summary>
    /// <param name="chunk">The chunk.</param>
    /// <param name="order">Which of its pages come when.</param>
    /// <param name="windows">Its bytes, owned by the reader from now on.</param>
    /// <param name="limits">What the pages may ask for.</param>
    /// <param name="allocator">Where pages are decompressed to.</param>
    public PageReader(
        ColumnChunkMetadata chunk, PageOrder order, ChunkWindows windows, Limits limits, BufferAllocator allocator)
    {
        PageDecompressor.Check(chunk.Codec);
        _chunk = chunk;
        _order = order;
        _windows = windows;
        _limits = limits;
        _scratch = new BufferBuilder(0, allocator);
    }

    /// <summary>0-based number of the page last read, the dictionary counted.</summary>
    public int PageIndex { get; private set; } = -1;

    /// <summary>The offset of the page that is being read or was read last.</summary>
    public long PageOffset { get; private set; }

    /// <summary>What the pages may ask for.</summary>
    public Limits Limits => _limits;

    /// <summary>The bytes to feed after <see cref="PageResult.NeedsBytes"/>.</summary>
    public FileRange Needed { get; private set; }

    /// <summary>The window after the bytes fed so far; of no length at the chunk's end.</summary>
    public FileRange NextWindow => _windows.Missing(0);

    /// <summary>Whether an index says where pages stand.</summary>
    public bool IsIndexed => _order.IsIndexed;

    /// <summary>Lets the pages be fetched that hold some rows, none before those of the call before.</summary>
    public void Want(RowRuns rows) => _order.Want(rows, _windows);

    /// <summary>Takes the bytes asked for, which stand at an offset of the file. Consumes the slice.</summary>
    public void Feed(long offset, BufferSlice slice) => _windows.Feed(offset, slice);

    /// <summary>Reads the dictionary page, or the next data page that may hold a row or one after it.</summary>
    /// <param name="firstRow">The row; pages before its own are stepped over.</param>
    /// <param name="context">What codecs keep.</param>
    /// <param name="page">The page; its bytes are borrowed until the next call.</param>
    /// <exception cref="CorruptFileException">The chunk is damaged.</exception>
    /// <exception cref="UnsupportedFeatureException">A page uses what this reader has not.</exception>
    public PageResult TryRead(long firstRow, CodecContext context, out PageBody page)
    {
        page = default;
        _windows.Advance(_pendingAdvance);
        _pendingAdvance = 0;
        while (_order.TryFind(firstRow, _windows.Position, out long offset))
        {
            _windows.JumpTo(offset);
            if (_windows.Left == 0)
            {
                break;
            }

            PageOffset = offset;
            PageHeader? header = TryReadHeader(out int headerLength);
            if (header is null)
            {
                return PageResult.NeedsBytes;
            }

            CheckSizes(header, headerLength);
            int frame = headerLength + header.CompressedSize;
            bool isWanted = header.Type == PageType.DictionaryPage ||
                (header.Type is PageType.DataPage or PageType.DataPageV2 && _order.IsWanted(
                    header, new FileRange(offset, frame), firstRow));
            if (!isWanted)
            {
                // Index pages and kinds yet unknown carry no values.
                PageIndex++;
                _order.Pass(header);
                _windows.Advance(frame);
                continue;
            }

            if (!_windows.TryPeek(frame, out ReadOnlyMemory<byte> bytes))
            {
                Needed = _windows.Missing(frame);
                return PageResult.NeedsBytes;
            }

            PageIndex++;
            _pendingAdvance = frame;
            page = Open(header, bytes[headerLength..frame], bytes[headerLength..], context) with
            {
                FirstRow = _order.FirstRow,
            };
            _order.Pass(header);
            return PageResult.Page;
        }

        return PageResult.End;
    }

    /// <inheritdoc />
    public void Dispose()
    {
        _windows.Dispose();
        _scratch.Dispose();
    }

    private PageHeader? TryReadHeader(out int headerLength)
    {
        while (true)
        {
            int wanted = (int)long.Min(_headerGuess, _windows.Left);
            if (!_windows.TryPeek(wanted, out ReadOnlyMemory<byte> bytes))
            {
                Needed = _windows.Missing(wanted);
                headerLength = 0;
                return null;
            }

            PageHeader? header = PageHeader.TryDecode(bytes, _limits, _windows.Position, out headerLength);
            if (header is not null)
            {
                return header;
            }

            if (bytes.Length >= _windows.Left)
            {
                throw new CorruptFileException("the column ends inside a page header");
            }

            _headerGuess = (int)long.Min(long.Max(bytes.Length, _headerGuess) * 2, _limits.PageHeaderBytes);
        }
    }

    private void CheckSizes(PageHeader header, int headerLength)
    {
        if (header.CompressedSize > _windows.Left - headerLength)
        {
            throw new CorruptFileException(FormattableString.Invariant(
                $"a page of {header.CompressedSize} bytes where its column has {_windows.Left - headerLength} left"));
        }

        long most = long.Min(_limits.PageBytes, long.Max(LargestUnquestioned, _chunk.UncompressedSize));
        if (header.UncompressedSize > most)
        {
            throw new CorruptFileException(FormattableString.Invariant(
                $"a page claims {header.UncompressedSize} bytes uncompressed, the most here is {most}"));
        }

        PageDecompressor.CheckRatio(
            _chunk.Codec, header.CompressedSize, header.UncompressedSize, _limits);
    }

    private PageBody Open(
        PageHeader header, ReadOnlyMemory<byte> body, ReadOnlyMemory<byte> withRest, CodecContext context)
    {
        if (header.Crc is uint expected)
        {
            uint actual = Crc32.HashToUInt32(body.Span);
            if (actual != expected)
            {
                throw new CorruptFileException(FormattableString.Invariant(
                    $"the page's checksum is {actual:x8}, its header says {expected:x8}"));
            }
        }

        int levelBytes = 0;
        if (header.Type == PageType.DataPageV2)
        {
            long levels = (long)header.DefinitionLevelBytes + header.RepetitionLevelBytes;
            if (levels > header.CompressedSize || levels > header.UncompressedSize)
            {
                throw new CorruptFileException(FormattableString.Invariant(
                    $"levels of {levels} bytes in a page of {header.CompressedSize}"));
            }

            levelBytes = (int)levels;
        }

        bool isCompressed = _chunk.Codec != CompressionCodec.Uncompressed &&
            (header.Type != PageType.DataPageV2 || header.IsCompressed);
        if (!isCompressed)
        {
            if (header.CompressedSize != header.UncompressedSize)
            {
                throw new CorruptFileException(FormattableString.Invariant(
                    $"an uncompressed page of {header.CompressedSize} bytes claims {header.UncompressedSize}"));
            }

            return new PageBody(header, withRest, body.Length, levelBytes);
        }

        _scratch.Clear();
        Memory<byte> target = _scratch.GetMemory(header.UncompressedSize + SlackBytes);
        body.Span[..levelBytes].CopyTo(target.Span);
        PageDecompressor.Decompress(
            _chunk.Codec, body[levelBytes..], target[levelBytes..header.UncompressedSize], context);
        return new PageBody(header, target, header.UncompressedSize, levelBytes);
    }
}
