using System;
using System.Linq;
using Polder.Bytes;
using Polder.Parquet;
using Polder.Parquet.Footer;
using Polder.Parquet.Format;
using Xunit;

namespace Polder.Tests.Parquet.Format;

public sealed class ThriftTests
{
    public static TheoryData<int> Headers => [.. Enumerable.Range(0, AllHeaders.Length)];

    private static PageHeader[] AllHeaders { get; } =
    [
        new()
        {
            Type = PageType.DataPage, UncompressedSize = 1 << 20, CompressedSize = 77, Crc = 0xFEDCBA98, ValueCount = 9,
            Encoding = ParquetEncoding.RleDictionary, Statistics = new ChunkStatistics
            {
                MinimumBytes = new byte[] { 1 }, MaximumBytes = new byte[] { 2, 3 }, NullCount = 4,
                IsMinimumExact = true, IsMaximumExact = false, DistinctCount = 7, NaNCount = 0,
            },
        },
        new() { Type = PageType.DictionaryPage, UncompressedSize = 0, CompressedSize = 0, ValueCount = 3 },
        new()
        {
            Type = PageType.DataPageV2, UncompressedSize = 5, CompressedSize = 6, ValueCount = 7, NullCount = 1,
            RowCount = 2, Encoding = ParquetEncoding.DeltaBinaryPacked, DefinitionLevelBytes = 3,
            RepetitionLevelBytes = 4, IsCompressed = false,
        },
    ];

    [Theory]
    [MemberData(nameof(Headers))]
    public void A_page_header_comes_back_and_its_front_asks_for_more(int headerIndex)
    {
        PageHeader header = AllHeaders[headerIndex];
        using BufferBuilder target = new();
        CompactWriter writer = new(target);
        PageHeaderCodec.Encode(ref writer, header);
        byte[] bytes = [.. target.Span, 0xAA, 0xBB];

        PageHeader? decoded = PageHeader.TryDecode(bytes, Limits.Default, 0, out int length);
        Assert.Equal(bytes.Length - 2, length);
        Assert.Equal(header with { Statistics = null }, decoded! with { Statistics = null });
        Assert.Equal(header.Statistics?.NullCount, decoded.Statistics?.NullCount);
        Assert.Equal(header.Statistics?.MaximumBytes?.ToArray(), decoded.Statistics?.MaximumBytes?.ToArray());
        Assert.Equal(header.Statistics?.IsMaximumExact, decoded.Statistics?.IsMaximumExact);
        for (int cut = 0; cut < length; cut++)
        {
            Assert.Null(PageHeader.TryDecode(bytes.AsMemory(0, cut), Limits.Default, 0, out _));
        }
    }

    [Fact]
    public void Fields_of_every_type_are_skipped()
    {
        using BufferBuilder target = new();
        CompactWriter writer = new(target);
        writer.WriteBool(1, true);
        writer.WriteByte(2, -1);
        writer.WriteInt16(3, -300);
        writer.WriteInt32(20, int.MinValue);
        writer.WriteInt64(21, long.MaxValue);
        writer.WriteBinary(22, [1, 2, 3]);
        writer.BeginList(23, CompactType.True, 2);
        writer.PutBool(true);
        writer.PutBool(false);
        writer.BeginStruct(24);
        writer.WriteString(1, "inner");
        writer.EndStruct();
        writer.BeginList(25, CompactType.Struct, 20);
        for (int index = 0; index < 20; index++)
        {
            writer.BeginElement();
            writer.WriteInt32(1, index);
            writer.EndStruct();
        }

        writer.WriteInt32(32_767, 42);
        writer.EndStruct();

        CompactReader reader = new(target.Span, Limits.Default);
        short fieldId = 0;
        int found = 0;
        while (reader.ReadField(ref fieldId, out CompactType type))
        {
            if (fieldId == 32_767)
            {
                found = reader.ReadInt32(type);
            }
            else
            {
                reader.Skip(type);
            }
        }

        Assert.Equal(42, found);
        Assert.Equal(target.Length, reader.Position);
    }

    [Fact]
    public void Nesting_without_end_is_refused()
    {
        byte[] bytes = [.. Enumerable.Repeat((byte)0x1C, 100_000)];
        Assert.Throws<CorruptFileException>(() => Skip(bytes, CompactType.Struct));
    }

    [Fact]
    public void A_count_beyond_the_bytes_is_refused_before_anything_is_allocated()
    {
        byte[] list = [0x19, 0xFC, 0xFF, 0xFF, 0xFF, 0x7F];
        Assert.Throws<CorruptFileException>(() => FooterDecoder.DecodeMetadata(
            new byte[] { 0x15, 0x02, 0x19, 0xFC, 0xFF, 0xFF, 0x3F, 0x00 }, 0, Limits.Default));
        Assert.Throws<CorruptFileException>(() => Skip(list, CompactType.Struct));
        Assert.Throws<CorruptFileException>(() => Skip([0xFF, 0xFF, 0xFF, 0xFF, 0x7F], CompactType.Binary));
        Assert.Throws<CorruptFileException>(() => Skip([.. Enumerable.Repeat((byte)0xFF, 20)], CompactType.Int64));
    }

    private static void Skip(byte[] bytes, CompactType type)
    {
        CompactReader reader = new(bytes, Limits.Default);
        reader.Skip(type);
    }
}
