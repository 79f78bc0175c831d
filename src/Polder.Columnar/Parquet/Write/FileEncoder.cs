using System;
using System.Collections.Generic;
using System.Linq;
using System.Reflection;
using Apache.Arrow;
using Polder.Bytes;
using Polder.Columns;
using Polder.Parquet.Footer;
using Polder.Parquet.Format;
using Polder.Parquet.Levels;

namespace Polder.Parquet.Write;

/// <summary>
/// Encodes a file without writing it: batches in, row groups and a footer out. The work on a leaf is a job of its own;
/// jobs on different leaves may run at once, everything else is for one thread at a time.
/// </summary>
/// <remarks>
/// For each batch: <see cref="Check"/>, <see cref="AppendLeaf"/> for every leaf, <see cref="CountRows"/>. When
/// <see cref="IsRowGroupFull"/>: <see cref="FinishLeaf"/> for every leaf, <see cref="TakeRowGroup"/>, its bytes go into
/// the file. At last <see cref="EncodeEnd"/>. The file starts with <see cref="FooterEncoder.Magic"/>.
/// </remarks>
internal sealed class FileEncoder : IDisposable
{
    private static readonly string CreatedBy = DescribeWriter();

    private readonly ParquetWriteOptions _options;
    private readonly DataType _structType;
    private readonly ParquetSchema _schema;
    private readonly LeafEncoder[] _leaves;
    private readonly EncodedChunk?[] _finished;
    private readonly List<PlacedRowGroup> _rowGroups = [];
    private long _position = FooterEncoder.Magic.Length;
    private long _rowCount;

    /// <exception cref="UnsupportedFeatureException">A type no file can hold, or a codec not written.</exception>
    public FileEncoder(DataType structType, ParquetWriteOptions options, BufferAllocator allocator)
    {
        PageCompressor.CheckSupported(options.Codec);
        _options = options;
        _structType = structType;
        _schema = ParquetSchema.FromDataType(structType);
        _leaves = [.. LeafPath.Of(_schema).Select(path => LeafEncoders.Create(path, options, allocator))];
        _finished = new EncodedChunk?[_leaves.Length];
    }

    /// <summary>Leaves, each a job.</summary>
    public int LeafCount => _leaves.Length;

    /// <summary>Rows written so far, those of the open row group included.</summary>
    public long RowCount => _rowCount + RowsInGroup;

    /// <summary>Rows of the open row group.</summary>
    public int RowsInGroup { get; private set; }

    /// <summary>Rows that the open row group still takes.</summary>
    public int RowsLeft => _options.RowsPerRowGroup - RowsInGroup;

    /// <summary>Bytes held for the open row group.</summary>
    public long BufferedBytes => _leaves.Sum(leaf => leaf.BufferedBytes);

    /// <summary>Whether the row group is to be closed.</summary>
    public bool IsRowGroupFull => RowsLeft <= 0 || BufferedBytes >= _options.RowGroupBytes;

    /// <summary>Throws where a batch does not fit the schema.</summary>
    /// <exception cref="ArgumentException">The batch has other columns, or holds them in another form.</exception>
    public void Check(RecordBatch batch) => InputCheck.Check(batch, _structType);

    /// <summary>Encodes one leaf of a batch of at most <see cref="RowsLeft"/> rows; keeps nothing of it.</summary>
    public void AppendLeaf(int leafIndex, RecordBatch batch, EncodeContext context) =>
        _leaves[leafIndex].Append(batch, context);

    /// <summary>Counts a batch whose leaves are all appended.</summary>
    public void CountRows(int rowCount) => RowsInGroup += rowCount;

    /// <summary>Ends one leaf of the row group.</summary>
    public void FinishLeaf(int leafIndex, EncodeContext context) =>
        _finished[leafIndex] = _leaves[leafIndex].Finish(context);

    /// <summary>
    /// The row group whose leaves are all finished, placed behind what was taken before. The caller writes its parts
    /// and disposes it.
    /// </summary>
    public EncodedRowGroup TakeRowGroup()
    {
        EncodedChunk[] chunks = [.. _finished.Select(chunk => chunk!)];
        _rowGroups.Add(new PlacedRowGroup(chunks, _position, _rowCount, RowsInGroup));
        _position += chunks.Sum(chunk => chunk.SizeBytes);
        _rowCount += RowsInGroup;
        RowsInGroup = 0;
        _finished.AsSpan().Clear();
        return new EncodedRowGroup(chunks);
    }

    /// <summary>Appends what follows the last row group: bloom filters, page indexes, footer, magic.</summary>
    public void EncodeEnd(BufferBuilder target)
    {
        (long, int)[][] blooms = [.. _rowGroups.Select(group => EncodeBlooms(group, target))];
        (long, int)[][] columnIndexes = [.. _rowGroups.Select(group => EncodeColumnIndexes(group, target))];
        (long, int)[][] offsetIndexes = [.. _rowGroups.Select(group => EncodeOffsetIndexes(group, target))];
        FooterEncoder.Encode(
            new ParquetFooter
            {
                Version = 1,
                Schema = _schema,
                RowCount = _rowCount,
                RowGroups = [.. _rowGroups.Select((group, index) =>
                    Describe(group, index, columnIndexes[index], offsetIndexes[index], blooms[index]))],
                KeyValues = _options.KeyValues,
                CreatedBy = CreatedBy,
                ColumnOrders = [.. Enumerable.Repeat(ColumnOrder.TypeDefined, _leaves.Length)],
            },
            target);
    }

    /// <summary>What the file holds, column by column; complete once every row group is taken.</summary>
    public IReadOnlyList<ColumnStatistics> DescribeColumns() =>
        [.. _leaves.Select(leaf => leaf.Describe()).OfType<ColumnStatistics>()];

    /// <summary>Gives the memory back.</summary>
    public void Dispose()
    {
        foreach (LeafEncoder leaf in _leaves)
        {
            leaf.Dispose();
        }

        foreach (EncodedChunk? chunk in _finished)
        {
            chunk?.Dispose();
        }
    }

    private (long Offset, int Length)[] EncodeBlooms(PlacedRowGroup group, BufferBuilder target)
    {
        (long, int)[] places = new (long, int)[group.Chunks.Length];
        for (int leafIndex = 0; leafIndex < places.Length; leafIndex++)
        {
            if (group.Chunks[leafIndex].Bloom is BloomFilter bloom)
            {
                int start = target.Length;
                bloom.Encode(target);
                places[leafIndex] = (_position + start, target.Length - start);
            }
        }

        return places;
    }

    private (long Offset, int Length)[] EncodeColumnIndexes(PlacedRowGroup group, BufferBuilder target)
    {
        (long, int)[] places = new (long, int)[group.Chunks.Length];
        for (int leafIndex = 0; leafIndex < places.Length; leafIndex++)
        {
            if (group.Chunks[leafIndex].PageIndex is { HasColumnIndex: true } pageIndex)
            {
                int start = target.Length;
                CompactWriter writer = new(target);
                pageIndex.EncodeColumnIndex(ref writer, _leaves[leafIndex].CompareBounds);
                places[leafIndex] = (_position + start, target.Length - start);
            }
        }

        return places;
    }

    private (long Offset, int Length)[] EncodeOffsetIndexes(PlacedRowGroup group, BufferBuilder target)
    {
        (long, int)[] places = new (long, int)[group.Chunks.Length];
        long chunkOffset = group.Offset;
        for (int leafIndex = 0; leafIndex < places.Length; leafIndex++)
        {
            EncodedChunk chunk = group.Chunks[leafIndex];
            if (chunk.PageIndex is PageIndexBuilder pageIndex)
            {
                int start = target.Length;
                CompactWriter writer = new(target);
                pageIndex.EncodeOffsetIndex(ref writer, chunkOffset + (chunk.Dictionary?.SizeBytes ?? 0));
                places[leafIndex] = (_position + start, target.Length - start);
            }

            chunkOffset += chunk.SizeBytes;
        }

        return places;
    }

    private RowGroupMetadata Describe(
        PlacedRowGroup group,
        int index,
        (long, int)[] columnIndexes,
        (long, int)[] offsetIndexes,
        (long, int)[] blooms)
    {
        ColumnChunkMetadata[] columns = new ColumnChunkMetadata[group.Chunks.Length];
        long chunkOffset = group.Offset;
        for (int leafIndex = 0; leafIndex < columns.Length; leafIndex++)
        {
            EncodedChunk chunk = group.Chunks[leafIndex];
            columns[leafIndex] = chunk.ToMetadata(
                chunkOffset, _options.Codec, columnIndexes[leafIndex], offsetIndexes[leafIndex], blooms[leafIndex]);
            chunkOffset += chunk.SizeBytes;
        }

        return new RowGroupMetadata
        {
            Index = index,
            FirstRow = group.FirstRow,
            RowCount = group.RowCount,
            UncompressedSize = group.Chunks.Sum(chunk => chunk.UncompressedSize),
            Columns = columns,
        };
    }

    // Java readers parse this form and distrust bounds of writers that they cannot parse.
    private static string DescribeWriter()
    {
        string version = typeof(FileEncoder).Assembly
            .GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "0.0.0";
        int plus = version.IndexOf('+', StringComparison.Ordinal);
        return plus < 0
            ? $"polder version {version} (build {version})"
            : $"polder version {version[..plus]} (build {version[(plus + 1)..]})";
    }

    private sealed record PlacedRowGroup(EncodedChunk[] Chunks, long Offset, long FirstRow, int RowCount);
}

/// <summary>The bytes of a row group, chunk after chunk.</summary>
internal sealed class EncodedRowGroup : IDisposable
{
    private readonly EncodedChunk[] _chunks;

    public EncodedRowGroup(EncodedChunk[] chunks)
    {
        _chunks = chunks;
    }

    /// <summary>The bytes in order, borrowed until this is disposed.</summary>
    public IEnumerable<ReadOnlyMemory<byte>> Parts() => _chunks.SelectMany(chunk => chunk.Parts());

    /// <summary>Gives the memory back; what the footer needs stays.</summary>
    public void Dispose()
    {
        foreach (EncodedChunk chunk in _chunks)
        {
            chunk.Dispose();
        }
    }
}
