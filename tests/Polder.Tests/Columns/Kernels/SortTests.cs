using System;
using System.Collections.Generic;
using System.Linq;
using Apache.Arrow;
using Polder.Columns;
using Polder.Columns.Kernels;
using Xunit;

namespace Polder.Tests.Columns.Kernels;

/// <summary>Row orders against a stable sort by values.</summary>
public sealed class SortTests
{
    public static TheoryData<string> Types => CompareTests.OrderedTypes;

    [Theory]
    [MemberData(nameof(Types))]
    public void Rows_are_put_in_the_order_of_their_values(string typeName)
    {
        DataType type = RandomColumns.Named(typeName);
        Random random = new(65);
        foreach (int count in new[] { 0, 1, 90, 700 })
        {
            object?[] values = [.. Enumerable.Range(0, count).Select(_ => CompareTests.Value(random, type))];
            object?[] others = [.. values.Select(_ => (object?)random.Next(3))];
            IArrowArray column = RandomColumns.Build(type, values, random, 7);
            IArrowArray other = RandomColumns.Build(DataType.Integer, others, random, 3);
            foreach (bool descending in new[] { false, true })
            {
                foreach (bool nullsLast in new[] { false, true })
                {
                    SortDirection direction = new(descending, nullsLast);
                    Comparer<object?> order = Comparer<object?>.Create((left, right) => Order(left, right, direction));
                    Assert.Equal(
                        Enumerable.Range(0, count).OrderBy(row => values[row], order),
                        Sort.Rows([column], direction));
                    Assert.Equal(
                        Enumerable.Range(0, count).OrderBy(row => (int)others[row]!).ThenBy(row => values[row], order),
                        Sort.Rows([other, column], default, direction));
                }
            }
        }
    }

    [Fact]
    public void Without_directions_rows_ascend_with_nulls_first_and_equals_keep_their_order()
    {
        IArrowArray column = RandomColumns.Build(
            DataType.Double, [2.0, -0.0, double.NaN, null, 0.0, null], new Random(1));
        Assert.Equal([3, 5, 1, 4, 0, 2], Sort.Rows([column]));
        Assert.Throws<ArgumentException>(() => Sort.Rows([column], default, default));
        Assert.Throws<ArgumentException>(() => Sort.Rows([column, ColumnBuilder.Create(DataType.Long).Build()]));
        IArrowArray maps = Constants.Repeat(null, DataType.Map(DataType.Long, DataType.Long), 2);
        Assert.Throws<UnsupportedFeatureException>(() => Sort.Rows([maps]));
    }

    private static int Order(object? left, object? right, SortDirection direction)
    {
        if (left is null || right is null)
        {
            return ((left is null ? 0 : 1) - (right is null ? 0 : 1)) * (direction.NullsLast ? -1 : 1);
        }

        return CompareTests.Order(left, right) * (direction.Descending ? -1 : 1);
    }
}
