using System;
using System.Collections.Generic;

namespace Polder;

/// <summary>
/// What a file or a request may ask for. Every allocation that unchecked input could size is bounded by one of these.
/// </summary>
public sealed class Limits
{
    /// <summary>The defaults.</summary>
    public static Limits Default { get; } = new();

    /// <summary>Bytes a scan may hold at once: rented blocks plus results in flight.</summary>
    public long ScanMemory { get; init; } = 256L << 20;

    /// <summary>Bytes the operators of one query may hold at once.</summary>
    public long QueryMemory { get; init; } = 4L << 30;

    /// <summary>How long a query of a page may run.</summary>
    public TimeSpan QueryTime { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Bytes of one result that a page keeps; of a longer one its first rows.</summary>
    public long ResultMemory { get; init; } = 32L << 20;

    /// <summary>Bytes of results that a server keeps for its pages, those used last.</summary>
    public long ResultCacheMemory { get; init; } = 128L << 20;

    /// <summary>
    /// Bytes of file statistics that a snapshot keeps in memory; more are left in the checkpoint and read again, column
    /// by column, by the first predicate that needs them.
    /// </summary>
    public long StatisticsMemory { get; init; } = 64L << 20;

    /// <summary>
    /// The local folders below which a table may name files by absolute path (shallow clones, converted tables); null =
    /// anywhere. A server sets it. Paths inside the table need no root, and none leads out of it.
    /// </summary>
    public IReadOnlyList<string>? AllowedRoots { get; init; }

    /// <summary>Bytes of a Parquet footer.</summary>
    public int FooterBytes { get; init; } = 512 << 20;

    /// <summary>Bytes of a page header.</summary>
    public int PageHeaderBytes { get; init; } = 16 << 20;

    /// <summary>Uncompressed bytes of one page.</summary>
    public int PageBytes { get; init; } = 1 << 30;

    /// <summary>
    /// How many times its compressed bytes a page of more than 16 MiB may take uncompressed. Codecs that cannot reach
    /// it are held to what they can: Snappy to 64, LZ4 to 256.
    /// </summary>
    public int DecompressionRatio { get; init; } = 1100;

    /// <summary>
    /// Bytes of one column's text in one batch, where the file holds it once and it occurs many times (dictionaries,
    /// shared prefixes): a few bytes could else ask for any amount. A single value may be longer.
    /// </summary>
    public long RepeatedBytes { get; init; } = 256L << 20;

    /// <summary>
    /// Entries of one column's lists in one batch: a run of levels takes a few bytes, however many entries it means.
    /// </summary>
    public int ListEntries { get; init; } = 1 << 26;

    /// <summary>Levels of nesting in a schema, a Thrift structure or an expression.</summary>
    public int NestingDepth { get; init; } = 64;

    /// <summary>Items in one Thrift list, columns in a schema.</summary>
    public int ListItems { get; init; } = 1_000_000;

    /// <summary>Bytes of one string in a footer.</summary>
    public int StringBytes { get; init; } = 100 << 20;

    /// <summary>Bytes of one commit file.</summary>
    public long CommitBytes { get; init; } = 2L << 30;

    /// <summary>Bytes of one line in a text input.</summary>
    public int TextRecordBytes { get; init; } = 64 << 20;

    /// <summary>Levels of objects and arrays in one variant.</summary>
    public int VariantDepth { get; init; } = 1000;
}
