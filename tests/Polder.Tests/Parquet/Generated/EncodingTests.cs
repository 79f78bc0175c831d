using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading.Tasks;
using Polder.Parquet;
using Xunit;

namespace Polder.Tests.Parquet.Generated;

/// <summary>Encodings as old, odd or future writers leave them.</summary>
public sealed class EncodingTests
{
    private static readonly byte[] Seven = [7, 0, 0, 0];

    public static TheoryData<byte[]> WidthZero => new()
    {
        { [0, 20] },
        { [0, 5, 2] },
        { [0, 3, 12, 99] },
    };

    [Theory]
    [MemberData(nameof(WidthZero))]
    public async Task A_dictionary_of_one_entry_takes_no_bits(byte[] positions)
    {
        // Runs of ten in all; of packed groups of no bits not a byte follows.
        Assert.Equal(Enumerable.Repeat("Int32 7", 10), await new GeneratedColumn(PhysicalType.Int32)
            .Dictionary(1, Seven)
            .Page(10, ParquetEncoding.RleDictionary, positions)
            .ReadAsync(10));
    }

    [Fact]
    public async Task A_page_of_nulls_has_no_positions_not_even_their_width()
    {
        byte[] levels = GeneratedColumn.WithLength([20, 0]);
        List<string> expected = [.. Enumerable.Repeat("null", 20)];
        Assert.Equal(expected, await new GeneratedColumn(PhysicalType.Int32, isNullable: true)
            .Dictionary(1, Seven)
            .Page(10, ParquetEncoding.RleDictionary, levels)
            .Page(10, ParquetEncoding.RleDictionary, [.. levels, 0])
            .ReadAsync(20));
    }

    [Theory]
    [InlineData(ParquetEncoding.Plain, ParquetEncoding.RleDictionary)]
    [InlineData(ParquetEncoding.Plain, ParquetEncoding.PlainDictionary)]
    [InlineData(ParquetEncoding.PlainDictionary, ParquetEncoding.RleDictionary)]
    [InlineData(ParquetEncoding.PlainDictionary, ParquetEncoding.PlainDictionary)]
    public async Task Both_names_of_the_dictionary_encoding_mean_the_same(ParquetEncoding page, ParquetEncoding data)
    {
        Assert.Equal(["'b'", "'a'", "'b'"], await new GeneratedColumn(
            PhysicalType.ByteArray, new LogicalType(LogicalKind.String))
            .Dictionary(2, GeneratedColumn.PlainBytes([(byte)'a'], [(byte)'b']), page)
            .Page(3, data, [1, .. GeneratedColumn.Packed(1, 1, 0, 1)])
            .ReadAsync(3));
    }

    [Fact]
    public async Task A_last_packed_run_may_be_cut_after_its_values()
    {
        // Sixteen are announced, ten are there: four bytes of the six.
        byte[] packed = GeneratedColumn.Packed(3, 0, 1, 2, 3, 4, 5, 6, 7, 0, 1, 0, 0, 0, 0, 0, 0)[..^2];
        byte[] entries = [.. Enumerable.Range(0, 8).SelectMany(BitConverter.GetBytes)];
        Assert.Equal(
            [.. Enumerable.Range(0, 8).Concat([0, 1]).Select(value => $"Int32 {value}")],
            await new GeneratedColumn(PhysicalType.Int32)
                .Dictionary(8, entries)
                .Page(10, ParquetEncoding.RleDictionary, [3, .. packed])
                .ReadAsync(10));
    }

    [Fact]
    public async Task Headers_of_zero_pad_a_page()
    {
        byte[] levels = GeneratedColumn.WithLength([6, 1, 0, 0, 0]);
        Assert.Equal(["Int32 7", "Int32 7", "Int32 7"], await new GeneratedColumn(PhysicalType.Int32, isNullable: true)
            .Dictionary(1, Seven)
            .Page(3, ParquetEncoding.RleDictionary, [.. levels, 1, 6, 0, 0, 0, 0])
            .ReadAsync(3));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Booleans_in_runs_have_their_length_before_them_in_both_versions(bool isV2)
    {
        // A run of five, then eight packed of which three count.
        byte[] values = GeneratedColumn.WithLength([10, 1, 3, 0b101]);
        GeneratedColumn column = new(PhysicalType.Boolean);
        column = isV2
            ? column.Page(
                new()
                {
                    Type = PageType.DataPageV2,
                    UncompressedSize = 0,
                    CompressedSize = 0,
                    ValueCount = 8,
                    RowCount = 8,
                    Encoding = ParquetEncoding.Rle,
                },
                values)
            : column.Page(8, ParquetEncoding.Rle, values);
        Assert.Equal(
            ["True", "True", "True", "True", "True", "True", "False", "True"], await column.ReadAsync(8));
    }

    [Fact]
    public async Task Old_levels_packed_from_the_top_bit_nest_lists()
    {
        // [1, null], null, [], [2]: repetition in one bit, definition in two, most significant first.
        byte[] repetition = [0b0100_0000];
        byte[] definition = [0b11_10_00_01, 0b11_000000];
        byte[] values = [1, 0, 0, 0, 2, 0, 0, 0];
        Assert.Equal(
            ["[Int32 1, null]", "null", "[]", "[Int32 2]"],
            await new GeneratedColumn(GeneratedColumn.ListOf(PhysicalType.Int32))
                .Page(5, ParquetEncoding.Plain, [.. repetition, .. definition, .. values], ParquetEncoding.BitPacked)
                .ReadAsync(4));
    }

    [Theory]
    [InlineData(PhysicalType.Float)]
    [InlineData(PhysicalType.Double)]
    public async Task An_encoding_that_is_not_read_yet_is_refused_by_its_name(PhysicalType physical)
    {
        GeneratedColumn column = new GeneratedColumn(physical).Page(1, ParquetEncoding.Alp, new byte[30]);
        UnsupportedFeatureException refusal = await Assert.ThrowsAsync<UnsupportedFeatureException>(
            () => column.ReadAsync(1));
        Assert.Contains("Alp", refusal.Feature, StringComparison.Ordinal);
        Assert.Contains("row group 0, column 'c', page 0", refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(CompressionCodec.Lzo, "Lzo")]
    [InlineData((CompressionCodec)12, "12")]
    public async Task A_codec_that_is_not_there_is_refused_by_its_name(CompressionCodec codec, string name)
    {
        GeneratedColumn column = new GeneratedColumn(PhysicalType.Int32) { Codec = codec }
            .Page(1, ParquetEncoding.Plain, Seven);
        UnsupportedFeatureException refusal = await Assert.ThrowsAsync<UnsupportedFeatureException>(
            () => column.ReadAsync(1));
        Assert.Contains($"compression {name}", refusal.Feature, StringComparison.Ordinal);
    }
}
