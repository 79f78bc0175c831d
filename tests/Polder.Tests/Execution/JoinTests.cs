using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading.Tasks;
using Polder.Columns;
using Polder.Execution;
using Polder.Expressions;
using Xunit;
using static Polder.Tests.Execution.Make;

namespace Polder.Tests.Execution;

public sealed class JoinTests
{
    private static readonly DataType Left = TestRows.SchemaOf(
        ("a", DataType.Integer), ("s", DataType.String), ("d", DataType.Double), ("v", DataType.Integer));

    private static readonly DataType Right = TestRows.SchemaOf(
        ("b", DataType.Integer), ("t", DataType.String), ("e", DataType.Double), ("w", DataType.Integer));

    public static TheoryData<JoinKind, string, bool, bool, int> Cases()
    {
        TheoryData<JoinKind, string, bool, bool, int> cases = [];
        foreach (JoinKind kind in Enum.GetValues<JoinKind>().Where(kind => kind != JoinKind.LeftSingle))
        {
            foreach (bool hasResidual in (bool[])[false, true])
            {
                cases.Add(kind, "as", hasResidual, false, 100);
                cases.Add(kind, "asd", hasResidual, true, 1);
                cases.Add(kind, "s", hasResidual, true, 64);
                cases.Add(kind, "d", hasResidual, false, 8192);
                cases.Add(kind, "", hasResidual, false, 50);
            }
        }

        return cases;
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task Joins_agree_with_nested_loops(
        JoinKind kind, string keys, bool hasResidual, bool nullSafe, int batchRows)
    {
        int count = keys.Length == 0 ? 120 : 400;
        TestRows left = MakeRows(Left, count, 5);
        TestRows right = MakeRows(Right, count / 2, 6);
        Expression? residual = hasResidual
            ? Less(TestRows.Column(Left, "v"), TestRows.Column(Right, "w", Left.Fields.Count))
            : null;
        JoinNode plan = new(
            left.Scan(batchRows, 3),
            right.Scan(batchRows, 2),
            kind,
            [.. keys.Select(key => left.Column(key.ToString()))],
            [.. keys.Select(key => right.Column(((char)(key + 1)).ToString()))],
            residual,
            [.. keys.Select(_ => nullSafe)]);

        string[] actual = await TestRows.RunEverywhereAsync(plan);

        int[] columns = [.. keys.Select(key => Left.IndexOf(key.ToString()))];
        IEnumerable<string> expected = Expected(left.Values, right.Values, kind, Matches).Select(TestRows.Text);
        Assert.Equal(expected, actual);

        bool Matches(object?[] leftRow, object?[] rightRow) =>
            columns.All(column => leftRow[column] is null || rightRow[column] is null
                ? nullSafe && leftRow[column] is null && rightRow[column] is null
                : TestRows.Key(leftRow[column]) == TestRows.Key(rightRow[column])) &&
            (!hasResidual || (leftRow[3] is int v && rightRow[3] is int w && v < w));
    }

    [Theory]
    [InlineData("a", false)]
    [InlineData("as", false)]
    [InlineData("a", true)]
    [InlineData("as", true)]
    public async Task NOT_IN_is_null_aware(string keys, bool hasResidual)
    {
        for (int seed = 0; seed < 12; seed++)
        {
            TestRows left = MakeRows(Left, 60, seed);
            TestRows right = MakeRows(Right, seed * 3 / 2, 100 + seed, seed % 3 == 0 ? 0 : 8);
            Expression? residual = hasResidual
                ? Less(TestRows.Column(Left, "v"), TestRows.Column(Right, "w", Left.Fields.Count))
                : null;
            JoinNode plan = new(
                left.Scan(7),
                right.Scan(5),
                JoinKind.LeftAnti,
                [.. keys.Select(key => left.Column(key.ToString()))],
                [.. keys.Select(key => right.Column(((char)(key + 1)).ToString()))],
                residual,
                nullAware: true);

            string[] actual = await TestRows.RunEverywhereAsync(plan);

            int[] columns = [.. keys.Select(key => Left.IndexOf(key.ToString()))];
            IEnumerable<string> expected = left.Values.Where(leftRow => !right.Values.Any(rightRow =>
                    columns.All(column => leftRow[column] is null || rightRow[column] is null ||
                        leftRow[column]!.Equals(rightRow[column])) &&
                    (!hasResidual || (leftRow[3] is int v && rightRow[3] is int w && v < w))))
                .Select(TestRows.Text);
            Assert.Equal(expected, actual);
        }
    }

    [Fact]
    public async Task NOT_IN_of_nothing_keeps_even_null_keys()
    {
        TestRows left = new(Left, [[null, "x", null, 1], [2, "y", null, 1]]);
        TestRows right = new(Right, []);
        JoinNode plan = new(
            left.Scan(), right.Scan(), JoinKind.LeftAnti, [left.Column("a")], [right.Column("b")], nullAware: true);

        Assert.Equal(["NULL|x|NULL|1", "2|y|NULL|1"], await TestRows.RunEverywhereAsync(plan));
    }

    [Fact]
    public async Task A_count_over_no_match_is_zero_not_null()
    {
        // SELECT a, (SELECT count(*) FROM right WHERE b = a) FROM left, as a planner writes it.
        TestRows left = new(Left, [[1, "x", null, 1], [2, "y", null, 1], [null, "z", null, 1]]);
        TestRows right = new(Right, [[1, null, null, null], [1, null, null, null]]);
        AggregateNode counts = new(right.Scan(), [right.Column("b")], [CountAll()], ["b", "n"]);
        JoinNode join = new(
            left.Scan(), counts, JoinKind.LeftSingle, [left.Column("a")], [TestRows.Column(counts.Output, "b")]);
        ProjectNode plan = new(
            join,
            [left.Column("a"), Call(Function.Coalesce, DataType.Long, TestRows.Column(join.Output, "n"), Long(0))],
            ["a", "n"]);

        Assert.Equal(["1|2", "2|0", "NULL|0"], await TestRows.RunEverywhereAsync(plan));
    }

    [Fact]
    public async Task A_second_row_for_a_scalar_subquery_is_an_error()
    {
        TestRows left = new(Left, [[1, "x", null, 1]]);
        TestRows right = new(Right, [[1, null, null, null], [1, null, null, null]]);
        JoinNode plan = new(
            left.Scan(), right.Scan(), JoinKind.LeftSingle, [left.Column("a")], [right.Column("b")]);

        QueryException error = await Assert.ThrowsAsync<QueryException>(() => TestRows.RunAsync(plan));
        Assert.Equal("SCALAR_SUBQUERY_TOO_MANY_ROWS", error.Condition);
    }

    [Theory]
    [InlineData(JoinKind.Inner)]
    [InlineData(JoinKind.Left)]
    [InlineData(JoinKind.Right)]
    [InlineData(JoinKind.Full)]
    [InlineData(JoinKind.LeftSemi)]
    [InlineData(JoinKind.LeftAnti)]
    [InlineData(JoinKind.LeftMark)]
    public async Task Empty_sides_join_as_they_should(JoinKind kind)
    {
        foreach ((int leftCount, int rightCount) in ((int, int)[])[(0, 0), (0, 9), (9, 0)])
        {
            TestRows left = MakeRows(Left, leftCount, 1);
            TestRows right = MakeRows(Right, rightCount, 2);
            JoinNode plan = new(
                left.Scan(), right.Scan(), kind, [left.Column("a")], [right.Column("b")]);

            Assert.Equal(
                Expected(left.Values, right.Values, kind, (_, _) => false).Select(TestRows.Text),
                await TestRows.RunEverywhereAsync(plan));
        }
    }

    [Fact]
    public async Task A_key_with_many_rows_on_both_sides_comes_out_in_batches()
    {
        TestRows left = new(Left, [.. Enumerable.Range(0, 300).Select(row => (object?[])[7, "x", null, row])]);
        TestRows right = new(Right, [.. Enumerable.Range(0, 300).Select(row => (object?[])[7, "y", null, row])]);
        JoinNode join = new(left.Scan(), right.Scan(), JoinKind.Left, [left.Column("a")], [right.Column("b")]);
        AggregateNode plan = new(
            join, [], [CountAll(), Sum(TestRows.Column(join.Output, "w"), DataType.Long)], ["n", "sum"]);

        Assert.Equal([$"90000|{300 * 299 * 300 / 2}"], await TestRows.RunEverywhereAsync(plan));
        Assert.Equal(90000, (await TestRows.RunAsync(join)).Count);
    }

    internal static TestRows MakeRows(DataType schema, int count, int seed, int nullEvery = 8)
    {
        TestContext.Current.TestOutputHelper?.WriteLine($"seed {seed}");
        Random random = new(seed);
        string[] texts = ["", "a", "b", "a rather long string as a key"];
        double[] reals = [0.0, -0.0, double.NaN, 1.5];
        object? OrNull(object value) => nullEvery > 0 && random.Next(nullEvery) == 0 ? null : value;
        return new TestRows(schema, [.. Enumerable.Range(0, count).Select(_ => (object?[])
        [
            OrNull(random.Next(2) == 0 ? 1 : random.Next(30)),
            OrNull(texts[random.Next(texts.Length)]),
            OrNull(reals[random.Next(reals.Length)]),
            OrNull(random.Next(100)),
        ])]);
    }

    private static IEnumerable<object?[]> Expected(
        IReadOnlyList<object?[]> left,
        IReadOnlyList<object?[]> right,
        JoinKind kind,
        Func<object?[], object?[], bool> matches)
    {
        object?[] nulls = new object?[4];
        if (kind == JoinKind.Right)
        {
            return right.SelectMany(rightRow =>
                OrNulls(left.Where(leftRow => matches(leftRow, rightRow)), nulls)
                    .Select(leftRow => Pair(leftRow, rightRow)));
        }

        IEnumerable<object?[]> leftJoin = left.SelectMany(leftRow =>
            OrNulls(right.Where(rightRow => matches(leftRow, rightRow)), nulls)
                .Select(rightRow => Pair(leftRow, rightRow)));
        return kind switch
        {
            JoinKind.Inner => left.SelectMany(leftRow =>
                right.Where(rightRow => matches(leftRow, rightRow)).Select(rightRow => Pair(leftRow, rightRow))),
            JoinKind.Left => leftJoin,
            JoinKind.Full => leftJoin.Concat(right
                .Where(rightRow => !left.Any(leftRow => matches(leftRow, rightRow)))
                .Select(rightRow => Pair(nulls, rightRow))),
            JoinKind.LeftSemi => left.Where(leftRow => right.Any(rightRow => matches(leftRow, rightRow))),
            JoinKind.LeftAnti => left.Where(leftRow => !right.Any(rightRow => matches(leftRow, rightRow))),
            _ => left.Select(leftRow =>
                (object?[])[.. leftRow, right.Any(rightRow => matches(leftRow, rightRow))]),
        };
    }

    private static object?[] Pair(object?[] left, object?[] right) => [.. left, .. right];

    private static IEnumerable<object?[]> OrNulls(IEnumerable<object?[]> rows, object?[] nulls) =>
        rows.DefaultIfEmpty(nulls);
}
