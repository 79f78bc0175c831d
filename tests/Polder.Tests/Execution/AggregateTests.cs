using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Threading.Tasks;
using Polder.Columns;
using Polder.Execution;
using Polder.Expressions;
using Xunit;
using static Polder.Tests.Execution.Make;

namespace Polder.Tests.Execution;

public sealed class AggregateTests
{
    private static readonly DataType Money = DataType.Decimal(15, 2);
    private static readonly DataType Schema = TestRows.SchemaOf(
        ("id", DataType.Integer),
        ("small", DataType.Short),
        ("name", DataType.String),
        ("big", DataType.Long),
        ("real", DataType.Double),
        ("single", DataType.Float),
        ("money", Money),
        ("flag", DataType.Boolean),
        ("day", DataType.Date),
        ("list", DataType.Array(DataType.Double)));

    [Theory]
    [InlineData("small", 1, 1)]
    [InlineData("small", 8192, 3)]
    [InlineData("name", 1000, 2)]
    [InlineData("real", 1000, 2)]
    [InlineData("single", 777, 1)]
    [InlineData("money", 1000, 2)]
    [InlineData("flag", 1000, 2)]
    [InlineData("day", 1000, 2)]
    [InlineData("list", 1000, 2)]
    [InlineData("small,name", 1000, 2)]
    [InlineData("big,small,day", 1000, 2)]
    [InlineData("name,real,list,flag", 1000, 2)]
    [InlineData("money,name,big", 8192, 1)]
    public async Task Groups_agree_with_a_naive_reference(string keyNames, int batchRows, int batchesPerMorsel)
    {
        TestRows rows = MakeRows(batchRows == 1 ? 400 : 9000, 17);
        string[] keys = keyNames.Split(',');
        Expression big = rows.Column("big");
        AggregateNode plan = new(
            rows.Scan(batchRows, batchesPerMorsel),
            [.. keys.Select(rows.Column)],
            [
                CountAll(),
                Count(rows.Column("name")),
                Count(rows.Column("small"), true),
                Sum(rows.Column("id"), DataType.Long),
                Sum(rows.Column("money"), DataType.Decimal(25, 2)),
                Sum(big, DataType.Long, true),
                Minimum(rows.Column("name")),
                Maximum(rows.Column("money")),
                Maximum(rows.Column("small")),
                Count(big, false, Less(rows.Column("id"), Int(50))),
            ],
            [.. keys, .. Enumerable.Range(0, 10).Select(index => $"a{index}")]);

        string[] actual = await TestRows.RunEverywhereAsync(plan);

        int[] keyColumns = [.. keys.Select(key => Schema.IndexOf(key))];
        IEnumerable<string> expected = rows.Values
            .GroupBy(row => string.Join("|", keyColumns.Select(column => Normalised(row[column]))))
            .Select(group => group.Key + "|" + TestRows.Text(Expected([.. group])));
        Assert.Equal(expected, actual);
    }

    [Fact]
    public async Task Sums_of_doubles_follow_the_order_of_rows_and_morsels()
    {
        TestRows rows = MakeRows(9000, 23);
        AggregateNode plan = new(
            rows.Scan(),
            [rows.Column("small")],
            [Sum(rows.Column("real"), DataType.Double), Average(rows.Column("big"), DataType.Double)],
            ["small", "sum", "average"]);

        string[] actual = await TestRows.RunEverywhereAsync(plan);

        IEnumerable<string> expected = rows.Values.GroupBy(row => row[1]).Select(group =>
        {
            object? sum = InMorsels([.. group], rows.Values, row => (double?)row[4]);
            List<long> bigs = [.. group.Where(row => row[3] is not null).Select(row => (long)row[3]!)];
            object? average = bigs.Count == 0 ? null : bigs.Sum(value => (double)value) / bigs.Count;
            return TestRows.Text([group.Key, sum, average]);
        });
        Assert.Equal(expected, actual);
    }

    [Fact]
    public async Task Without_keys_an_empty_input_gives_one_row_and_with_keys_none()
    {
        TestRows rows = new(Schema, []);
        AggregateCall[] calls =
        [
            CountAll(), Count(rows.Column("id")), Count(rows.Column("name"), true),
            Sum(rows.Column("id"), DataType.Long), Average(rows.Column("money"), DataType.Decimal(19, 6)),
            Minimum(rows.Column("name")), Maximum(rows.Column("list")), Maximum(rows.Column("flag")),
        ];
        string[] names = [.. calls.Select((_, index) => $"a{index}")];

        Assert.Equal(
            ["0|0|0|NULL|NULL|NULL|NULL|NULL"],
            await TestRows.RunEverywhereAsync(new AggregateNode(rows.Scan(), [], calls, names)));
        Assert.Empty(await TestRows.RunEverywhereAsync(
            new AggregateNode(rows.Scan(), [rows.Column("id")], calls, ["id", .. names])));
    }

    [Fact]
    public async Task Distinct_keeps_the_first_of_each_row()
    {
        TestRows rows = new(
            TestRows.SchemaOf(("a", DataType.Double), ("b", DataType.String)),
            [[0.0, "x"], [-0.0, "x"], [double.NaN, null], [null, null], [-double.NaN, null], [null, null], [0.0, "y"]]);

        Assert.Equal(
            ["0|x", "NaN|NULL", "NULL|NULL", "0|y"],
            await TestRows.RunEverywhereAsync(AggregateNode.Distinct(rows.Scan(1))));
    }

    [Fact]
    public async Task Strings_that_outgrow_a_packed_key_keep_their_groups()
    {
        string[] names = ["", "a", "abcdefg", "abcdefgh", "abcdefghijklmno", "abcdefghijklmnop", "a\0", "a\0\0"];
        object?[][] values = [.. Enumerable.Range(0, 4000)
            .Select(row => (object?[])[names[row % int.Min(names.Length, 1 + (row / 100))]])];
        TestRows rows = new(TestRows.SchemaOf(("name", DataType.String)), values);
        AggregateNode plan = new(rows.Scan(100, 40), [rows.Column("name")], [CountAll()], ["name", "count"]);

        IEnumerable<string> expected = values.GroupBy(row => row[0]).Select(group => $"{group.Key}|{group.Count()}");
        Assert.Equal(expected, await TestRows.RunEverywhereAsync(plan));
    }

    [Theory]
    [InlineData(100)]
    [InlineData(1)]
    public async Task Integers_that_stray_far_keep_their_groups(int batchRows)
    {
        long[] strays = [long.MinValue, long.MaxValue, -1, 0, 1L << 40, long.MinValue + 1];
        object?[][] values = [.. Enumerable.Range(0, 900).Select(row => (object?[])
        [
            row % 11 == 0 ? null : row < 600 ? row % 50 : strays[row % strays.Length],
            row % 13 == 0 ? null : (int)(row < 300 ? row : row < 600 ? -row : int.MinValue + row),
        ])];
        values = [.. values.Select(row => (object?[])[row[0] is int number ? (long)number : row[0], row[1]])];
        TestRows rows = new(TestRows.SchemaOf(("a", DataType.Long), ("b", DataType.Integer)), values);
        foreach (string key in (string[])["a", "b"])
        {
            AggregateNode plan = new(rows.Scan(batchRows, 30), [rows.Column(key)], [CountAll()], [key, "count"]);
            IEnumerable<string> expected = values.GroupBy(row => row[rows.Schema.IndexOf(key)])
                .Select(group => $"{TestRows.Text(group.Key)}|{group.Count()}");
            Assert.Equal(expected, await TestRows.RunEverywhereAsync(plan));

            JoinNode join = new(
                rows.Scan(batchRows),
                plan,
                JoinKind.Inner,
                [rows.Column(key)],
                [TestRows.Column(plan.Output, key)],
                null,
                [true]);
            Assert.Equal(values.Length, (await TestRows.RunAsync(join)).Count);
        }
    }

    [Fact]
    public async Task Rare_types_are_keys_too()
    {
        DataType wide = DataType.Decimal(38, 3);
        TestRows rows = new(
            TestRows.SchemaOf(
                ("void", DataType.Void),
                ("wide", wide),
                ("interval", DataType.CalendarInterval),
                ("time", DataType.Time()),
                ("bytes", DataType.Binary)),
            [.. Enumerable.Range(0, 500).Select(row => (object?[])
            [
                null,
                row % 7 == 0 ? null : Int128.MaxValue / 3 * ((row % 5) - 2),
                row % 3 == 0 ? null : new CalendarInterval(row % 2, -1, row % 4),
                row % 2 == 0 ? null : 1_000_000L * (row % 6),
                new byte[row % 9],
            ])]);
        string[] combinations = ["void", "wide", "interval", "time,bytes", "bytes", "void,time", "wide,time"];
        foreach (string names in combinations)
        {
            ColumnReference[] keys = [.. names.Split(',').Select(rows.Column)];
            AggregateNode plan = new(rows.Scan(64), keys, [CountAll()], [.. names.Split(','), "count"]);
            IEnumerable<string> expected = rows.Values
                .GroupBy(row => TestRows.Text(keys.Select(key => row[key.Index])))
                .Select(group => $"{group.Key}|{group.Count()}");
            Assert.Equal(expected, await TestRows.RunEverywhereAsync(plan));
        }
    }

    [Fact]
    public async Task A_sum_of_longs_that_overflows_is_Sparks_error()
    {
        TestRows rows = new(TestRows.SchemaOf(("a", DataType.Long)), [[long.MaxValue], [1L]]);
        AggregateNode plan = new(rows.Scan(), [], [Sum(rows.Column("a"), DataType.Long)], ["sum"]);

        QueryException error = await Assert.ThrowsAsync<QueryException>(() => TestRows.RunAsync(plan));
        Assert.Equal("ARITHMETIC_OVERFLOW", error.Condition);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(1000)]
    public async Task A_sum_of_decimals_is_checked_at_the_end_only(int batchRows)
    {
        Int128 six = DecimalOf("0.60000000000000000000000000000000000000");
        DataType type = DataType.Decimal(38, 38);
        TestRows fits = new(TestRows.SchemaOf(("a", type)), [[six], [six], [six], [six], [-six], [-six], [-six]]);
        AggregateNode plan = new(fits.Scan(batchRows), [], [Sum(fits.Column("a"), type)], ["sum"]);
        Assert.Equal([TestRows.Text([six])], await TestRows.RunEverywhereAsync(plan));

        TestRows tooLarge = new(TestRows.SchemaOf(("a", type)), [[six], [six]]);
        AggregateNode failing = new(tooLarge.Scan(batchRows), [], [Sum(tooLarge.Column("a"), type)], ["sum"]);
        QueryException error = await Assert.ThrowsAsync<QueryException>(() => TestRows.RunAsync(failing));
        Assert.Equal("ARITHMETIC_OVERFLOW", error.Condition);
    }

    [Fact]
    public async Task Averages_of_decimals_have_Sparks_types_and_rounding()
    {
        DataType shortType = DataType.Decimal(5, 2);
        TestRows rows = new(
            TestRows.SchemaOf(("a", Money), ("b", shortType)),
            [[(Int128)100, (Int128)100], [(Int128)100, (Int128)100], [(Int128)101, (Int128)101], [null, null]]);
        AggregateNode plan = new(
            rows.Scan(),
            [],
            [
                Average(rows.Column("a"), DataType.Decimal(19, 6)),
                Average(rows.Column("b"), DataType.Decimal(9, 6)),
            ],
            ["a", "b"]);

        // 3.01 / 3 = 1.00333…
        Assert.Equal(["1003333|1003333"], await TestRows.RunEverywhereAsync(plan));
    }

    [Fact]
    public async Task Smallest_and_largest_know_NaN_and_nulls()
    {
        TestRows rows = new(
            TestRows.SchemaOf(("k", DataType.Integer), ("d", DataType.Double), ("l", DataType.Array(DataType.Integer))),
            [
                [1, 1.5, new object?[] { 1, null }], [1, double.NaN, new object?[] { 1 }], [1, null, null],
                [2, null, null], [3, double.NaN, new object?[] { 1, 2 }],
                [3, double.PositiveInfinity, new object?[] { 2 }],
            ]);
        AggregateNode plan = new(
            rows.Scan(1),
            [rows.Column("k")],
            [
                Minimum(rows.Column("d")), Maximum(rows.Column("d")),
                Minimum(rows.Column("l")), Maximum(rows.Column("l")),
            ],
            ["k", "a", "b", "c", "d"]);

        Assert.Equal(
            ["1|1.5|NaN|[1]|[1,NULL]", "2|NULL|NULL|NULL|NULL", "3|Infinity|NaN|[1,2]|[2]"],
            await TestRows.RunEverywhereAsync(plan));
    }

    internal static TestRows MakeRows(int count, int seed)
    {
        TestContext.Current.TestOutputHelper?.WriteLine($"seed {seed}");
        Random random = new(seed);
        double[] reals = [0.0, -0.0, double.NaN, -double.NaN, double.PositiveInfinity, 1.5, -2.25, 1e300, 0.1];
        string[] names = ["", "a", "b", "abc", "long enough not to be packed", "é", "zzzzzzz", "zzzzzzzz"];
        object? OrNull(object value) => random.Next(8) == 0 ? null : value;
        int Skewed(int range) => random.Next(2) == 0 ? 3 : random.Next(range);
        return new TestRows(Schema, [.. Enumerable.Range(0, count).Select(row => (object?[])
        [
            row % 100,
            OrNull((short)(Skewed(40) - 20)),
            OrNull(names[random.Next(names.Length)]),
            OrNull(random.NextInt64(-4, 5) * 1_000_000_007L),
            OrNull(reals[random.Next(reals.Length)]),
            OrNull((float)reals[random.Next(reals.Length)]),
            OrNull((Int128)random.Next(-3000, 3000)),
            OrNull(random.Next(2) == 0),
            OrNull(Skewed(1000)),
            OrNull(new object?[] { OrNull(reals[random.Next(3)]), 1.0 }[..random.Next(3)]),
        ])]);
    }

    private static string Normalised(object? value) => value is object?[] items
        ? TestRows.Text((object)items.Select(item => item is double and 0 ? 0.0 : item).ToArray())
        : TestRows.Key(value);

    private static object?[] Expected(List<object?[]> group)
    {
        List<long> bigs = [.. group.Where(row => row[3] is not null).Select(row => (long)row[3]!).Distinct()];
        List<Int128> money = [.. group.Where(row => row[6] is not null).Select(row => (Int128)row[6]!)];
        return
        [
            group.Count,
            group.Count(row => row[2] is not null),
            group.Where(row => row[1] is not null).Select(row => row[1]).Distinct().Count(),
            group.Sum(row => (int)row[0]!),
            money.Count == 0 ? null : money.Aggregate((left, right) => left + right),
            bigs.Count == 0 ? null : bigs.Sum(),
            group.Select(row => (string?)row[2]).Where(name => name is not null).Min(StringComparer.Ordinal),
            money.Count == 0 ? null : money.Max(),
            group.Max(row => (short?)row[1]),
            group.Count(row => row[3] is not null && (int)row[0]! < 50),
        ];
    }

    // Each morsel of 2,000 rows is summed on its own, then the sums are added.
    private static double? InMorsels(
        List<object?[]> group, IReadOnlyList<object?[]> all, Func<object?[], double?> value)
    {
        Dictionary<object?[], int> numbers = new(ReferenceEqualityComparer.Instance);
        foreach (object?[] row in all)
        {
            numbers[row] = numbers.Count;
        }

        double? total = null;
        foreach (IGrouping<int, object?[]> morsel in group.GroupBy(row => numbers[row] / 2000))
        {
            double part = 0;
            bool hasValue = false;
            foreach (double number in morsel.Select(value).OfType<double>())
            {
                part += number;
                hasValue = true;
            }

            total = hasValue ? (total ?? 0) + part : total;
        }

        return total;
    }

    private static Int128 DecimalOf(string text) =>
        Int128.Parse(text.Replace(".", "", StringComparison.Ordinal), CultureInfo.InvariantCulture);
}
