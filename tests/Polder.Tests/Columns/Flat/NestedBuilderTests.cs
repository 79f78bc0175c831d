using System;
using System.Collections.Generic;
using Apache.Arrow;
using Polder.Columns;
using Polder.Columns.Flat;
using Xunit;

namespace Polder.Tests.Columns.Flat;

public sealed class NestedBuilderTests
{
    private static readonly DataType Grid = DataType.Array(DataType.Array(DataType.Integer));

    [Fact]
    public void Lists_begun_and_ended_give_the_array_that_the_column_builder_gives()
    {
        NestedBuilder<int> builder = new(Grid, rowCapacity: 4, leafCapacity: 16);
        builder.BeginList();
        builder.AppendList([1, 2, 3]);
        builder.AppendNull();
        builder.BeginList();
        builder.Append(4);
        builder.AppendNull();
        builder.Append(5, 6);
        builder.EndList();
        builder.EndList();
        builder.AppendNull();
        builder.BeginList();
        builder.EndList();
        Assert.Equal((3, 7), (builder.Count, builder.LeafCount));

        ColumnBuilder reference = ColumnBuilder.Create(Grid);
        reference.AppendValue(new object?[]
        {
            new object?[] { 1, 2, 3 }, null, new object?[] { 4, null, 5, 6 },
        });
        reference.AppendNull();
        reference.AppendValue(System.Array.Empty<object?>());
        IArrowArray expected = reference.Build();
        IArrowArray actual = builder.Build();
        ArrayValidation.Check(actual);
        Assert.Equal(expected.Length, actual.Length);
        for (int row = 0; row < expected.Length; row++)
        {
            Assert.Equal(ColumnValues.Get(expected, row, Grid), ColumnValues.Get(actual, row, Grid));
        }
    }

    [Fact]
    public void A_builder_starts_anew_after_each_build()
    {
        NestedBuilder<int> builder = new(Grid);
        for (int round = 0; round < 3; round++)
        {
            builder.AppendNested((IEnumerable<IEnumerable<int>?>)[[round, 1], null, []]);
            NestedColumn<int> column = Nested.Of<int>(builder.Build());
            Assert.Equal(1, column.Count);
            Assert.Equal([round, 1], column.Leaves.ToArray());
            Assert.True(column[0][1].IsNull);
            Assert.False(column[0][2].IsNull);
        }

        Assert.Equal(0, builder.Build().Length);
        Assert.Equal(0, Nested.Of<int>(builder.Build()).Count);
    }

    [Fact]
    public void Enumerables_of_three_levels_append_like_lists()
    {
        NestedBuilder<double> builder = new(DataType.Array(DataType.Array(DataType.Array(DataType.Double))));
        builder.AppendNested((IEnumerable<IEnumerable<IEnumerable<double>?>?>)[[[1.5], [2.5, 3.5]], null, [null]]);
        NestedColumn<double> column = Nested.Of<double>(builder.Build());
        Assert.Equal([1.5, 2.5, 3.5], column[0].Leaves.ToArray());
        Assert.Equal(2, column[0][0].Count);
        Assert.True(column[0][1].IsNull);
        Assert.True(column[0][2][0].IsNull);
    }

    [Fact]
    public void Strings_alone_and_binaries_are_lists_of_bytes()
    {
        NestedBuilder<byte> texts = new(DataType.String);
        texts.AppendText("cat");
        texts.AppendNull();
        StringArray strings = Assert.IsType<StringArray>(texts.Build());
        Assert.Equal(["cat", null], (string?[])[strings.GetString(0), strings.GetString(1)]);

        NestedBuilder<byte> builder = new(DataType.Array(DataType.Binary));
        builder.BeginList();
        builder.AppendList([1, 2]);
        builder.EndList();
        Assert.Equal([1, 2], Nested.Bytes(builder.Build())[0][0].Leaves.ToArray());
    }

    [Fact]
    public void A_list_out_of_turn_is_refused()
    {
        NestedBuilder<int> builder = new(Grid);
        Assert.Throws<InvalidOperationException>(builder.EndList);
        Assert.Throws<InvalidOperationException>(() => builder.Append(1));
        Assert.Throws<InvalidOperationException>(() => builder.AppendList([1]));
        builder.BeginList();
        Assert.Throws<InvalidOperationException>(() => builder.Append(1));
        Assert.Throws<InvalidOperationException>(builder.Build);
        builder.BeginList();
        Assert.Throws<InvalidOperationException>(builder.BeginList);
        NestedBuilder<byte> texts = new(DataType.String);
        Assert.Throws<ArgumentOutOfRangeException>(() => texts.AppendListSpan(-1).Length);
        texts.BeginList();
        Assert.Throws<InvalidOperationException>(texts.AppendNull);
        NestedBuilder<int> strict = new(DataType.Array(DataType.Integer, containsNull: false));
        strict.AppendNull();
        strict.BeginList();
        Assert.Throws<InvalidOperationException>(strict.AppendNull);
    }

    [Fact]
    public void A_type_that_holds_other_leaves_is_refused()
    {
        Assert.Throws<ArgumentException>(() => new NestedBuilder<int>(DataType.Array(DataType.Long)));
        Assert.Throws<ArgumentException>(() => new NestedBuilder<int>(DataType.Integer));
        Assert.Throws<ArgumentException>(() => new NestedBuilder<int>(DataType.Array(DataType.String)));
        Assert.Throws<ArgumentException>(() => new NestedBuilder<byte>(DataType.Array(DataType.Boolean)));
        DataType deep = DataType.Integer;
        for (int level = 0; level <= Limits.Default.NestingDepth; level++)
        {
            deep = DataType.Array(deep);
        }

        Assert.Throws<UnsupportedFeatureException>(() => new NestedBuilder<int>(deep));
    }
}
