using System;
using System.Collections.Generic;
using Polder.Bytes;
using Polder.Parquet.Footer;

namespace Polder.Parquet.Write;

/// <summary>A column chunk ready to be written: its bytes, and what the footer will say of them.</summary>
internal sealed class EncodedChunk : IDisposable
{
    /// <summary>The leaf.</summary>
    public required ParquetLeaf Leaf { get; init; }

    /// <summary>The dictionary page; null where there is none.</summary>
    public required ChunkBuffer? Dictionary { get; init; }

    /// <summary>The data pages.</summary>
    public required ChunkBuffer Pages { get; init; }

    /// <summary>Slots.</summary>
    public required long ValueCount { get; init; }

    /// <summary>Encodings used.</summary>
    public required IReadOnlyList<ParquetEncoding> Encodings { get; init; }

    /// <summary>Pages by type and encoding.</summary>
    public required IReadOnlyList<PageEncodingCount> EncodingCounts { get; init; }

    /// <summary>Bounds and counts.</summary>
    public required ChunkStatistics Statistics { get; init; }

    /// <summary>Byte and level counts.</summary>
    public required ChunkSizes Sizes { get; init; }

    /// <summary>The index of the data pages; null where none is wanted.</summary>
    public required PageIndexBuilder? PageIndex { get; init; }

    /// <summary>The bloom filter of its values; null where none is wanted.</summary>
    public BloomFilter? Bloom { get; init; }

    /// <summary>Bytes of the chunk.</summary>
    public long SizeBytes => Pages.SizeBytes + (Dictionary?.SizeBytes ?? 0);

    /// <summary>Bytes of the chunk before compression.</summary>
    public long UncompressedSize => Pages.UncompressedSize + (Dictionary?.UncompressedSize ?? 0);

    /// <summary>The bytes in order, borrowed until this is disposed.</summary>
    public IEnumerable<ReadOnlyMemory<byte>> Parts()
    {
        foreach (BufferBuilder block in Dictionary?.Blocks ?? [])
        {
            yield return block.WrittenMemory;
        }

        foreach (BufferBuilder block in Pages.Blocks)
        {
            yield return block.WrittenMemory;
        }
    }

    /// <summary>The footer's entry for the chunk, once it and its page index stand in the file.</summary>
    public ColumnChunkMetadata ToMetadata(
        long fileOffset,
        CompressionCodec codec,
        (long Offset, int Length) columnIndex,
        (long Offset, int Length) offsetIndex,
        (long Offset, int Length) bloomFilter) => new()
        {
            Leaf = Leaf,
            Codec = codec,
            ValueCount = ValueCount,
            UncompressedSize = UncompressedSize,
            CompressedSize = SizeBytes,
            DictionaryPageOffset = Dictionary is null ? null : fileOffset,
            DataPageOffset = fileOffset + (Dictionary?.SizeBytes ?? 0),
            Encodings = Encodings,
            EncodingCounts = EncodingCounts,
            Statistics = Statistics,
            Sizes = Sizes,
            ColumnIndex = columnIndex,
            OffsetIndex = offsetIndex,
            BloomFilter = bloomFilter,
        };

    /// <summary>Gives the memory back.</summary>
    public void Dispose()
    {
        Dictionary?.Dispose();
        Pages.Dispose();
    }
}
