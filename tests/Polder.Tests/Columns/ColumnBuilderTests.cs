using System;
using System.Linq;
using System.Text;
using Apache.Arrow;
using Polder.Columns;
using Xunit;

namespace Polder.Tests.Columns;

public class ColumnBuilderTests
{
    public static TheoryData<string> Types => RandomColumns.Names;

    [Theory]
    [MemberData(nameof(Types))]
    public void Values_come_back_as_they_were_appended_also_on_reuse(string typeName)
    {
        DataType type = RandomColumns.Named(typeName);
        Random random = new(11);
        ColumnBuilder builder = ColumnBuilder.Create(type, 4);
        foreach (int count in new[] { 0, 1, 7, 8, 9, 64, 65, 300 })
        {
            object?[] values = RandomColumns.Values(random, type, count);
            foreach (object? value in values)
            {
                builder.AppendValue(value);
            }

            Assert.Equal(count, builder.Length);
            IArrowArray array = builder.Build();
            Assert.Equal(0, builder.Length);
            Assert.Equal(count, array.Length);
            Assert.Equal(values.Count(value => value is null), array.NullCount);
            Assert.Equal(values.Select(RandomColumns.Show), RandomColumns.Read(array, type));
        }
    }

    [Theory]
    [MemberData(nameof(Types))]
    public void A_built_array_has_the_type_that_its_spark_type_is_held_as(string typeName)
    {
        DataType type = RandomColumns.Named(typeName);
        IArrowArray array = ColumnBuilder.Create(type).Build();
        Assert.Equal(ArrowTypes.ToArrow(type).TypeId, array.Data.DataType.TypeId);
        Assert.Equal(0, array.Length);
    }

    [Fact]
    public void Arrows_own_accessors_read_what_the_builders_wrote()
    {
        var longs = (FixedBuilder<long>)ColumnBuilder.Create(DataType.Long);
        longs.Append(5);
        longs.AppendNull();
        longs.Append([7L, 8L]);
        longs.AppendSpan(2).Fill(9);
        longs.AppendSpan(3, [0b1010], 1).Fill(3);
        Int64Array longArray = Assert.IsType<Int64Array>(longs.Build());
        Assert.Equal([5L, null, 7L, 8L, 9L, 9L, 3L, null, 3L], longArray.ToArray());

        var texts = (BytesBuilder)ColumnBuilder.Create(DataType.String);
        texts.Append("grüß".AsSpan());
        texts.AppendNull();
        texts.Append(""u8);
        Encoding.UTF8.GetBytes("abcdef", texts.AppendLengths([2, 0, 4]));
        StringArray textArray = Assert.IsType<StringArray>(texts.Build());
        Assert.Equal(
            ["grüß", null, "", "ab", "", "cdef"], Enumerable.Range(0, 6).Select(row => textArray.GetString(row)));

        var flags = (BooleanBuilder)ColumnBuilder.Create(DataType.Boolean);
        flags.Append(true);
        flags.AppendBits([0b0110_0000], 4, 3);
        flags.AppendBits([0xFF], 0, 3, [0b0100], 1);
        BooleanArray flagArray = Assert.IsType<BooleanArray>(flags.Build());
        Assert.Equal([true, false, true, true, null, true, null], flagArray.ToArray());

        var decimals = (FixedBuilder<Int128>)ColumnBuilder.Create(DataType.Decimal(10, 2));
        decimals.Append(-12345);
        Assert.Equal("-123.45", Assert.IsType<Decimal128Array>(decimals.Build()).GetString(0));
    }

    [Fact]
    public void Lists_maps_and_structs_are_what_arrow_takes_them_for()
    {
        var lists = (ListBuilder)ColumnBuilder.Create(DataType.Array(DataType.Integer));
        var elements = (FixedBuilder<int>)lists.Element;
        elements.Append([1, 2]);
        lists.EndRow();
        lists.AppendNull();
        lists.EndRow();
        elements.Append(3);
        lists.EndRow();
        ListArray listArray = Assert.IsType<ListArray>(lists.Build());
        Assert.Equal([0, 2, 2, 2, 3], listArray.ValueOffsets.ToArray());
        Assert.Equal(1, listArray.NullCount);

        var maps = (MapBuilder)ColumnBuilder.Create(DataType.Map(DataType.String, DataType.Long));
        maps.AppendValue(new (object?, object?)[] { ("a", 1L), ("b", null) });
        MapArray mapArray = Assert.IsType<MapArray>(maps.Build());
        Assert.Equal("b", ((StringArray)mapArray.Keys).GetString(1));
        Assert.True(mapArray.Values.IsNull(1));
    }

    [Fact]
    public void Ends_of_lists_that_descend_or_miss_elements_are_refused()
    {
        var lists = (ListBuilder)ColumnBuilder.Create(DataType.Array(DataType.Integer));
        ((FixedBuilder<int>)lists.Element).Append([1, 2, 3]);
        Assert.Throws<ArgumentException>(() => lists.AppendEnds([2, 1, 3]));
        Assert.Throws<ArgumentException>(() => lists.AppendEnds([-1, 3]));
        Assert.Throws<ArgumentException>(() => lists.AppendEnds([2]));
        Assert.Throws<ArgumentException>(() => lists.AppendEnds([4]));
        Assert.Equal(0, lists.Length);
        lists.AppendEnds([2, 2, 3]);
        lists.AppendEnds([]);
        Assert.Equal([0, 2, 2, 3], ((ListArray)lists.Build()).ValueOffsets.ToArray());
    }

    [Fact]
    public void A_constant_is_repeated()
    {
        foreach (DataType type in RandomColumns.Types)
        {
            Random random = new(5);
            foreach (object? value in new[] { null, RandomColumns.Value(random, type, 0) })
            {
                IArrowArray array = Constants.Repeat(value, type, 13);
                Assert.Equal(Enumerable.Repeat(RandomColumns.Show(value), 13), RandomColumns.Read(array, type));
            }
        }
    }
}
