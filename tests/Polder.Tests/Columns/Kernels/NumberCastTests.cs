using System;
using System.Collections.Generic;
using System.Linq;
using System.Numerics;
using Apache.Arrow;
using Polder.Columns;
using Polder.Columns.Kernels;
using Xunit;

namespace Polder.Tests.Columns.Kernels;

/// <summary>Casts of numbers against exact arithmetic, and their three ways with what does not fit.</summary>
public sealed class NumberCastTests
{
    private static readonly DataType[] Integers = [DataType.Byte, DataType.Short, DataType.Integer, DataType.Long];

    public static TheoryData<string, string> Pairs
    {
        get
        {
            TheoryData<string, string> pairs = [];
            foreach (DataType from in Integers)
            {
                foreach (DataType to in Integers)
                {
                    pairs.Add(from.ToString(), to.ToString());
                }
            }

            return pairs;
        }
    }

    [Theory]
    [MemberData(nameof(Pairs))]
    public void Whole_numbers_that_fit_stay_what_they_are_and_others_are_null_wrapped_or_refused(
        string fromName, string toName)
    {
        DataType from = RandomColumns.Named(fromName);
        DataType to = RandomColumns.Named(toName);
        Random random = new(66);
        foreach (int count in new[] { 0, 3, 8, 33, 200 })
        {
            object?[] values = [.. RandomColumns.Values(random, from, count).Select(value => random.Next(2) == 0
                ? value
                : value is null ? null : Box(random.Next(-128, 128), from))];
            IArrowArray column = RandomColumns.Build(from, values, random, 5);
            BigInteger limit = BigInteger.One << (Bits(to) - 1);
            object?[] fitting = [.. values.Select(value =>
                Exact(value) is BigInteger exact && exact >= -limit && exact < limit ? Box((long)exact, to) : null)];
            Assert.Equal(fitting, Read(NumberCast.To(column, to, NumberOverflow.Null), to));
            Assert.Equal(
                values.Select(value => value is null ? null : Box(Convert.ToInt64(value, null), to)),
                Read(NumberCast.To(column, to, NumberOverflow.Wrap), to));
            if (fitting.Count(value => value is null) == values.Count(value => value is null))
            {
                Assert.Equal(fitting, Read(NumberCast.To(column, to), to));
            }
            else
            {
                Assert.Throws<OverflowException>(() => NumberCast.To(column, to));
            }
        }
    }

    [Theory]
    [InlineData(2.9, 2)]
    [InlineData(-2.9, -2)]
    [InlineData(2147483647.5, 2147483647)]
    [InlineData(2147483648.0, null)]
    [InlineData(double.NaN, null)]
    [InlineData(double.NegativeInfinity, null)]
    public void Floating_point_is_cut_to_its_whole_part(double value, int? expected)
    {
        IArrowArray column = RandomColumns.Build(DataType.Double, [value], new Random(1));
        Assert.Equal([expected], Read(NumberCast.To(column, DataType.Integer, NumberOverflow.Null), DataType.Integer));
    }

    [Fact]
    public void Decimals_round_half_up_and_keep_to_their_precision()
    {
        DataType from = DataType.Decimal(10, 3);
        IArrowArray column = RandomColumns.Build(
            from, [(Int128)1_005, (Int128)(-1_005), (Int128)99_995, null, (Int128)1_499], new Random(1), 3);
        DataType narrow = DataType.Decimal(3, 2);
        Assert.Equal(
            [(Int128)101, (Int128)(-101), null, null, (Int128)150],
            Read(NumberCast.To(column, narrow, NumberOverflow.Null), narrow));
        Assert.Equal([1L, -1L, 99L, null, 1L], Read(NumberCast.To(column, DataType.Long), DataType.Long));
        Assert.Equal(
            [1.005, -1.005, 99.995, null, 1.499], Read(NumberCast.To(column, DataType.Double), DataType.Double));
        IArrowArray doubles = RandomColumns.Build(DataType.Double, [0.1, 1e30], new Random(1));
        Assert.Equal(
            [(Int128)10, null], Read(NumberCast.To(doubles, narrow, NumberOverflow.Null), narrow));
    }

    [Fact]
    public void What_lies_under_a_null_is_no_failure_and_other_types_are_refused()
    {
        IArrowArray longs = RandomColumns.Build(DataType.Long, [1L, long.MaxValue], new Random(1));
        byte[] second = [0b01];
        ArrayData data = new(
            longs.Data.DataType, 2, 1, 0, [new ArrowBuffer(second), longs.Data.Buffers[1]]);
        IArrowArray cast = NumberCast.To(ArrowArrayFactory.BuildArray(data), DataType.Byte);
        Assert.Equal([(sbyte)1, null], Read(cast, DataType.Byte));
        Assert.Same(longs, NumberCast.To(longs, DataType.Long));
        Assert.Throws<ArgumentException>(() => NumberCast.To(longs, DataType.String));
        Assert.Throws<ArgumentException>(() => NumberCast.To(longs, DataType.Double, NumberOverflow.Wrap));
        IArrowArray texts = RandomColumns.Build(DataType.String, ["1"], new Random(1));
        Assert.Throws<ArgumentException>(() => NumberCast.To(texts, DataType.Long));
    }

    private static IEnumerable<object?> Read(IArrowArray array, DataType type) =>
        Enumerable.Range(0, array.Length).Select(row => ColumnValues.Get(array, row, type));

    private static int Bits(DataType type) => type.Kind switch
    {
        TypeKind.Byte => 8,
        TypeKind.Short => 16,
        TypeKind.Integer => 32,
        _ => 64,
    };

    private static BigInteger? Exact(object? value) => value is null ? null : Convert.ToInt64(value, null);

    private static object Box(long value, DataType type) => type.Kind switch
    {
        TypeKind.Byte => (object)unchecked((sbyte)value),
        TypeKind.Short => unchecked((short)value),
        TypeKind.Integer => unchecked((int)value),
        _ => value,
    };
}
