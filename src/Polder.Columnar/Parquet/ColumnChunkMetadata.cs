using System;
using System.Collections.Generic;

namespace Polder.Parquet;

/// <summary>One column chunk of a footer: the values of one leaf in one row group.</summary>
public sealed class ColumnChunkMetadata
{
    /// <summary>The leaf.</summary>
    public required ParquetLeaf Leaf { get; init; }

    /// <summary>How its pages are compressed.</summary>
    public required CompressionCodec Codec { get; init; }

    /// <summary>Slots of the leaf: values, nulls and empty lists.</summary>
    public required long ValueCount { get; init; }

    /// <summary>Bytes of pages before compression, their headers included.</summary>
    public required long UncompressedSize { get; init; }

    /// <summary>Bytes of pages in the file, their headers included.</summary>
    public required long CompressedSize { get; init; }

    /// <summary>Where the first data page is said to stand in the file.</summary>
    public required long DataPageOffset { get; init; }

    /// <summary>Where the dictionary page is said to stand; null where there is none.</summary>
    public long? DictionaryPageOffset { get; init; }

    /// <summary>The encodings used, levels included.</summary>
    public IReadOnlyList<ParquetEncoding> Encodings { get; init; } = [];

    /// <summary>Pages by type and encoding; empty where not written.</summary>
    public IReadOnlyList<PageEncodingCount> EncodingCounts { get; init; } = [];

    /// <summary>Bounds and counts; null where not written.</summary>
    public ChunkStatistics? Statistics { get; init; }

    /// <summary>Byte and level counts; null where not written.</summary>
    public ChunkSizes? Sizes { get; init; }

    /// <summary>Bounds and kinds of a geometry's or geography's values; null where not written.</summary>
    public GeospatialStatistics? Geospatial { get; init; }

    /// <summary>Where the offset index stands; length 0 where there is none.</summary>
    public (long Offset, int Length) OffsetIndex { get; init; }

    /// <summary>Where the column index stands; length 0 where there is none.</summary>
    public (long Offset, int Length) ColumnIndex { get; init; }

    /// <summary>Where the bloom filter stands; offset 0 where there is none, length 0 where not said.</summary>
    public (long Offset, int Length) BloomFilter { get; init; }

    /// <summary>
    /// Where the chunk's first page stands: the dictionary page if its offset is believable, else the first data page.
    /// </summary>
    public long StartOffset =>
        DictionaryPageOffset is long dictionary && dictionary >= 4 && dictionary < DataPageOffset
            ? dictionary
            : DataPageOffset;

    /// <summary>The offset after the chunk's last byte.</summary>
    /// <exception cref="CorruptFileException">The chunk does not lie within the file.</exception>
    public long EndOffset(long fileSizeBytes)
    {
        if (StartOffset < 4 || CompressedSize > fileSizeBytes - StartOffset)
        {
            throw new CorruptFileException(
                $"column '{Leaf}' claims bytes {StartOffset} to {StartOffset + CompressedSize} "
                + $"of a file of {fileSizeBytes}");
        }

        return StartOffset + CompressedSize;
    }
}

/// <summary>How many pages of a chunk have one type and encoding.</summary>
/// <param name="Type">What the pages hold.</param>
/// <param name="Encoding">How their values are encoded.</param>
/// <param name="Count">How many there are.</param>
public readonly record struct PageEncodingCount(PageType Type, ParquetEncoding Encoding, int Count);

/// <summary>Size statistics of a chunk.</summary>
public sealed class ChunkSizes
{
    /// <summary>Bytes of a BYTE_ARRAY leaf's values without lengths; -1 where not written.</summary>
    public long UnencodedBytes { get; init; } = -1;

    /// <summary>Slots by repetition level; empty where not written.</summary>
    public ReadOnlyMemory<long> RepetitionLevels { get; init; }

    /// <summary>Slots by definition level; empty where not written.</summary>
    public ReadOnlyMemory<long> DefinitionLevels { get; init; }
}
