using System;

namespace Polder.Parquet.Format;

/// <summary>
/// The header before a page's bytes: the three kinds of header in one, fields that a kind has not being zero.
/// </summary>
internal sealed record PageHeader
{
    public required PageType Type { get; init; }

    /// <summary>Bytes of the body before compression; in a V2 page the levels, never compressed, included.</summary>
    public required int UncompressedSize { get; init; }

    /// <summary>Bytes of the body as it stands in the file.</summary>
    public required int CompressedSize { get; init; }

    /// <summary>CRC-32 of the body as it stands in the file; null where not written.</summary>
    public uint? Crc { get; init; }

    /// <summary>Values, nulls and empty lists included; entries of a dictionary.</summary>
    public int ValueCount { get; init; }

    public ParquetEncoding Encoding { get; init; }

    /// <summary>V1 only.</summary>
    public ParquetEncoding DefinitionLevelEncoding { get; init; } = ParquetEncoding.Rle;

    /// <summary>V1 only.</summary>
    public ParquetEncoding RepetitionLevelEncoding { get; init; } = ParquetEncoding.Rle;

    /// <summary>V2 only.</summary>
    public int NullCount { get; init; }

    /// <summary>V2 only.</summary>
    public int RowCount { get; init; }

    /// <summary>V2 only.</summary>
    public int DefinitionLevelBytes { get; init; }

    /// <summary>V2 only.</summary>
    public int RepetitionLevelBytes { get; init; }

    /// <summary>V2 only: whether the values are compressed; absent means they are.</summary>
    public bool IsCompressed { get; init; } = true;

    /// <summary>Statistics of a data page, or null.</summary>
    public ChunkStatistics? Statistics { get; init; }

    /// <summary>Reads a header.</summary>
    /// <param name="bytes">The bytes from the header on; perhaps not all of it.</param>
    /// <param name="limits">What the input may ask for.</param>
    /// <param name="fileOffset">Where the bytes stand in their file, for messages.</param>
    /// <param name="length">Bytes of the header.</param>
    /// <returns>Null where the header goes on beyond the bytes.</returns>
    /// <exception cref="CorruptFileException">The bytes are no page header.</exception>
    public static PageHeader? TryDecode(ReadOnlyMemory<byte> bytes, Limits limits, long fileOffset, out int length)
    {
        CompactReader reader = new(bytes.Span, limits, fileOffset, mayEndEarly: true);
        PageHeader? header = PageHeaderCodec.Decode(ref reader, bytes);
        length = reader.Position;
        if (header is null ? bytes.Length >= limits.PageHeaderBytes : length > limits.PageHeaderBytes)
        {
            throw new CorruptFileException(
                $"a page header of more than {limits.PageHeaderBytes} bytes", null, fileOffset);
        }

        return header;
    }
}
