using System;
using System.Linq;
using Apache.Arrow;
using Apache.Arrow.Types;
using Polder.Columns;
using Polder.Columns.Flat;
using Xunit;

namespace Polder.Tests.Columns.Flat;

public sealed class HostileNestedTests
{
    private static readonly ListType Ints = new(new Field("element", Int32Type.Default, true));

    [Theory]
    [InlineData(new[] { 0, 2, 1 }, "descend")]
    [InlineData(new[] { -1, 2, 3 }, "descend")]
    [InlineData(new[] { 0, 2, 5 }, "beyond")]
    [InlineData(new[] { 0, 2 }, "too few offsets")]
    [InlineData(new int[0], "too few offsets")]
    public void Offsets_that_leave_their_values_are_refused(int[] offsets, string defect)
    {
        CorruptFileException error = Assert.Throws<CorruptFileException>(
            () => Nested.Of<int>(new ListArray(Lists(2, offsets, Leaves(4, 4)))));
        Assert.Contains(defect, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Lengths_that_exceed_a_buffer_are_refused()
    {
        Assert.Throws<CorruptFileException>(() => Nested.Of<int>(new ListArray(Lists(2, [0, 2, 4], Leaves(4, 3)))));
        Assert.Throws<CorruptFileException>(
            () => Nested.Of<int>(new ListArray(Lists(2, [0, 2, 4], Leaves(4, 4), offset: int.MaxValue))));
        ArrayData shortBitmap = new(
            Ints, 9, 1, 0, [new ArrowBuffer(new byte[1]), Offsets(new int[10])], [Leaves(0, 0)]);
        Assert.Throws<CorruptFileException>(() => Nested.Of<int>(new ListArray(shortBitmap)));
        ArrayData text = new(
            StringType.Default, 1, 0, 0, [ArrowBuffer.Empty, Offsets([0, 9]), new ArrowBuffer(new byte[8])]);
        Assert.Throws<CorruptFileException>(() => Nested.Utf8(new StringArray(text)));
    }

    [Fact]
    public void A_null_list_that_covers_items_is_refused()
    {
        ArrayData data = new(
            Ints, 2, 1, 0, [new ArrowBuffer(new byte[] { 2 }), Offsets([0, 2, 4])], [Leaves(4, 4)]);
        Assert.Throws<UnsupportedFeatureException>(() => Nested.Of<int>(new ListArray(data)));
    }

    [Fact]
    public void Odd_but_legal_buffers_are_read()
    {
        // Padding behind the offsets and values, a first offset above 0, an empty array without offsets.
        NestedColumn<int> column = Nested.Of<int>(new ListArray(Lists(2, [1, 2, 4, 99, 99], Leaves(5, 64))));
        Assert.Equal([1, 2, 3], column.Leaves.ToArray());
        Assert.Equal([2, 3], column[1].Leaves.ToArray());
        Assert.Equal(0, Nested.Of<int>(new ListArray(Lists(0, [], Leaves(0, 0)))).Leaves.Length);
    }

    [Fact]
    public void Leaves_of_another_type_are_refused_by_name()
    {
        IArrowArray ints = new ListArray(Lists(1, [0, 1], Leaves(1, 1)));
        Assert.Contains("Int64", Assert.Throws<ArgumentException>(() => Nested.Of<long>(ints)).Message);
        Assert.Throws<ArgumentException>(() => Nested.Of<float>(ints));
        Assert.Throws<ArgumentException>(() => Nested.Utf8(ints));
        Assert.Throws<ArgumentException>(() => Nested.Of<int>(ints, "field"));
        Assert.Throws<ArgumentException>(() => Nested.Of<int>(new Int32Array(Leaves(1, 1))));
        IArrowArray texts = Column(DataType.Array(DataType.String), [new object?[] { "a" }]);
        Assert.Contains("Utf8", Assert.Throws<ArgumentException>(() => Nested.Of<byte>(texts)).Message);
        Assert.Throws<ArgumentException>(() => Nested.Bytes(texts));
        IArrowArray flags = Column(DataType.Array(DataType.Boolean), [new object?[] { true }]);
        Assert.Throws<UnsupportedFeatureException>(() => Nested.Of<byte>(flags));
    }

    [Fact]
    public void Dictionaries_views_and_large_lists_are_refused()
    {
        StringArray words = new StringArray.Builder().Append("a").Build();
        Int32Array codes = new Int32Array.Builder().Append(0).Build();
        DictionaryType codesOfWords = new(Int32Type.Default, StringType.Default, false);
        DictionaryArray dictionary = new(codesOfWords, codes, words);
        Assert.Throws<UnsupportedFeatureException>(() => Nested.Utf8(dictionary));
        StringViewArray views = new StringViewArray.Builder().Append("a").Build();
        Assert.Throws<UnsupportedFeatureException>(() => Nested.Utf8(views));
        ArrayData large = new(
            new LargeListType(Int32Type.Default), 0, 0, 0, [ArrowBuffer.Empty, new ArrowBuffer(new byte[8])],
            [Leaves(0, 0)]);
        Assert.Throws<UnsupportedFeatureException>(() => Nested.Of<int>(new LargeListArray(large)));
    }

    [Fact]
    public void More_levels_than_the_limit_are_refused_and_as_many_are_read()
    {
        ArrayData data = Leaves(1, 1);
        for (int level = 0; level < Limits.Default.NestingDepth; level++)
        {
            ListType type = new(new Field("element", data.DataType, true));
            data = new ArrayData(type, 1, 0, 0, [ArrowBuffer.Empty, Offsets([0, 1])], [data]);
        }

        Assert.Equal(Limits.Default.NestingDepth, Nested.Of<int>(new ListArray(data)).Depth);
        ListType deeper = new(new Field("element", data.DataType, true));
        data = new ArrayData(deeper, 1, 0, 0, [ArrowBuffer.Empty, Offsets([0, 1])], [data]);
        Assert.Throws<UnsupportedFeatureException>(() => Nested.Of<int>(new ListArray(data)));
    }

    [Fact]
    public void Structs_and_maps_are_followed_through_a_field_and_make_it_null_where_they_are()
    {
        DataType point = DataType.Struct(
            new StructField("x", DataType.Integer), new StructField("names", DataType.Array(DataType.String)));
        IArrowArray points = Column(
            DataType.Array(point),
            new object?[] { new object?[] { 7, new object?[] { "a", "bc" } }, null, new object?[] { null, null } },
            new object?[] { new object?[] { 9, System.Array.Empty<object?>() } });
        NestedColumn<int> x = Nested.Of<int>(points, "x");
        Assert.Equal([false, true, true], Enumerable.Range(0, 3).Select(leaf => x[0].IsNullLeaf(leaf)));
        Assert.Equal((7, 9), (x[0].Leaves[0], x[1].Leaves[0]));
        NestedColumn<byte> names = Nested.Utf8(points, "names");
        Assert.Equal("bc", names[0][0][1].ToText());
        Assert.True(names[0][1].IsNull && names[0][2].IsNull && !names[1][0].IsNull);
        Assert.Equal(9, Nested.Of<int>(ArrowArrayFactory.Slice(points, 1, 1), "x")[0].Leaves[0]);
        Assert.Throws<ArgumentException>(() => Nested.Of<int>(points));
        Assert.Throws<ArgumentException>(() => Nested.Of<int>(points, "z"));

        IArrowArray map = Column(
            DataType.Map(DataType.String, DataType.Long), new (object?, object?)[] { ("one", 1L), ("two", null) });
        Assert.Equal("onetwo", Nested.Utf8(map, "key")[0].ToText());
        Assert.True(Nested.Of<long>(map, "value")[0].IsNullLeaf(1));
    }

    [Theory]
    [InlineData(21)]
    [InlineData(22)]
    public void Random_offsets_are_refused_or_read_without_leaving_a_buffer(int seed)
    {
        Random random = new(seed);
        int readCount = 0;
        for (int round = 0; round < 4000; round++)
        {
            int[] offsets = [.. Enumerable.Range(0, random.Next(6)).Select(_ => random.Next(-1, 5)).Order()];
            int[] inner = [.. Enumerable.Range(0, random.Next(6)).Select(_ => random.Next(-1, 7)).Order()];
            ArrayData lists = Lists(random.Next(5), inner, Leaves(random.Next(6), random.Next(6)), random.Next(2));
            ListType type = new(new Field("element", Ints, true));
            ArrayData data = new(
                type, random.Next(5), 0, random.Next(2), [ArrowBuffer.Empty, Offsets(offsets)], [lists]);
            try
            {
                NestedColumn<int> column = Nested.Of<int>(new ListArray(data));
                int total = 0;
                foreach (NestedView<int> row in column)
                {
                    foreach (NestedView<int> list in row)
                    {
                        total += list.Leaves.Length;
                    }
                }

                Assert.Equal(column.Leaves.Length, total);
                readCount++;
            }
            catch (CorruptFileException)
            {
            }
        }

        Assert.True(readCount > 100, $"only {readCount} arrays were readable");
    }

    private static IArrowArray Column(DataType type, params object?[] rows)
    {
        ColumnBuilder builder = ColumnBuilder.Create(type);
        foreach (object? row in rows)
        {
            builder.AppendValue(row);
        }

        return builder.Build();
    }

    private static ArrayData Lists(int count, int[] offsets, ArrayData items, int offset = 0) =>
        new(Ints, count, 0, offset, [ArrowBuffer.Empty, Offsets(offsets)], [items]);

    private static ArrayData Leaves(int count, int valueCount) => new(
        Int32Type.Default, count, 0, 0,
        [ArrowBuffer.Empty, Offsets([.. Enumerable.Range(0, valueCount)])]);

    private static ArrowBuffer Offsets(int[] values) =>
        new(values.SelectMany(BitConverter.GetBytes).ToArray());
}
