using System;
using Polder.Columns;
using Polder.Expressions;
using Polder.Parquet;
using Polder.Parquet.Read;
using Xunit;

namespace Polder.Tests.Parquet.Read;

/// <summary>Which statistics are believed: parquet.thrift's rules, and what writers got wrong.</summary>
public sealed class StatisticsBoundsTests
{
    private const string GoodJava = "parquet-mr version 1.12.0 (build abc)";
    private const string OldJava = "parquet-mr version 1.7.0 (build abc)";

    [Fact]
    public void New_bounds_need_a_known_order()
    {
        ChunkStatistics statistics = New(Int32(1), Int32(9));
        Assert.Equal((1, 9), Of(DataType.Integer, statistics, ColumnOrder.TypeDefined));
        Assert.Equal((null, null), Of(DataType.Integer, statistics, ColumnOrder.Undefined));
    }

    [Fact]
    public void Old_bounds_are_believed_of_signed_types_only()
    {
        Assert.Equal((-1, 9), Of(DataType.Integer, Legacy(Int32(-1), Int32(9)), ColumnOrder.Undefined));
        Assert.Equal(
            (null, null), Of(DataType.String, Legacy("a"u8.ToArray(), "z"u8.ToArray()), ColumnOrder.Undefined));
    }

    [Theory]
    [InlineData(GoodJava, "a")]
    [InlineData(OldJava, null)]
    [InlineData("parquet-mr", null)]
    [InlineData(null, null)]
    [InlineData("polder version 0.1.0 (build x)", "a")]
    public void An_old_bound_of_one_string_is_believed_of_writers_that_kept_their_buffers(
        string? createdBy, string? expected) => Assert.Equal(
        (expected, expected),
        Of(DataType.String, Legacy("a"u8.ToArray(), "a"u8.ToArray()), ColumnOrder.Undefined, createdBy));

    [Fact]
    public void NaN_makes_bounds_unknown_and_zeros_take_the_wider_sign()
    {
        Assert.Equal((null, null), Of(DataType.Double, New(Double(double.NaN), Double(1)), ColumnOrder.TypeDefined));
        (object? minimum, object? maximum) = Of(DataType.Double, New(Double(0d), Double(-0d)), ColumnOrder.TypeDefined);
        Assert.True(double.IsNegative((double)minimum!));
        Assert.False(double.IsNegative((double)maximum!));
    }

    [Fact]
    public void NaN_is_hidden_unless_it_was_counted_as_none()
    {
        Assert.True(Bounds(DataType.Double, New(Double(1), Double(2)), ColumnOrder.TypeDefined).HidesNaN);
        ChunkStatistics counted = new() { MinimumBytes = Double(1), MaximumBytes = Double(2), NaNCount = 0 };
        Assert.False(Bounds(DataType.Double, counted, ColumnOrder.TypeDefined).HidesNaN);
    }

    [Fact]
    public void A_bound_that_is_no_text_or_of_another_length_is_unknown()
    {
        Assert.Equal(("a", null), Of(DataType.String, New("a"u8.ToArray(), [0xC3]), ColumnOrder.TypeDefined));
        Assert.Equal((null, 9), Of(DataType.Integer, New([1, 2], Int32(9)), ColumnOrder.TypeDefined));
        Assert.Equal((null, null), Of(DataType.Decimal(30, 2), New([], new byte[17]), ColumnOrder.TypeDefined));
    }

    [Fact]
    public void Decimals_are_big_endian_with_a_sign() => Assert.Equal(
        ((Int128)(-2), (Int128)258),
        Of(DataType.Decimal(30, 2), New([0xFF, 0xFE], [1, 2]), ColumnOrder.TypeDefined));

    [Fact]
    public void Nulls_are_counted_where_the_file_says_and_none_where_there_can_be_none()
    {
        Assert.Equal(3, Bounds(DataType.Integer, new ChunkStatistics { NullCount = 3 }, default).NullCount);
        Assert.Equal(-1, Bounds(DataType.Integer, new ChunkStatistics(), default).NullCount);
        Assert.Equal(-1, Bounds(DataType.Integer, new ChunkStatistics { NullCount = 101 }, default).NullCount);
        Assert.Equal(0, Bounds(DataType.Integer, null, default, isNullable: false).NullCount);
    }

    private static (object? Minimum, object? Maximum) Of(
        DataType type, ChunkStatistics statistics, ColumnOrder order, string? createdBy = GoodJava)
    {
        ColumnBounds bounds = Bounds(type, statistics, order, createdBy);
        return (bounds.Minimum, bounds.Maximum);
    }

    private static ColumnBounds Bounds(
        DataType type, ChunkStatistics? statistics, ColumnOrder order, string? createdBy = GoodJava,
        bool isNullable = true)
    {
        ParquetSchema schema = ParquetSchema.FromDataType(
            DataType.Struct(new StructField("c", type, isNullable)));
        return StatisticsBounds.From(schema.Leaves[0], type, order, createdBy, statistics, 100);
    }

    private static ChunkStatistics New(byte[] minimum, byte[] maximum) =>
        new() { MinimumBytes = minimum, MaximumBytes = maximum };

    private static ChunkStatistics Legacy(byte[] minimum, byte[] maximum) =>
        new() { LegacyMinimumBytes = minimum, LegacyMaximumBytes = maximum };

    private static byte[] Int32(int value) => BitConverter.GetBytes(value);

    private static byte[] Double(double value) => BitConverter.GetBytes(value);
}
