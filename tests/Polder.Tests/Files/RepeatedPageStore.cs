using System;
using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;
using Polder.Bytes;
using Polder.Columns;
using Polder.Parquet;
using Polder.Parquet.Footer;
using Polder.Parquet.Format;
using Polder.Storage;

namespace Polder.Tests.Files;

/// <summary>
/// A Parquet file of one row group of any size that is nowhere: its columns are one page over and over, put together
/// where they are read.
/// </summary>
internal sealed class RepeatedPageStore : IObjectStore
{
    public const int RowsOfPage = 1024;
    public const int PayloadBytes = 1000;

    private readonly List<(long Start, byte[] Bytes)> _regions = [];
    private readonly long _sizeBytes;

    public RepeatedPageStore(int pageCount)
    {
        byte[] ids = MakePage(WriteIds());
        byte[] payloads = MakePage(WritePayloads());
        Add(0, FooterEncoder.Magic.ToArray());
        Add(4, ids);
        long payloadStart = 4 + ((long)ids.Length * pageCount);
        Add(payloadStart, payloads);
        long footerStart = payloadStart + ((long)payloads.Length * pageCount);
        DataType type = DataType.Struct(
            new StructField("id", DataType.Long, nullable: false),
            new StructField("payload", DataType.Binary, nullable: false));
        ParquetSchema schema = ParquetSchema.FromDataType(type);
        long rowCount = (long)RowsOfPage * pageCount;
        ParquetFooter footer = new()
        {
            Version = 1,
            Schema = schema,
            RowCount = rowCount,
            ColumnOrders = [ColumnOrder.TypeDefined, ColumnOrder.TypeDefined],
            RowGroups =
            [
                new RowGroupMetadata
                {
                    Index = 0,
                    FirstRow = 0,
                    RowCount = rowCount,
                    Columns =
                    [
                        Chunk(schema.Leaves[0], 4, ids, pageCount),
                        Chunk(schema.Leaves[1], payloadStart, payloads, pageCount),
                    ],
                },
            ],
        };
        using BufferBuilder builder = new();
        FooterEncoder.Encode(footer, builder);
        Add(footerStart, builder.Span.ToArray());
        _sizeBytes = footerStart + builder.Length;
    }

    public string Root => "memory://repeated";

    public ValueTask<StoreObject?> HeadAsync(StorePath path, CancellationToken cancellationToken = default) =>
        ValueTask.FromResult<StoreObject?>(new StoreObject(path, _sizeBytes, default));

    public ValueTask<BufferSlice> ReadAsync(
        StorePath path, ByteRange? range = null, BufferAllocator? allocator = null,
        CancellationToken cancellationToken = default)
    {
        ByteRange wanted = range ?? throw new NotSupportedException("the whole of it would not fit");
        using BufferBuilder builder = new(wanted.Length, allocator);
        while (builder.Length < wanted.Length)
        {
            long offset = wanted.Offset + builder.Length;
            int region = _regions.FindLastIndex(candidate => candidate.Start <= offset);
            (long start, byte[] bytes) = _regions[region];
            long regionEnd = region + 1 < _regions.Count ? _regions[region + 1].Start : _sizeBytes;
            int within = (int)((offset - start) % bytes.Length);
            long left = long.Min(wanted.Length - builder.Length, regionEnd - offset);
            builder.Write(bytes.AsSpan(within, (int)long.Min(left, bytes.Length - within)));
        }

        return ValueTask.FromResult(builder.Freeze());
    }

    public ValueTask<PutOutcome> PutAsync(
        StorePath path, ReadOnlyMemory<byte> body, PutMode mode, CancellationToken cancellationToken = default) =>
        throw new NotSupportedException();

    public ValueTask<ObjectWriter> OpenWriteAsync(StorePath path, CancellationToken cancellationToken = default) =>
        throw new NotSupportedException();

    public IAsyncEnumerable<StoreObject> ListAsync(
        StorePath prefix, StorePath? startAfter = null, CancellationToken cancellationToken = default) =>
        throw new NotSupportedException();

    public ValueTask DeleteAsync(StorePath path, CancellationToken cancellationToken = default) =>
        throw new NotSupportedException();

    private void Add(long start, byte[] bytes) => _regions.Add((start, bytes));

    private static byte[] WriteIds()
    {
        long[] ids = new long[RowsOfPage];
        for (int row = 0; row < RowsOfPage; row++)
        {
            ids[row] = row;
        }

        return ByteCast.ToBytes<long>(ids).ToArray();
    }

    private static byte[] WritePayloads()
    {
        byte[] payloads = new byte[RowsOfPage * (4 + PayloadBytes)];
        for (int row = 0; row < RowsOfPage; row++)
        {
            Span<byte> value = payloads.AsSpan(row * (4 + PayloadBytes), 4 + PayloadBytes);
            BitConverter.TryWriteBytes(value, PayloadBytes);
            value[4..].Fill((byte)row);
        }

        return payloads;
    }

    private static byte[] MakePage(byte[] body)
    {
        using BufferBuilder builder = new();
        CompactWriter writer = new(builder);
        PageHeaderCodec.Encode(ref writer, new PageHeader
        {
            Type = PageType.DataPage,
            UncompressedSize = body.Length,
            CompressedSize = body.Length,
            ValueCount = RowsOfPage,
        });
        builder.Write(body);
        return builder.Span.ToArray();
    }

    private static ColumnChunkMetadata Chunk(ParquetLeaf leaf, long start, byte[] page, int pageCount) => new()
    {
        Leaf = leaf,
        Codec = CompressionCodec.Uncompressed,
        ValueCount = (long)RowsOfPage * pageCount,
        UncompressedSize = (long)page.Length * pageCount,
        CompressedSize = (long)page.Length * pageCount,
        DataPageOffset = start,
        Encodings = [ParquetEncoding.Plain],
    };
}
