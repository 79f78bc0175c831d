using System;
using System.Collections.Generic;
using System.Linq;
using System.Numerics;
using System.Threading.Tasks;
using Polder.Parquet;
using Xunit;

namespace Polder.Tests.Parquet.Generated;

/// <summary>What a physical type and its annotation make of the same bytes, in forms that few writers choose.</summary>
public sealed class PhysicalTypeTests
{
    private static readonly int[] Unscaled = [0, 1, -1, 127, -128, 12_345, -99_999, 99_999];

    public static TheoryData<int> Widths => [.. Enumerable.Range(3, 14), 17, 20];

    [Theory]
    [MemberData(nameof(Widths))]
    public async Task Decimals_of_every_fixed_length_are_numbers(int width)
    {
        byte[][] values = [.. Unscaled.Select(value => BigEndian(value, width))];
        byte[] plain = [.. values.SelectMany(value => value)];
        LogicalType type = LogicalType.Decimal(5, 2);
        foreach ((ParquetEncoding encoding, byte[] body) in ((ParquetEncoding, byte[])[])
            [(ParquetEncoding.Plain, plain), (ParquetEncoding.ByteStreamSplit, GeneratedColumn.Split(values))])
        {
            List<string> rows = await new GeneratedColumn(PhysicalType.FixedLenByteArray, type, width)
                .Page(8, encoding, body)
                .ReadAsync(8);
            Assert.Equal(Shown(), rows);
        }
    }

    [Fact]
    public async Task Decimals_of_byte_arrays_have_any_length_each()
    {
        byte[][] values = [.. Unscaled.Select((value, index) => BigEndian(value, (index % 5 * 5) + 3))];
        LogicalType type = LogicalType.Decimal(5, 2);
        Assert.Equal(Shown(), await new GeneratedColumn(PhysicalType.ByteArray, type)
            .Page(8, ParquetEncoding.Plain, GeneratedColumn.PlainBytes(values))
            .ReadAsync(8));
        Assert.Equal(Shown(), await new GeneratedColumn(PhysicalType.ByteArray, type)
            .Dictionary(8, GeneratedColumn.PlainBytes(values))
            .Page(8, ParquetEncoding.PlainDictionary, [3, .. GeneratedColumn.Packed(3, 0, 1, 2, 3, 4, 5, 6, 7)])
            .ReadAsync(8));
    }

    [Fact]
    public async Task Decimals_of_integers_are_numbers()
    {
        LogicalType type = LogicalType.Decimal(5, 2);
        byte[] words = [.. Unscaled.SelectMany(BitConverter.GetBytes)];
        byte[] longs = [.. Unscaled.SelectMany(value => BitConverter.GetBytes((long)value))];
        Assert.Equal(Shown(), await new GeneratedColumn(PhysicalType.Int32, type)
            .Page(8, ParquetEncoding.Plain, words).ReadAsync(8));
        Assert.Equal(Shown(), await new GeneratedColumn(PhysicalType.Int64, type)
            .Page(8, ParquetEncoding.Plain, longs).ReadAsync(8));
    }

    [Theory]
    [InlineData(8, true, new[] { 300, -1, 127 }, new[] { "SByte 44", "SByte -1", "SByte 127" })]
    [InlineData(8, false, new[] { 300, -1, 127 }, new[] { "Int16 44", "Int16 255", "Int16 127" })]
    [InlineData(16, true, new[] { 70_000, -1, 5 }, new[] { "Int16 4464", "Int16 -1", "Int16 5" })]
    [InlineData(16, false, new[] { 70_000, -1, 5 }, new[] { "Int32 4464", "Int32 65535", "Int32 5" })]
    [InlineData(32, false, new[] { int.MinValue, -1, 5 }, new[] { "Int64 2147483648", "Int64 4294967295", "Int64 5" })]
    public async Task Numbers_beyond_their_annotation_are_cut_and_no_error(
        int width, bool isSigned, int[] stored, string[] expected)
    {
        byte[] plain = [.. stored.SelectMany(BitConverter.GetBytes)];
        Assert.Equal(expected, await new GeneratedColumn(PhysicalType.Int32, LogicalType.Integer(width, isSigned))
            .Page(3, ParquetEncoding.Plain, plain).ReadAsync(3));
    }

    public static TheoryData<PhysicalType, LogicalKind, int> Splittable => new()
    {
        { PhysicalType.Int32, LogicalKind.None, 4 },
        { PhysicalType.Int64, LogicalKind.None, 8 },
        { PhysicalType.Float, LogicalKind.None, 4 },
        { PhysicalType.Double, LogicalKind.None, 8 },
        { PhysicalType.FixedLenByteArray, LogicalKind.Float16, 2 },
        { PhysicalType.FixedLenByteArray, LogicalKind.Uuid, 16 },
        { PhysicalType.FixedLenByteArray, LogicalKind.Interval, 12 },
        { PhysicalType.FixedLenByteArray, LogicalKind.None, 1 },
        { PhysicalType.FixedLenByteArray, LogicalKind.None, 5 },
        { PhysicalType.FixedLenByteArray, LogicalKind.None, 100 },
    };

    [Theory]
    [MemberData(nameof(Splittable))]
    public async Task Split_streams_of_every_type_are_the_plain_values(
        PhysicalType physical, LogicalKind kind, int width)
    {
        Random random = new(width);
        byte[][] values = new byte[37][];
        for (int row = 0; row < values.Length; row++)
        {
            values[row] = new byte[width];
            random.NextBytes(values[row]);
        }

        int length = physical == PhysicalType.FixedLenByteArray ? width : 0;
        List<string> plain = await new GeneratedColumn(physical, new LogicalType(kind), length)
            .Page(37, ParquetEncoding.Plain, [.. values.SelectMany(value => value)]).ReadAsync(37);
        List<string> split = await new GeneratedColumn(physical, new LogicalType(kind), length)
            .Page(37, ParquetEncoding.ByteStreamSplit, GeneratedColumn.Split(values)).ReadAsync(37);
        Assert.Equal(37, plain.Count);
        Assert.Equal(plain, split);
    }

    [Fact]
    public async Task Nanoseconds_in_96_bits_count_days_from_noon_of_4714_before_Christ()
    {
        byte[] epoch = [.. new byte[8], .. BitConverter.GetBytes(2_440_588)];
        byte[] before = [.. BitConverter.GetBytes(86_399_999_999_999L), .. BitConverter.GetBytes(2_440_587)];
        byte[] far = [.. BitConverter.GetBytes(1999L), .. BitConverter.GetBytes(5_373_484)];
        Assert.Equal(
            ["Int64 0", "Int64 -1", "Int64 253402214400000001"],
            await new GeneratedColumn(PhysicalType.Int96)
                .Page(3, ParquetEncoding.Plain, [.. epoch, .. before, .. far]).ReadAsync(3));
    }

    [Fact]
    public async Task A_time_unit_yet_unknown_is_unsupported_and_not_damage()
    {
        GeneratedColumn column = new GeneratedColumn(
            PhysicalType.Int64, LogicalType.Timestamp((LogicalTimeUnit)7, isAdjustedToUtc: true))
            .Page(1, ParquetEncoding.Plain, new byte[8]);
        UnsupportedFeatureException refusal = await Assert.ThrowsAsync<UnsupportedFeatureException>(
            () => column.ReadAsync(1));
        Assert.Contains("time unit", refusal.Message, StringComparison.Ordinal);
    }

    private static List<string> Shown() => [.. Unscaled.Select(value => $"Int128 {value}")];

    private static byte[] BigEndian(int value, int width)
    {
        byte[] bytes = new byte[width];
        bytes.AsSpan().Fill(value < 0 ? (byte)0xFF : (byte)0);
        byte[] small = new BigInteger(value).ToByteArray(isBigEndian: true);
        small.CopyTo(bytes.AsSpan(width - small.Length));
        return bytes;
    }
}
