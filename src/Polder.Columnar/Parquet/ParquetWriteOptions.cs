using System.Collections.Generic;

namespace Polder.Parquet;

/// <summary>How a file is written. The defaults give what other engines read fast.</summary>
public sealed class ParquetWriteOptions
{
    /// <summary>The defaults.</summary>
    public static ParquetWriteOptions Default { get; } = new();

    /// <summary>How pages are compressed.</summary>
    public CompressionCodec Codec { get; init; } = CompressionCodec.Zstd;

    /// <summary>The level of Zstandard, 1 to 22; other codecs have none.</summary>
    public int CompressionLevel { get; init; } = 1;

    /// <summary>Rows of a row group at most.</summary>
    public int RowsPerRowGroup { get; init; } = 1 << 20;

    /// <summary>Encoded bytes after which a row group is closed; a batch may exceed it.</summary>
    public long RowGroupBytes { get; init; } = 128L << 20;

    /// <summary>Rows of a page at most.</summary>
    public int RowsPerPage { get; init; } = 20_000;

    /// <summary>Bytes of a page before compression at most, unless a single row is larger.</summary>
    public int PageBytes { get; init; } = 1 << 20;

    /// <summary>Bytes of a dictionary at most; a column with more gives its dictionary up. 0 = never one.</summary>
    public int DictionaryBytes { get; init; } = 1 << 20;

    /// <summary>Bytes that a bound in the file may take; longer ones are cut and marked as inexact.</summary>
    public int StatisticsBytes { get; init; } = 64;

    /// <summary>Whether the bounds and places of pages are written behind the row groups.</summary>
    public bool PageIndex { get; init; } = true;

    /// <summary>
    /// Dotted paths of leaves that get a bloom filter in each row group, for searches for single values of columns that
    /// are not sorted: about 10 bits a distinct value. Booleans get none.
    /// </summary>
    public IReadOnlyList<string> BloomFilterColumns { get; init; } = [];

    /// <summary>Free-form pairs for the footer.</summary>
    public IReadOnlyList<KeyValuePair<string, string?>> KeyValues { get; init; } = [];
}
