using System;
using System.Collections.Generic;
using System.IO.Hashing;
using Polder.Bytes;
using Polder.Parquet.Format;

namespace Polder.Parquet.Write;

/// <summary>Where a page stands in its chunk.</summary>
/// <param name="Offset">Bytes from the chunk's first data page to the page's header.</param>
/// <param name="SizeBytes">Bytes of header and body.</param>
internal readonly record struct PagePlace(long Offset, int SizeBytes);

/// <summary>
/// The encoded pages of one chunk in blocks that double in size, so that nothing already encoded is ever moved.
/// </summary>
internal sealed class ChunkBuffer : IDisposable
{
    private const int SmallestBlock = 16 << 10;
    private const int LargestBlock = 1 << 20;

    private readonly BufferAllocator _allocator;
    private readonly List<BufferBuilder> _blocks = [];
    private readonly BufferBuilder _header = new(64);

    public ChunkBuffer(BufferAllocator allocator)
    {
        _allocator = allocator;
    }

    /// <summary>Bytes of all pages with their headers.</summary>
    public long SizeBytes { get; private set; }

    /// <summary>The same before compression.</summary>
    public long UncompressedSize { get; private set; }

    /// <summary>The blocks in order; the last may be partly filled.</summary>
    public IReadOnlyList<BufferBuilder> Blocks => _blocks;

    /// <summary>Compresses a page's body and appends it behind its header.</summary>
    /// <param name="header">The header, but for its sizes and its checksum.</param>
    /// <param name="context">Holds the body, and takes it compressed.</param>
    /// <param name="options">Says how to compress.</param>
    public PagePlace Append(PageHeader header, EncodeContext context, ParquetWriteOptions options)
    {
        int uncompressedSize = context.Body.Length;
        ReadOnlySpan<byte> stored =
            PageCompressor.Compress(context.Body, context.Compressed, context.Codecs, options).Span;
        _header.Clear();
        CompactWriter writer = new(_header);
        PageHeaderCodec.Encode(ref writer, header with
        {
            UncompressedSize = uncompressedSize,
            CompressedSize = stored.Length,
            Crc = Crc32.HashToUInt32(stored),
        });

        int sizeBytes = _header.Length + stored.Length;
        BufferBuilder block = BlockFor(sizeBytes);
        block.Write(_header.Span);
        block.Write(stored);
        PagePlace place = new(SizeBytes, sizeBytes);
        SizeBytes += sizeBytes;
        UncompressedSize += _header.Length + uncompressedSize;
        return place;
    }

    /// <summary>Gives the blocks back.</summary>
    public void Dispose()
    {
        foreach (BufferBuilder block in _blocks)
        {
            block.Dispose();
        }

        _blocks.Clear();
        _header.Dispose();
    }

    private BufferBuilder BlockFor(int sizeBytes)
    {
        if (_blocks.Count > 0 && _blocks[^1].Capacity - _blocks[^1].Length >= sizeBytes)
        {
            return _blocks[^1];
        }

        int doubled = (int)long.Clamp(SizeBytes, SmallestBlock, LargestBlock);
        BufferBuilder block = new(int.Max(doubled, sizeBytes), _allocator);
        _blocks.Add(block);
        return block;
    }
}
