using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading.Tasks;
using Apache.Arrow;
using Polder.Bytes;
using Polder.Columns;
using Polder.Expressions;
using Polder.Files;
using Polder.Parquet;
using Polder.Parquet.Footer;
using Polder.Storage;
using Polder.Storage.Memory;
using Xunit;

namespace Polder.Tests.Files;

/// <summary>Which bytes of a file a scan reads: none that pruning ruled out.</summary>
public sealed class SelectiveReadTests
{
    private const int RowCount = 60_000;
    private const int RowsPerRowGroup = 20_000;
    private const int RowsPerPage = 1000;

    /// <summary>Excluded bytes between two pages that may be read with them.</summary>
    private const int GapBytes = 4 << 10;

    private static readonly string[] Names = ["id", "wide", "noise"];

    [Theory]
    [InlineData("id = 12345", false, 12_000, 13_000)]
    [InlineData("id BETWEEN 25500 AND 27500", false, 25_000, 28_000)]
    [InlineData("id >= 59990 OR id < 10", false, 59_000, 1000)]
    [InlineData("id IN (5, 41000)", true, 0, 0)]
    [InlineData("id = 12345", true, 12_000, 13_000)]
    public async Task Pages_that_cannot_match_are_not_read(string predicate, bool filters, int from, int to)
    {
        byte[] file = await FileAsync();
        (List<ByteRange> reads, long rows) = await ScanAsync(file, predicate, filters, mask: null);
        HashSet<int> pages = from == 0 && to == 0 ? [0, 41] : from < to
            ? [.. Enumerable.Range(from / RowsPerPage, (to - from) / RowsPerPage)]
            :
            [
                .. Enumerable.Range(0, to / RowsPerPage),
                .. Enumerable.Range(from / RowsPerPage, (RowCount - from) / RowsPerPage),
            ];
        await AssertOnlyPagesAsync(file, reads, pages);
        Assert.Equal(filters ? pages.Count : pages.Count * RowsPerPage, rows);
    }

    [Fact]
    public async Task Pages_whose_rows_the_filter_leaves_out_are_read_of_its_columns_only()
    {
        byte[] file = await FileAsync();
        (List<ByteRange> reads, long rows) = await ScanAsync(file, "noise = 777777", filters: true, mask: null);
        await AssertOnlyPagesAsync(file, reads, [7, 31], allOf: "noise");
        Assert.Equal(2, rows);
    }

    [Fact]
    public async Task Pages_whose_rows_are_all_left_out_are_not_read()
    {
        byte[] file = await FileAsync();
        byte[] leftOut = new byte[(RowCount + 7) / 8];
        leftOut.AsSpan(0, 2000 / 8).Fill(0xFF);
        leftOut.AsSpan(20_000 / 8, 20_000 / 8).Fill(0xFF);
        leftOut[50_000 / 8] = 0x01;
        (List<ByteRange> reads, long rows) = await ScanAsync(file, null, filters: false, leftOut);
        await AssertOnlyPagesAsync(file, reads, [.. Enumerable.Range(2, 18), .. Enumerable.Range(40, 20)]);
        Assert.Equal(RowCount - 2000 - 20_000 - 1, rows);
    }

    private static async Task<(List<ByteRange> Reads, long Rows)> ScanAsync(
        byte[] file, string? predicate, bool filters, byte[]? mask)
    {
        CountingStore store = new(file);
        Engine engine = new(new EngineOptions { Parallelism = 2 });
        await using ParquetFileReader reader = await ParquetFileReader.OpenAsync(engine, store, CountingStore.Path);
        store.Reads.Clear();
        ParquetReadOptions options = new()
        {
            Predicate = predicate is null
                ? null
                : ExpressionAnalyzer.AnalyzeCondition(predicate, reader.Footer.Schema.ToDataType()),
            FiltersRows = filters,
            Mask = mask is null ? null : new RowMask(mask, RowCount),
        };
        long rows = 0;
        await foreach (RecordBatch batch in reader.ReadAsync(options))
        {
            rows += batch.Length;
        }

        return (store.Reads, rows);
    }

    private static async Task AssertOnlyPagesAsync(
        byte[] file, List<ByteRange> reads, HashSet<int> pages, string? allOf = null)
    {
        await using ParquetFileReader reader =
            await ParquetFileReader.OpenAsync(Engine.Default, new CountingStore(file), CountingStore.Path);
        long indexStart = reader.Footer.RowGroups
            .SelectMany(group => group.Columns).Min(chunk => chunk.ColumnIndex.Offset);
        long wanted = 0, allowed = 0;
        foreach (ColumnChunkMetadata chunk in reader.Footer.RowGroups.SelectMany(group => group.Columns))
        {
            int firstPage = (int)(reader.Footer.RowGroups
                .First(group => group.Columns.Contains(chunk)).FirstRow / RowsPerPage);
            OffsetIndex index = OffsetIndex.Decode(
                file.AsSpan((int)chunk.OffsetIndex.Offset, chunk.OffsetIndex.Length), Limits.Default, 0);
            for (int page = 0; page < index.Pages.Length; page++)
            {
                PageLocation place = index.Pages.Span[page];
                bool isWanted = pages.Contains(firstPage + page) || chunk.Leaf.Path[0] == allOf;
                wanted += isWanted ? place.SizeBytes : 0;
                long read = reads.Where(range => range.Offset < indexStart).Sum(range => long.Max(
                    0, long.Min(range.End, place.Offset + place.SizeBytes) - long.Max(range.Offset, place.Offset)));
                Assert.True(!isWanted || read == place.SizeBytes, $"page {firstPage + page}: {read} bytes read");
                allowed += isWanted ? place.SizeBytes + GapBytes : 0;
            }
        }

        long bytes = reads.Where(range => range.Offset < indexStart).Sum(range => (long)range.Length);
        Assert.InRange(bytes, wanted, allowed);
    }

    private static async Task<byte[]> FileAsync()
    {
        Random random = new(5);
        DataType schema = DataType.Struct([.. Names.Select(name => new StructField(name, DataType.Long, false))]);
        MemoryStore store = new();
        ParquetWriteOptions options = new()
        {
            RowsPerPage = RowsPerPage,
            RowsPerRowGroup = RowsPerRowGroup,
            DictionaryBytes = 0,
            Codec = CompressionCodec.Uncompressed,
        };
        await using (ParquetFileWriter writer = await ParquetFileWriter.CreateAsync(
            Engine.Default, store, new StorePath("a"), schema, options))
        {
            await writer.WriteAsync(new RecordBatch(
                ArrowTypes.ToSchema(schema),
                [
                    Longs(row => row),
                    Longs(_ => random.NextInt64()),
                    Longs(row => row is 7123 or 31_999 ? 777_777 : random.Next(700_000) + (row % 2 * 100_000)),
                ],
                RowCount));
            await writer.CompleteAsync();
        }

        using BufferSlice body = await store.ReadAsync(new StorePath("a"));
        return body.Span.ToArray();
    }

    private static Int64Array Longs(Func<int, long> value)
    {
        byte[] bytes = new byte[RowCount * sizeof(long)];
        Span<long> values = ByteCast.As<long>(bytes.AsSpan());
        for (int row = 0; row < RowCount; row++)
        {
            values[row] = value(row);
        }

        return new Int64Array(new ArrowBuffer(bytes), ArrowBuffer.Empty, RowCount, 0, 0);
    }
}
