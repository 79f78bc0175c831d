using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading.Tasks;
using Polder.Expressions;
using Polder.Sql;
using Polder.Sql.Planning;
using Xunit;

namespace Polder.Tests.Sql;

/// <summary>What the rules do to plans. That they change no answer is shown by the recorded queries.</summary>
public sealed class OptimizerTests(SparkTables tables, ITestOutputHelper output) : IClassFixture<SparkTables>
{
    [Theory]
    [InlineData("b.w > 1", nameof(LogicalJoinKind.Inner))]
    [InlineData("b.k = a.k + 1", nameof(LogicalJoinKind.Inner))]
    [InlineData("NOT b.w > 1", nameof(LogicalJoinKind.Inner))]
    [InlineData("b.k IN (1, 2) AND a.k > 0", nameof(LogicalJoinKind.Inner))]
    [InlineData("b.w > 1 OR b.k = 1", nameof(LogicalJoinKind.Inner))]
    [InlineData("NOT (b.w IS NULL)", nameof(LogicalJoinKind.Inner))]
    [InlineData("b.w IS NULL", nameof(LogicalJoinKind.LeftOuter))]
    [InlineData("coalesce(b.w, 2) > 1", nameof(LogicalJoinKind.LeftOuter))]
    [InlineData("b.w <=> NULL", nameof(LogicalJoinKind.LeftOuter))]
    [InlineData("NOT (b.w <=> 1)", nameof(LogicalJoinKind.LeftOuter))]
    [InlineData("b.w > 1 OR a.k = 1", nameof(LogicalJoinKind.LeftOuter))]
    [InlineData("CASE WHEN b.w > 1 THEN false ELSE true END", nameof(LogicalJoinKind.LeftOuter))]
    public async Task An_outer_join_becomes_inner_only_where_that_is_proven(string condition, string kind)
    {
        LogicalPlan plan = await OptimizeAsync($"SELECT a.k FROM t1 a LEFT JOIN t2 b ON a.k = b.k WHERE {condition}");
        Assert.Equal(kind, plan.Nodes().OfType<LogicalJoin>().Single().Kind.ToString());
    }

    [Fact]
    public async Task A_condition_that_can_fail_stays_above_the_join()
    {
        LogicalPlan plan = await OptimizeAsync(
            "SELECT a.k FROM t1 a JOIN t2 b ON a.k = b.k WHERE 10 / a.k > 1 AND a.v1 = 'b' AND b.w > 1");
        LogicalFilter above = Assert.IsType<LogicalFilter>(
            plan.Nodes().First(node => node is LogicalFilter or LogicalJoin));
        Assert.Single(Conjunction.Split(above.Predicate));
        Assert.All(Scans(plan), scan => Assert.NotNull(scan.Predicate));
    }

    [Fact]
    public async Task A_condition_on_the_padded_side_of_a_join_filters_that_side_only()
    {
        LogicalPlan plan = await OptimizeAsync(
            "SELECT a.k FROM t1 a LEFT JOIN t2 b ON a.k = b.k AND b.w > 1 AND a.v1 = 'x'");
        LogicalJoin join = plan.Nodes().OfType<LogicalJoin>().Single();
        Assert.Equal(2, Conjunction.Split(join.Condition).Count);
        Assert.Equal([false, true], Scans(plan).Select(scan => scan.Predicate is not null));
    }

    [Fact]
    public async Task A_key_hidden_in_every_branch_of_an_or_becomes_a_key_and_each_table_gets_its_part()
    {
        LogicalPlan plan = await OptimizeAsync(
            "SELECT count(*) FROM t1 a, t2 b WHERE (a.k = b.k AND a.v1 = 'a' AND b.w > 1)" +
            " OR (b.w > 2 AND a.k = b.k AND a.v1 = 'b')");
        LogicalJoin join = plan.Nodes().OfType<LogicalJoin>().Single();
        Assert.Contains(Conjunction.Split(join.Condition), condition => condition is Call { Function: Function.Equal });
        Assert.All(Scans(plan), scan => Assert.IsType<Call>(scan.Predicate));
    }

    [Fact]
    public async Task A_condition_on_one_key_holds_for_the_equal_one()
    {
        LogicalPlan plan = await OptimizeAsync("SELECT a.v1 FROM t1 a JOIN t2 b ON a.k = b.k WHERE a.k > 1");
        Assert.All(Scans(plan), scan => Assert.NotNull(scan.Predicate));
    }

    [Fact]
    public async Task Only_the_columns_that_are_asked_for_are_read()
    {
        Assert.Empty(Scans(await OptimizeAsync("SELECT count(*) FROM emp")).Single().Output);
        Assert.Equal(
            ["dept_id", "salary"],
            Scans(await OptimizeAsync("SELECT dept_id, sum(salary) FROM (SELECT * FROM emp WHERE id > 1) GROUP BY 1"))
                .Single().Output.Select(column => column.Name));
    }

    [Fact]
    public async Task Tables_without_a_common_condition_are_joined_last()
    {
        LogicalPlan plan = await OptimizeAsync(
            "SELECT 1 FROM cust c, dept d, ord o, itm i WHERE o.oid = i.oid AND c.cid = o.cid AND d.budget > i.qty");
        LogicalJoin top = plan.Nodes().OfType<LogicalJoin>().First();
        Assert.False(HasKey(top));
        Assert.Equal(2, plan.Nodes().OfType<LogicalJoin>().Skip(1).Count(HasKey));

        static bool HasKey(LogicalJoin join) => Conjunction.Split(join.Condition).Any(
            condition => condition is Call { Function: Function.Equal });
    }

    [Fact]
    public async Task Rows_where_a_condition_is_true_false_and_null_are_all_rows()
    {
        int seed = Environment.TickCount;
        output.WriteLine($"seed {seed}");
        Random random = new(seed);
        string[] froms =
        [
            "t1 a JOIN t2 b ON a.k = b.k", "t1 a LEFT JOIN t2 b ON a.k = b.k AND b.w > 1",
            "t1 a FULL JOIN t2 b ON a.k = b.k", "t1 a RIGHT JOIN t2 b ON a.k <=> b.k", "t1 a, t2 b",
        ];
        foreach (string from in froms)
        {
            for (int round = 0; round < 12; round++)
            {
                string condition = Condition(random, 3);
                string select = $"SELECT a.k, v1, b.k, v2, w FROM {from}";
                foreach (OptimizerRules rules in (OptimizerRules[])[OptimizerRules.All, OptimizerRules.None])
                {
                    SqlSession session = tables.Session(rules);
                    List<string> all = await RowsAsync(session, select);
                    List<string> parts =
                    [
                        .. await RowsAsync(session, $"{select} WHERE {condition}"),
                        .. await RowsAsync(session, $"{select} WHERE NOT ({condition})"),
                        .. await RowsAsync(session, $"{select} WHERE ({condition}) IS NULL"),
                    ];
                    Assert.True(all.Order().SequenceEqual(parts.Order()), $"{from} WHERE {condition}, {rules}");
                }
            }
        }
    }

    private static string Condition(Random random, int depth)
    {
        string[] leaves =
        [
            "a.k = 2", "b.k > 1", "w IS NULL", "v1 LIKE 'b%'", "a.k = b.k", "coalesce(w, 1) > 1.5", "v2 IN ('A', 'B2')",
            "a.k <=> b.k", "w BETWEEN 1 AND 2", "v1 < v2", "a.k + b.k > 3", "CAST(NULL AS BOOLEAN)", "v1 IS NOT NULL",
        ];
        return depth == 0 || random.Next(4) == 0 ? leaves[random.Next(leaves.Length)] : random.Next(4) switch
        {
            0 => $"NOT ({Condition(random, depth - 1)})",
            1 => $"({Condition(random, depth - 1)} OR {Condition(random, depth - 1)})",
            2 => $"(CASE WHEN {Condition(random, depth - 1)} THEN {Condition(random, depth - 1)} END)",
            _ => $"({Condition(random, depth - 1)} AND {Condition(random, depth - 1)})",
        };
    }

    private static async Task<List<string>> RowsAsync(SqlSession session, string sql) =>
        [.. (await SqlAnswer.OfAsync(session, sql)).Rows.Select(row => row.ToJsonString())];

    private static IEnumerable<LogicalScan> Scans(LogicalPlan plan) => plan.Nodes().OfType<LogicalScan>();

    private async Task<LogicalPlan> OptimizeAsync(string sql) =>
        Optimizer.Optimize(await tables.Session().AnalyzeAsync(sql));
}
