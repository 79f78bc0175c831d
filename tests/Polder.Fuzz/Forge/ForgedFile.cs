using System;
using System.Collections.Generic;
using System.IO.Hashing;
using System.Linq;
using Polder.Bytes;
using Polder.Parquet;
using Polder.Parquet.Compression;
using Polder.Parquet.Footer;
using Polder.Parquet.Format;
using Polder.Parquet.Write;

namespace Polder.Fuzz.Forge;

/// <summary>
/// A page: what its header shall say, and its body before compression. Lengths and checksum are mended.
/// </summary>
internal sealed class ForgedPage(PageHeader header, byte[] body)
{
    public PageHeader Header { get; set; } = header;

    public byte[] Body { get; set; } = body;
}

/// <summary>A column chunk in pieces.</summary>
internal sealed class ForgedChunk
{
    public required ParquetLeaf Leaf { get; init; }

    public required CompressionCodec Codec { get; set; }

    public required long ValueCount { get; set; }

    public List<ForgedPage> Pages { get; init; } = [];

    public ChunkStatistics? Statistics { get; init; }
}

/// <summary>A row group in pieces.</summary>
internal sealed class ForgedRowGroup
{
    public required long RowCount { get; set; }

    public List<ForgedChunk> Chunks { get; init; } = [];
}

/// <summary>
/// A Parquet file in pieces that may contradict each other, put together so that a reader gets as far as them: offsets,
/// lengths and checksums are right.
/// </summary>
internal sealed class ForgedFile
{
    private static readonly CodecContext Codecs = new();

    public required List<SchemaElement> Elements { get; init; }

    public List<ForgedRowGroup> RowGroups { get; init; } = [];

    public List<KeyValuePair<string, string?>> KeyValues { get; init; } = [];

    public string? CreatedBy { get; init; }

    /// <summary>Takes a file apart.</summary>
    /// <exception cref="CorruptFileException">It is broken.</exception>
    public static ForgedFile TakeApart(ReadOnlyMemory<byte> file)
    {
        ParquetFooter footer = FooterDecoder.Decode(file.Span, file.Length, Limits.Default, out _)!;
        ForgedFile forged = new() { Elements = [.. footer.Schema.Elements] };
        foreach (RowGroupMetadata group in footer.RowGroups)
        {
            ForgedRowGroup rowGroup = new() { RowCount = group.RowCount };
            rowGroup.Chunks.AddRange(group.Columns.Select(chunk => TakeApart(file, chunk)));
            forged.RowGroups.Add(rowGroup);
        }

        return forged;
    }

    /// <summary>The file.</summary>
    public byte[] Build()
    {
        using BufferBuilder target = new();
        target.Write(FooterEncoder.Magic);
        List<RowGroupMetadata> rowGroups = [];
        long firstRow = 0;
        foreach (ForgedRowGroup group in RowGroups)
        {
            rowGroups.Add(new RowGroupMetadata
            {
                Index = rowGroups.Count,
                FirstRow = firstRow,
                RowCount = group.RowCount,
                Columns = [.. group.Chunks.Select(chunk => Append(chunk, target))],
            });
            firstRow += group.RowCount;
        }

        SchemaElement root = Elements[0];
        FooterEncoder.Encode(
            new ParquetFooter
            {
                Version = 1,
                Schema = new ParquetSchema(Elements, new SchemaNode(root, 0, 0, []), []),
                RowCount = firstRow,
                RowGroups = rowGroups,
                KeyValues = KeyValues,
                CreatedBy = CreatedBy,
                ColumnOrders = [],
            },
            target);
        return target.Span.ToArray();
    }

    private static ForgedChunk TakeApart(ReadOnlyMemory<byte> file, ColumnChunkMetadata chunk)
    {
        ForgedChunk forged = new() { Leaf = chunk.Leaf, Codec = chunk.Codec, ValueCount = chunk.ValueCount };
        int position = (int)chunk.StartOffset;
        int end = (int)chunk.EndOffset(file.Length);
        while (position < end)
        {
            PageHeader header = PageHeader.TryDecode(file[position..end], Limits.Default, position, out int length)!;
            position += length;
            ReadOnlyMemory<byte> body = file.Slice(position, header.CompressedSize);
            byte[] plain = new byte[header.UncompressedSize];
            int levels = LevelBytes(header, plain.Length);
            body[..levels].CopyTo(plain);
            bool isCompressed = header.Type != PageType.DataPageV2 || header.IsCompressed;
            Polder.Parquet.Pages.PageDecompressor.Decompress(
                isCompressed ? chunk.Codec : CompressionCodec.Uncompressed,
                body[levels..],
                plain.AsMemory(levels),
                Codecs);
            forged.Pages.Add(new ForgedPage(header, plain));
            position += header.CompressedSize;
        }

        return forged;
    }

    private static ColumnChunkMetadata Append(ForgedChunk chunk, BufferBuilder target)
    {
        int start = target.Length;
        long uncompressed = 0;
        int? dictionary = null;
        int data = start;
        foreach (ForgedPage page in chunk.Pages)
        {
            if (page.Header.Type == PageType.DictionaryPage && target.Length == start)
            {
                dictionary = start;
            }

            int before = target.Length;
            uncompressed += Append(page, chunk.Codec, target);
            data = dictionary == before ? target.Length : data;
        }

        return new ColumnChunkMetadata
        {
            Leaf = chunk.Leaf,
            Codec = chunk.Codec,
            ValueCount = chunk.ValueCount,
            UncompressedSize = uncompressed,
            CompressedSize = target.Length - start,
            DataPageOffset = data,
            DictionaryPageOffset = dictionary,
            Encodings = [ParquetEncoding.Plain],
            Statistics = chunk.Statistics,
        };
    }

    private static long Append(ForgedPage page, CompressionCodec codec, BufferBuilder target)
    {
        int levels = LevelBytes(page.Header, page.Body.Length);
        bool isCompressed = page.Header.Type != PageType.DataPageV2 || page.Header.IsCompressed;
        byte[] stored = [.. page.Body.AsSpan(0, levels), .. isCompressed
            ? Compress(page.Body.AsSpan(levels), codec)
            : page.Body.AsSpan(levels)];
        CompactWriter writer = new(target);
        int start = target.Length;
        PageHeaderCodec.Encode(ref writer, page.Header with
        {
            UncompressedSize = page.Body.Length,
            CompressedSize = stored.Length,
            Crc = page.Header.Crc is null ? null : Crc32.HashToUInt32(stored),
        });
        int headerBytes = target.Length - start;
        target.Write(stored);
        return headerBytes + page.Body.Length;
    }

    private static byte[] Compress(ReadOnlySpan<byte> body, CompressionCodec codec)
    {
        using BufferBuilder source = new();
        using BufferBuilder compressed = new();
        source.Write(body);
        CompressionCodec written = codec switch
        {
            CompressionCodec.Lz4 => CompressionCodec.Lz4Raw,
            CompressionCodec.Lzo => CompressionCodec.Uncompressed,
            _ when !Enum.IsDefined(codec) => CompressionCodec.Uncompressed,
            _ => codec,
        };
        return PageCompressor.Compress(source, compressed, Codecs, new ParquetWriteOptions { Codec = written })
            .Span.ToArray();
    }

    private static int LevelBytes(PageHeader header, int most) => header.Type != PageType.DataPageV2
        ? 0
        : (int)long.Clamp((long)header.RepetitionLevelBytes + header.DefinitionLevelBytes, 0, most);
}
