using System;
using System.Threading.Tasks;
using Polder.Bytes;
using Polder.Parquet;
using Polder.Parquet.Footer;
using Polder.Parquet.Format;
using Xunit;

namespace Polder.Tests.Parquet.Generated;

/// <summary>Pages and footers with the liberties that writers take.</summary>
public sealed class PageTests
{
    private static readonly byte[] OneTwo = [1, 0, 0, 0, 2, 0, 0, 0];

    private static readonly PageHeader V2 = new()
    {
        Type = PageType.DataPageV2,
        UncompressedSize = 0,
        CompressedSize = 0,
        ValueCount = 2,
        RowCount = 2,
        DefinitionLevelBytes = 2,
    };

    [Theory]
    [InlineData(CompressionCodec.Snappy, true)]
    [InlineData(CompressionCodec.Snappy, false)]
    [InlineData(CompressionCodec.Zstd, false)]
    [InlineData(CompressionCodec.Uncompressed, true)]
    [InlineData(CompressionCodec.Uncompressed, false)]
    public async Task Of_a_page_of_version_2_its_own_flag_says_whether_it_is_compressed(
        CompressionCodec codec, bool isCompressed)
    {
        Assert.Equal(["Int32 1", "Int32 2"], await Nullable(codec)
            .Page(V2 with { IsCompressed = isCompressed }, [4, 1, .. OneTwo]).ReadAsync(2));
    }

    [Fact]
    public async Task A_page_of_version_2_without_values_has_no_body_to_decompress()
    {
        // parquet-java leaves out the compressed form of nothing.
        Assert.Equal(["null", "null", "Int32 1", "Int32 2"], await Nullable(CompressionCodec.Uncompressed)
            .Page(V2 with { NullCount = 2 }, [4, 0])
            .Page(V2, [4, 1, .. OneTwo])
            .ReadAsync(4));
        byte[] file = Nullable(CompressionCodec.Snappy)
            .Page(V2 with { NullCount = 2, IsCompressed = false }, [4, 0]).Build(2);
        Assert.Equal(["null", "null"], await GeneratedColumn.ReadAsync(file));
    }

    [Fact]
    public async Task Pages_of_both_versions_may_follow_each_other()
    {
        byte[] levels = GeneratedColumn.WithLength([4, 1]);
        Assert.Equal(
            ["Int32 1", "Int32 2", "Int32 1", "Int32 2", "null", "null"],
            await Nullable(CompressionCodec.Zstd)
                .Page(2, ParquetEncoding.Plain, [.. levels, .. OneTwo])
                .Page(V2, [4, 1, .. OneTwo])
                .Page(2, ParquetEncoding.Plain, GeneratedColumn.WithLength([4, 0]))
                .ReadAsync(6));
    }

    [Fact]
    public async Task A_row_may_go_on_in_the_next_page_of_version_1()
    {
        // [1, 2], [1] over two pages, cut inside the first row.
        byte[] first = [.. GeneratedColumn.WithLength([2, 0]), .. GeneratedColumn.WithLength([2, 3]), 1, 0, 0, 0];
        byte[] second =
        [
            .. GeneratedColumn.WithLength(GeneratedColumn.Packed(1, 1, 0)), .. GeneratedColumn.WithLength([4, 3]),
            2, 0, 0, 0, 1, 0, 0, 0,
        ];
        Assert.Equal(["[Int32 1, Int32 2]", "[Int32 1]"], await new GeneratedColumn(
            GeneratedColumn.ListOf(PhysicalType.Int32))
            .Page(1, ParquetEncoding.Plain, first)
            .Page(2, ParquetEncoding.Plain, second)
            .ReadAsync(2));
    }

    [Fact]
    public async Task A_checksum_is_verified_where_there_is_one()
    {
        PageHeader header = V2 with { Type = PageType.DataPage, Crc = 1 };
        byte[] body = [.. GeneratedColumn.WithLength([4, 1]), .. OneTwo];
        byte[] file = Nullable(CompressionCodec.Uncompressed).Page(header, body).Build(2);
        Assert.Equal(["Int32 1", "Int32 2"], await GeneratedColumn.ReadAsync(file));

        file[Array.LastIndexOf(file, (byte)2, Find(file, body) + body.Length)] = 3;
        CorruptFileException damage = await Assert.ThrowsAsync<CorruptFileException>(
            () => GeneratedColumn.ReadAsync(file));
        Assert.Contains("the page's checksum", damage.Message, StringComparison.Ordinal);
        Assert.Contains("row group 0, column 'c', page 0", damage.Message, StringComparison.Ordinal);
        Assert.Contains("generated.parquet", damage.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Pages_of_kinds_yet_unknown_and_index_pages_are_stepped_over()
    {
        PageHeader other = V2 with { Type = PageType.IndexPage, ValueCount = 0 };
        Assert.Equal(["Int32 1", "Int32 2"], await Nullable(CompressionCodec.Uncompressed)
            .Page(other, [1, 2, 3])
            .Page(V2, [4, 1, .. OneTwo])
            .ReadAsync(2));
    }

    [Theory]
    [InlineData("ARROW:schema", "this is no base64!")]
    [InlineData("ARROW:schema", "/////w==")]
    [InlineData("pandas", "{")]
    [InlineData("geo", null)]
    public async Task What_others_keep_in_the_footer_does_not_matter_however_broken(string key, string? value)
    {
        GeneratedColumn column = new(PhysicalType.Int32) { KeyValues = [new(key, value)] };
        Assert.Equal(["Int32 1", "Int32 2"], await column.Page(2, ParquetEncoding.Plain, OneTwo).ReadAsync(2));
    }

    [Fact]
    public async Task A_field_of_a_number_that_only_extensions_have_is_stepped_over()
    {
        byte[] file = new GeneratedColumn(PhysicalType.Int32).Page(2, ParquetEncoding.Plain, OneTwo).Build(2);

        // Before the footer's stop byte: bytes of the field 32767, its number in full.
        byte[] extension = [8, 0xFE, 0xFF, 0x03, 3, 1, 2, 3, 0];
        int footerBytes = BitConverter.ToInt32(file, file.Length - 8) + extension.Length - 1;
        byte[] extended = [.. file[..^9], .. extension, .. BitConverter.GetBytes(footerBytes), .. file[^4..]];
        Assert.Equal(["Int32 1", "Int32 2"], await GeneratedColumn.ReadAsync(extended));
    }

    [Fact]
    public void A_chunk_in_another_file_is_refused()
    {
        using BufferBuilder bytes = new();
        CompactWriter writer = new(bytes);
        writer.WriteString(1, "part-2.parquet");
        writer.EndStruct();
        ParquetLeaf leaf = SchemaTree.Build(new GeneratedColumn(PhysicalType.Int32).Elements, Limits.Default).Leaves[0];
        UnsupportedFeatureException refusal = Assert.Throws<UnsupportedFeatureException>(() =>
        {
            CompactReader reader = new(bytes.Span, Limits.Default);
            ColumnChunkDecoder.Decode(ref reader, bytes.Span.ToArray(), leaf);
        });
        Assert.Contains("part-2.parquet", refusal.Message, StringComparison.Ordinal);
    }

    private static GeneratedColumn Nullable(CompressionCodec codec) =>
        new(PhysicalType.Int32, isNullable: true) { Codec = codec };

    private static int Find(byte[] file, byte[] body) => file.AsSpan().IndexOf(body);
}
