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
    public void Null_lists_that_cover_items_are_read_as_empty_at_every_level()
    {
        // Rows [0 1], null over [2 3], [4]; above them one list of all three, and null over a fourth.
        ArrayData lists = new(
            Ints, 4, 2, 0, [new ArrowBuffer(new byte[] { 0b0101 }), Offsets([0, 2, 4, 5, 6])], [Leaves(6, 6)]);
        Assert.Equal([0, 1, 4], Nested.Of<int>(new ListArray(lists)).Leaves.ToArray());
        ArrayData outer = new(
            new ListType(new Field("element", Ints, true)), 2, 1, 0,
            [new ArrowBuffer(new byte[] { 1 }), Offsets([0, 3, 4])], [lists]);
        NestedColumn<int> column = Nested.Of<int>(new ListArray(outer));
        Assert.Equal([0, 1, 4], column[0].Leaves.ToArray());
        Assert.Equal([4], column[0][2].Leaves.ToArray());
        Assert.True(column[0][1].IsNull && column[1].IsNull);
        Assert.Equal(0, column[0][1].Count + column[1].Count);

        ArrayData text = new(
            StringType.Default, 3, 1, 0,
            [new ArrowBuffer(new byte[] { 0b101 }), Offsets([0, 1, 3, 4]), new ArrowBuffer("aXXb"u8.ToArray())]);
        Assert.Equal("ab", Nested.Utf8(new StringArray(text)).Rows.ToText());
    }

    [Fact]
    public void What_a_null_list_covers_must_be_sound_too()
    {
        ArrayData lists = new(
            Ints, 2, 1, 0, [new ArrowBuffer(new byte[] { 1 }), Offsets([0, 2, 4])], [Leaves(4, 3)]);
        Assert.Throws<CorruptFileException>(() => Nested.Of<int>(new ListArray(lists)));
    }

    [Fact]
    public void An_unknown_count_of_nulls_and_a_missing_bitmap_are_legal()
    {
        ArrayData unknown = new(
            Ints, 3, -1, 0, [new ArrowBuffer(new byte[] { 0b101 }), Offsets([0, 1, 1, 2])], [Leaves(2, 2)]);
        NestedColumn<int> column = Nested.Of<int>(new ListArray(unknown));
        Assert.Equal([false, true, false], Enumerable.Range(0, 3).Select(row => column[row].IsNull));
        ArrayData none = new(Ints, 1, -1, 0, [ArrowBuffer.Empty, Offsets([0, 2])], [Leaves(2, 2)]);
        Assert.False(Nested.Of<int>(new ListArray(none))[0].IsNull);
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
        IArrowArray flags = Column(DataType.Array(DataType.Boolean), [new object?[] { true, null, false }]);
        Assert.Contains("Boolean", Assert.Throws<ArgumentException>(() => Nested.Of<byte>(flags)).Message);
        Assert.Equal([true, false, false], Nested.Of<bool>(flags).Leaves.ToArray());
        Assert.True(Nested.Of<bool>(flags)[0].IsNullLeaf(1));
    }

    [Fact]
    public void Dictionaries_views_and_large_lists_are_refused_and_converted()
    {
        StringArray words = new StringArray.Builder().Append("no").Append("a").Build();
        Int32Array codes = new Int32Array.Builder().Append(1).AppendNull().Append(0).Build();
        DictionaryType codesOfWords = new(Int32Type.Default, StringType.Default, false);
        IArrowArray dictionary = new DictionaryArray(codesOfWords, codes, words);
        IArrowArray views = new StringViewArray.Builder().Append("a").AppendNull().Append("no").Build();
        IArrowArray runs = new RunEndEncodedArray(
            new Int32Array.Builder().Append(1).Append(2).Append(3).Build(),
            new StringArray.Builder().Append("a").AppendNull().Append("no").Build());
        foreach (IArrowArray strings in new[] { dictionary, views, runs })
        {
            Assert.Throws<UnsupportedFeatureException>(() => Nested.Utf8(strings));
            ListType type = new(new Field("element", strings.Data.DataType, true));
            IArrowArray lists = ArrowArrayFactory.BuildArray(
                new ArrayData(type, 2, 0, 0, [ArrowBuffer.Empty, Offsets([0, 2, 3])], [strings.Data]));
            UnsupportedFeatureException refusal =
                Assert.Throws<UnsupportedFeatureException>(() => Nested.Utf8(lists));
            Assert.Contains("ToCanonical", refusal.Message, StringComparison.Ordinal);
            NestedColumn<byte> text = Nested.Utf8(ArrowConvert.ToCanonical(lists));
            Assert.Equal("ano", text.Rows.ToText());
            Assert.True(text[0][1].IsNull);
            Assert.Equal("no", text[1][0].ToText());
        }

        ArrayData large = new(
            new LargeListType(Int32Type.Default), 1, 0, 0,
            [ArrowBuffer.Empty, new ArrowBuffer((byte[])[.. BitConverter.GetBytes(0L), .. BitConverter.GetBytes(2L)])],
            [Leaves(2, 2)]);
        ArrayData pairs = new(
            new FixedSizeListType(Int32Type.Default, 2), 1, 0, 0, [ArrowBuffer.Empty], [Leaves(2, 2)]);
        foreach (ArrayData lists in new[] { large, pairs })
        {
            IArrowArray array = ArrowArrayFactory.BuildArray(lists);
            Assert.Throws<UnsupportedFeatureException>(() => Nested.Of<int>(array));
            Assert.Equal([0, 1], Nested.Of<int>(ArrowConvert.ToCanonical(array))[0].Leaves.ToArray());
        }
    }

    [Theory]
    [InlineData(1L << 32)]
    [InlineData(long.MaxValue)]
    [InlineData(-1)]
    [InlineData(5)]
    public void Long_offsets_that_leave_the_items_or_32_bits_are_refused(long end)
    {
        ArrayData large = new(
            new LargeListType(Int32Type.Default), 1, 0, 0,
            [ArrowBuffer.Empty, new ArrowBuffer((byte[])[.. new byte[8], .. BitConverter.GetBytes(end)])],
            [Leaves(2, 2)]);
        Assert.Throws<CorruptFileException>(() => ArrowConvert.ToCanonical(ArrowArrayFactory.BuildArray(large)));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void List_views_are_refused_by_name_and_converted(bool isLarge)
    {
        // In any order, overlapping, one null over items that nobody checks.
        ArrayData views = Views(isLarge, [2, 0, 99, 1], [2, 3, 7, 0], new byte[] { 0b1011 });
        IArrowArray array = ArrowArrayFactory.BuildArray(views);
        UnsupportedFeatureException refusal = Assert.Throws<UnsupportedFeatureException>(() => Nested.Of<int>(array));
        Assert.Contains("ToCanonical", refusal.Message, StringComparison.Ordinal);
        NestedColumn<int> lists = Nested.Of<int>(ArrowConvert.ToCanonical(array));
        Assert.Equal([2, 3, 0, 1, 2], lists.Leaves.ToArray());
        Assert.Equal([2, 3, 0, 0], Enumerable.Range(0, 4).Select(row => lists[row].Count));
        Assert.Equal([false, false, true, false], Enumerable.Range(0, 4).Select(row => lists[row].IsNull));
        IArrowArray sliced = ArrowConvert.ToCanonical(ArrowArrayFactory.Slice(array, 1, 3));
        Assert.Equal([0, 1, 2], Nested.Of<int>(sliced).Leaves.ToArray());
    }

    [Theory]
    [InlineData(3, 2)]
    [InlineData(-1, 2)]
    [InlineData(0, -1)]
    [InlineData(0, 5)]
    [InlineData(int.MaxValue, int.MaxValue)]
    public void List_views_that_leave_their_items_are_refused(int offset, int size)
    {
        foreach (bool isLarge in new[] { false, true })
        {
            IArrowArray array = ArrowArrayFactory.BuildArray(Views(isLarge, [0, offset], [4, size], []));
            Assert.Throws<CorruptFileException>(() => ArrowConvert.ToCanonical(array));
        }
    }

    [Fact]
    public void Fields_of_one_struct_lie_side_by_side()
    {
        DataType point = DataType.Struct(
            new StructField("x", DataType.Integer), new StructField("y", DataType.Double));
        IArrowArray paths = Column(
            DataType.Array(DataType.Array(point)),
            new object?[] { new object?[] { new object?[] { 1, 0.5 }, new object?[] { 2, 1.5 } }, null },
            new object?[] { new object?[] { new object?[] { 3, 2.5 } } });
        NestedColumn<int> x = Nested.Of<int>(paths, "x");
        NestedColumn<double> y = Nested.Of<double>(paths, "y");
        Assert.Equal(x[0][0].Leaves.Length, y[0][0].Leaves.Length);
        Assert.Equal((2, 1.5), (x[0][0].Leaves[1], y[0][0].Leaves[1]));
        Assert.Equal((3, 2.5), (x[1].Leaves[0], y[1].Leaves[0]));
        Assert.True(x[0][1].IsNull && y[0][1].IsNull);
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

    private static ArrayData Views(bool isLarge, int[] offsets, int[] sizes, byte[] validity)
    {
        Field element = new("element", Int32Type.Default, true);
        return new ArrayData(
            isLarge ? new LargeListViewType(element) : new ListViewType(element), offsets.Length,
            validity.Length == 0 ? 0 : 1, 0,
            [
                new ArrowBuffer(validity), isLarge ? Longs(offsets) : Offsets(offsets),
                isLarge ? Longs(sizes) : Offsets(sizes),
            ],
            [Leaves(4, 4)]);
    }

    private static ArrowBuffer Longs(int[] values) =>
        new(values.SelectMany(value => BitConverter.GetBytes((long)value)).ToArray());

    private static ArrayData Lists(int count, int[] offsets, ArrayData items, int offset = 0) =>
        new(Ints, count, 0, offset, [ArrowBuffer.Empty, Offsets(offsets)], [items]);

    private static ArrayData Leaves(int count, int valueCount) => new(
        Int32Type.Default, count, 0, 0,
        [ArrowBuffer.Empty, Offsets([.. Enumerable.Range(0, valueCount)])]);

    private static ArrowBuffer Offsets(int[] values) =>
        new(values.SelectMany(BitConverter.GetBytes).ToArray());
}
