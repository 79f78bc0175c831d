using System;
using System.Linq;
using Apache.Arrow;
using Polder.Columns;
using Xunit;

namespace Polder.Tests.Columns;

public class SelectionTests
{
    [Fact]
    public void All_rows_are_listed_when_asked_for()
    {
        Selection all = Selection.All(5);
        Assert.True(all.IsAll);
        Assert.Equal([0, 1, 2, 3, 4], all.Rows.ToArray());
        Assert.True(Selection.From([0, 1, 2], 3, 3).IsAll);
        Assert.False(Selection.From([0, 1, 2], 2, 3).IsAll);
        Assert.Equal(0, Selection.None.Count);
    }

    [Fact]
    public void Both_is_the_intersection()
    {
        Random random = new(3);
        for (int round = 0; round < 200; round++)
        {
            int rowCount = random.Next(0, 30);
            int[] left = Some(random, rowCount);
            int[] right = Some(random, rowCount);
            Selection both = Selection.From(left, left.Length, rowCount)
                .And(Selection.From(right, right.Length, rowCount));
            Assert.Equal(left.Intersect(right), both.Rows.ToArray());
            Assert.Equal(rowCount, both.RowCount);
        }
    }

    [Fact]
    public void Rows_beyond_the_batch_are_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => Selection.From([0, 9], 2, 9));
        Assert.Throws<ArgumentOutOfRangeException>(() => Selection.From([0], 2));
    }

    [Fact]
    public void Validity_of_two_columns_is_where_both_have_values()
    {
        Random random = new(8);
        foreach (double leftShare in new[] { 0, 0.4, 1 })
        {
            foreach (double rightShare in new[] { 0, 0.4, 1 })
            {
                object?[] left = RandomColumns.Values(random, DataType.Integer, 77, leftShare);
                object?[] right = RandomColumns.Values(random, DataType.String, 77, rightShare);
                ValidityBuffer both = Validity.Intersect(
                    RandomColumns.Build(DataType.Integer, left, random, 3),
                    RandomColumns.Build(DataType.String, right, random, 6));
                var expected = left.Zip(right, (first, second) => first is not null && second is not null).ToArray();
                Assert.Equal(expected.Count(valid => !valid), both.NullCount);
                Assert.Equal(expected, Enumerable.Range(0, 77).Select(row =>
                    both.Bits.IsEmpty || BitUtility.GetBit(both.Bits.Span, row)));
            }
        }
    }

    private static int[] Some(Random random, int rowCount) =>
        [.. Enumerable.Range(0, rowCount).Where(_ => random.Next(3) > 0)];
}
