using System;
using System.Collections;
using System.Collections.Generic;
using Polder.Parquet.Format;

namespace Polder.Parquet.Footer;

/// <summary>
/// The chunks of a row group, each decoded when it is first asked for: opening a file of many columns steps over those
/// that nobody reads. Thread-safe: two threads may decode the same chunk, and either's is as good.
/// </summary>
internal sealed class LazyChunks : IReadOnlyList<ColumnChunkMetadata>
{
    private readonly ColumnChunkMetadata?[] _chunks;
    private readonly int[] _starts;
    private readonly ParquetSchema _schema;
    private readonly ReadOnlyMemory<byte> _metadata;
    private readonly long _fileOffset;
    private readonly Limits _limits;

    private LazyChunks(
        int[] starts, ParquetSchema schema, ReadOnlyMemory<byte> metadata, long fileOffset, Limits limits)
    {
        _chunks = new ColumnChunkMetadata?[starts.Length];
        _starts = starts;
        _schema = schema;
        _metadata = metadata;
        _fileOffset = fileOffset;
        _limits = limits;
    }

    /// <inheritdoc />
    public int Count => _chunks.Length;

    /// <summary>A chunk.</summary>
    /// <exception cref="CorruptFileException">Its metadata is broken.</exception>
    /// <exception cref="UnsupportedFeatureException">It is encrypted, or stands in another file.</exception>
    public ColumnChunkMetadata this[int index] => _chunks[index] ??= Decode(index);

    /// <summary>Steps over the chunks of a row group, and remembers where they stand.</summary>
    /// <param name="reader">At the first chunk; moved behind the last one.</param>
    /// <param name="count">How many there are: as many as the schema has leaves.</param>
    /// <param name="schema">The schema.</param>
    /// <param name="metadata">All bytes of the reader.</param>
    /// <exception cref="CorruptFileException">They are no Thrift structs, or end early.</exception>
    public static LazyChunks StepOver(
        ref CompactReader reader, int count, ParquetSchema schema, ReadOnlyMemory<byte> metadata)
    {
        int[] starts = new int[count];
        for (int index = 0; index < count; index++)
        {
            starts[index] = reader.Position;
            reader.Skip(CompactType.Struct);
        }

        return new LazyChunks(starts, schema, metadata, reader.FileOffset, reader.Limits);
    }

    /// <inheritdoc />
    public IEnumerator<ColumnChunkMetadata> GetEnumerator()
    {
        for (int index = 0; index < _chunks.Length; index++)
        {
            yield return this[index];
        }
    }

    /// <inheritdoc />
    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private ColumnChunkMetadata Decode(int index)
    {
        int start = _starts[index];
        CompactReader reader = new(_metadata.Span[start..], _limits, _fileOffset + start);
        return ColumnChunkDecoder.Decode(ref reader, _metadata[start..], _schema.Leaves[index]);
    }
}
