using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;
using System.Threading.Tasks;
using Polder.Columns;
using Polder.Parquet;
using Polder.Parquet.Footer;
using Polder.Parquet.Format;
using Polder.Tests.Parquet.Footer;
using Xunit;

namespace Polder.Tests.Parquet.Write;

/// <summary>The page index against the values written and the page headers in the file.</summary>
public sealed class PageIndexTests
{
    private const int RowCount = 1000;

    private static readonly DataType Schema = DataType.Struct(
        new StructField("sorted", DataType.Integer),
        new StructField("falling", DataType.Integer),
        new StructField("text", DataType.String),
        new StructField("list", DataType.Array(DataType.Integer)));

    [Theory]
    [InlineData(0)]
    [InlineData(1 << 20)]
    public async Task Every_page_is_where_and_what_the_index_says(int dictionaryBytes)
    {
        Random random = new(3);
        object?[][] columns =
        [
            [.. Enumerable.Range(0, RowCount).Select(row => row is > 200 and < 420 ? null : (object?)(row / 3))],
            [.. Enumerable.Range(0, RowCount).Select(row => (object?)(-row))],
            [.. Enumerable.Range(0, RowCount).Select(_ =>
                random.Next(4) == 0 ? null : (object?)("t" + random.Next(50)))],
            [.. Enumerable.Range(0, RowCount).Select(row => (object?)Enumerable.Range(0, row % 4)
                .Select(index => (object?)(row * index)).ToArray())],
        ];
        using PeerReaders.TemporaryFolder folder = new();
        await WriteRoundTripTests.WriteAsync(
            folder, "a.parquet", Schema,
            new ParquetWriteOptions { RowsPerPage = 97, RowsPerRowGroup = 600, DictionaryBytes = dictionaryBytes },
            [WriteRoundTripTests.Batch(Schema, columns, RowCount, random, 0)]);

        byte[] file = File.ReadAllBytes(folder.File("a.parquet"));
        ParquetFooter footer = FooterDecoderTests.Decode(file);
        Assert.Equal(2, footer.RowGroups.Count);
        foreach (RowGroupMetadata group in footer.RowGroups)
        {
            for (int column = 0; column < columns.Length; column++)
            {
                CheckChunk(file, group, group.Columns[column], columns[column]);
            }

            Assert.Equal(BoundaryOrder.Ascending, ReadColumnIndex(file, group.Columns[0]).Order);
            Assert.Equal(BoundaryOrder.Descending, ReadColumnIndex(file, group.Columns[1]).Order);
        }
    }

    private static void CheckChunk(
        byte[] file, RowGroupMetadata group, ColumnChunkMetadata chunk, object?[] column)
    {
        ReadOnlySpan<PageLocation> pages = OffsetIndex.Decode(
            file.AsSpan((int)chunk.OffsetIndex.Offset, chunk.OffsetIndex.Length), Limits.Default, 0).Pages.Span;
        ColumnIndex index = ReadColumnIndex(file, chunk);
        Assert.Equal(chunk.DataPageOffset, pages[0].Offset);
        Assert.Equal(chunk.EndOffset(file.Length), pages[^1].Offset + pages[^1].SizeBytes);
        for (int page = 0; page < pages.Length; page++)
        {
            PageHeader header = PageHeader.TryDecode(
                file.AsMemory((int)pages[page].Offset), Limits.Default, 0, out int length)!;
            Assert.Equal(pages[page].SizeBytes, length + header.CompressedSize);
            long end = page + 1 < pages.Length ? pages[page + 1].FirstRow : group.RowCount;
            object?[] rows = column[(int)(group.FirstRow + pages[page].FirstRow)..(int)(group.FirstRow + end)];
            object?[] slots =
                [.. rows.SelectMany(row => row is object?[] list ? list.Length == 0 ? [null] : list : [row])];
            Assert.Equal(slots.Length, header.ValueCount);
            object[] values = [.. slots.OfType<object>()];
            Assert.Equal(slots.Length - values.Length, index.NullCounts.Span[page]);
            Assert.Equal(values.Length == 0, index.NullPages.Span[page]);
            if (values.Length > 0)
            {
                Assert.Equal(values.Min(Comparer<object>.Create(Compare)), Value(index.Minimums.Span[page], values[0]));
                Assert.Equal(values.Max(Comparer<object>.Create(Compare)), Value(index.Maximums.Span[page], values[0]));
            }
        }
    }

    private static ColumnIndex ReadColumnIndex(byte[] file, ColumnChunkMetadata chunk) => ColumnIndex.Decode(
        file.AsMemory((int)chunk.ColumnIndex.Offset, chunk.ColumnIndex.Length), Limits.Default, 0);

    private static int Compare(object? left, object? right) => left is string text
        ? string.CompareOrdinal(text, (string?)right)
        : ((int)left!).CompareTo((int)right!);

    private static object Value(ReadOnlyMemory<byte> bytes, object like) => like is string
        ? Encoding.UTF8.GetString(bytes.Span)
        : BinaryPrimitives.ReadInt32LittleEndian(bytes.Span);
}
