using System;
using System.Collections.Generic;
using System.Linq;
using Apache.Arrow;
using Polder.Columns;
using Polder.Columns.Kernels;
using Xunit;

namespace Polder.Tests.Columns.Kernels;

public sealed class TakeAndConcatTests
{
    public static TheoryData<string> Types => RandomColumns.Names;

    [Theory]
    [MemberData(nameof(Types))]
    public void Taking_rows_equals_picking_values_one_by_one(string typeName)
    {
        DataType type = RandomColumns.Named(typeName);
        Random random = new(21);
        foreach (int offset in new[] { 0, 1, 13 })
        {
            foreach (double nullShare in new[] { 0, 0.3, 1 })
            {
                object?[] values = RandomColumns.Values(random, type, 70, nullShare);
                IArrowArray array = RandomColumns.Build(type, values, random, offset);
                Assert.Equal(values.Select(RandomColumns.Show), RandomColumns.Read(array, type));
                foreach (int lowest in new[] { 0, -1 })
                {
                    int[] rows = [.. Enumerable.Range(0, 129).Select(_ => random.Next(lowest, values.Length))];
                    IArrowArray taken = Take.Rows(array, rows);
                    object?[] expected = [.. rows.Select(row => row < 0 ? null : values[row])];
                    Assert.Equal(expected.Select(RandomColumns.Show), RandomColumns.Read(taken, type));
                    Assert.Equal(expected.Count(value => value is null), taken.NullCount);
                }
            }
        }

        IArrowArray nothing = ColumnBuilder.Create(type).Build();
        Assert.Equal(["null", "null"], RandomColumns.Read(Take.Rows(nothing, [-1, -1]), type));
        Assert.Empty(RandomColumns.Read(Take.Rows(nothing, ReadOnlySpan<int>.Empty), type));
    }

    [Fact]
    public void A_position_outside_the_array_is_refused()
    {
        foreach (DataType type in RandomColumns.Types.Where(type => type.Kind != TypeKind.Void && type.Fields.Count > 0
            || !type.IsNested && type.Kind != TypeKind.Void))
        {
            object?[] values = RandomColumns.Values(new Random(1), type, 5);
            IArrowArray array = RandomColumns.Build(type, values, new Random(2), 3);
            Assert.Throws<ArgumentOutOfRangeException>(() => Take.Rows(array, [5]));
            Assert.Throws<ArgumentOutOfRangeException>(() => Take.Rows(array, [-2]));
        }
    }

    [Theory]
    [MemberData(nameof(Types))]
    public void Concatenated_arrays_hold_all_values_in_order(string typeName)
    {
        DataType type = RandomColumns.Named(typeName);
        Random random = new(31);
        List<object?> all = [];
        List<IArrowArray> parts = [];
        foreach ((int count, int offset) in new[] { (0, 0), (1, 3), (8, 0), (0, 2), (77, 5), (9, 1) })
        {
            object?[] values = RandomColumns.Values(random, type, count, count == 8 ? 0 : 0.3);
            all.AddRange(values);
            parts.Add(RandomColumns.Build(type, values, random, offset));
        }

        IArrowArray joined = Concat.Arrays(parts);
        Assert.Equal(all.Select(RandomColumns.Show), RandomColumns.Read(joined, type));
        Assert.Equal(all.Count(value => value is null), joined.NullCount);
    }

    [Fact]
    public void Batches_are_taken_and_concatenated_by_column()
    {
        DataType schema = DataType.Struct([.. RandomColumns.Types.Select((type, index) =>
            new StructField("c" + index, type))]);
        Random random = new(41);
        RecordBatch first = Batch(random, schema, 20);
        RecordBatch second = Batch(random, schema, 11);
        RecordBatch joined = Concat.Batches([first, second]);
        Assert.Equal(31, joined.Length);
        RecordBatch some = Take.Rows(joined, Selection.From([0, 19, 20, 30], 4, 31));
        for (int columnIndex = 0; columnIndex < schema.Fields.Count; columnIndex++)
        {
            DataType type = schema.Fields[columnIndex].Type;
            string[] expected = [.. RandomColumns.Read(first.Column(columnIndex), type),
                .. RandomColumns.Read(second.Column(columnIndex), type)];
            Assert.Equal(expected, RandomColumns.Read(joined.Column(columnIndex), type));
            Assert.Equal([expected[0], expected[19], expected[20], expected[30]],
                RandomColumns.Read(some.Column(columnIndex), type));
        }

        Assert.Same(joined, Take.Rows(joined, Selection.All(31)));
    }

    private static RecordBatch Batch(Random random, DataType schema, int rowCount) => new(
        ArrowTypes.ToSchema(schema),
        schema.Fields.Select(field => RandomColumns.Build(
            field.Type, RandomColumns.Values(random, field.Type, rowCount), random, random.Next(0, 4))),
        rowCount);
}
