using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading.Tasks;
using Polder.Execution;
using Xunit;

namespace Polder.Tests.Execution;

public sealed class SortTests
{
    [Theory]
    [InlineData("id", 1)]
    [InlineData("name", 1000)]
    [InlineData("-name", 1000)]
    [InlineData("real,-id", 1000)]
    [InlineData("-single,name", 8192)]
    [InlineData("small,-big", 1000)]
    [InlineData("-money,flag,day", 1000)]
    [InlineData("list,-small", 1000)]
    [InlineData("-list", 1000)]
    public async Task Orders_agree_with_a_naive_reference(string order, int batchRows)
    {
        TestRows rows = AggregateTests.MakeRows(batchRows == 1 ? 300 : 9000, 31);
        string[] names = order.Split(',');
        foreach (bool flipsNulls in (bool[])[false, true])
        {
            SortKey[] keys = [.. names.Select(name =>
                new SortKey(rows.Column(name.TrimStart('-')), name[0] == '-', (name[0] != '-') ^ flipsNulls))];
            SortNode plan = new(rows.Scan(batchRows, 2), keys);

            string[] actual = await TestRows.RunEverywhereAsync(plan);

            List<object?[]> expected = [.. rows.Values];
            expected.Sort(new RowOrder(keys, rows.Values));
            Assert.Equal(expected.Select(TestRows.Text), actual);

            (long, long)[] limits = [(10, 0), (25, 100), (0, 5), (4000, 3000), (50, 8990)];
            foreach ((long count, long offset) in limits)
            {
                Assert.Equal(
                    actual.Skip((int)offset).Take((int)count),
                    await TestRows.RunEverywhereAsync(new LimitNode(plan, count, offset)));
            }
        }
    }

    [Fact]
    public async Task Sorting_nothing_gives_nothing()
    {
        TestRows rows = AggregateTests.MakeRows(0, 1);
        SortNode plan = new(rows.Scan(), [new SortKey(rows.Column("name"))]);
        Assert.Empty(await TestRows.RunEverywhereAsync(plan));
        Assert.Empty(await TestRows.RunEverywhereAsync(new LimitNode(plan, 5)));
    }

    /// <summary>Compares rows value by value; equal rows by their place in the input.</summary>
    private sealed class RowOrder : IComparer<object?[]>
    {
        private readonly SortKey[] _keys;
        private readonly Dictionary<object?[], int> _numbers = new(ReferenceEqualityComparer.Instance);

        public RowOrder(SortKey[] keys, IReadOnlyList<object?[]> rows)
        {
            _keys = keys;
            for (int row = 0; row < rows.Count; row++)
            {
                _numbers[rows[row]] = row;
            }
        }

        public int Compare(object?[]? x, object?[]? y)
        {
            foreach (SortKey key in _keys)
            {
                int column = ((Polder.Expressions.ColumnReference)key.Expression).Index;
                object? left = x![column];
                object? right = y![column];
                int order = left is null || right is null
                    ? (left is null ? 0 : 1).CompareTo(right is null ? 0 : 1) * (key.NullsFirst ? 1 : -1)
                    : CompareValues(left, right) * (key.Descending ? -1 : 1);
                if (order != 0)
                {
                    return order;
                }
            }

            return _numbers[x!].CompareTo(_numbers[y!]);
        }

        private static int CompareValues(object? left, object? right)
        {
            if (left is null || right is null)
            {
                return (left is null ? 0 : 1).CompareTo(right is null ? 0 : 1);
            }

            switch (left)
            {
                case double number:
                    double other = (double)right;
                    return number == other ? 0 : double.IsNaN(number) || double.IsNaN(other)
                        ? double.IsNaN(number).CompareTo(double.IsNaN(other))
                        : number.CompareTo(other);
                case float number:
                    return CompareValues((double)number, (double)(float)right);
                case string text:
                    return string.CompareOrdinal(text, (string)right);
                case object?[] items:
                    object?[] others = (object?[])right;
                    for (int index = 0; index < items.Length && index < others.Length; index++)
                    {
                        int order = CompareValues(items[index], others[index]);
                        if (order != 0)
                        {
                            return order;
                        }
                    }

                    return items.Length.CompareTo(others.Length);
                default:
                    return ((IComparable)left).CompareTo(right);
            }
        }
    }
}
