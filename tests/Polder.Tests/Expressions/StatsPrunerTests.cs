using System;
using Polder.Columns;
using Polder.Expressions;
using Xunit;

namespace Polder.Tests.Expressions;

public sealed class StatsPrunerTests
{
    private static readonly DataType Schema = DataType.Struct(
        new StructField("id", DataType.Long),
        new StructField("x", DataType.Double),
        new StructField("name", DataType.String),
        new StructField("price", DataType.Decimal(38, 2)),
        new StructField("day", DataType.Date),
        new StructField("moment", DataType.Timestamp),
        new StructField("wall", DataType.TimestampNtz),
        new StructField("flag", DataType.Boolean),
        new StructField("nothing", DataType.Integer),
        new StructField("deep", DataType.Struct(new StructField("n", DataType.Integer))));

    private static readonly TableStats Stats = Describe();

    [Theory]
    [InlineData("id = 9")]
    [InlineData("id > 20")]
    [InlineData("id < 10")]
    [InlineData("NOT (id >= 10)")]
    [InlineData("id NOT BETWEEN 10 AND 20")]
    [InlineData("id IN (1, 2, 3)")]
    [InlineData("id IS NULL")]
    [InlineData("id > 20.5")]
    [InlineData("cast(id AS decimal(20,3)) < 9.999")]
    [InlineData("id <=> NULL")]
    [InlineData("x < 1")]
    [InlineData("name LIKE 'a%'")]
    [InlineData("name LIKE 'e_f'")]
    [InlineData("name = 'dd' OR name < 'a'")]
    [InlineData("price < 9.99")]
    [InlineData("price > 20")]
    public void Rows_that_cannot_satisfy_the_condition_are_skipped(string condition) =>
        Assert.Equal(PruneResult.Skip, Prune(condition));

    [Theory]
    [InlineData("day = '2024-02-01'")]
    [InlineData("day >= TIMESTAMP '2024-01-31 00:00:00.000001'")]
    [InlineData("year(day) = 2023")]
    [InlineData("moment >= DATE '2024-01-03'")]
    [InlineData("wall > TIMESTAMP '2024-01-02 00:00:00'")]
    [InlineData("wall < '2023-12-31 23:59:59'")]
    [InlineData("cast(moment AS date) = DATE '2024-01-03'")]
    [InlineData("flag")]
    [InlineData("nothing = 1")]
    [InlineData("nothing IS NOT NULL")]
    [InlineData("NOT (nothing = 1)")]
    [InlineData("deep.n > 2")]
    [InlineData("id = 15 AND id = 25")]
    [InlineData("false")]
    [InlineData("NULL")]
    public void Days_moments_fields_and_columns_of_nulls_are_understood(string condition) =>
        Assert.Equal(PruneResult.Skip, Prune(condition));

    [Theory]
    [InlineData("id = 10")]
    [InlineData("id >= 20")]
    [InlineData("x > 5")] // NaN is the greatest value and hidden from the maximum.
    [InlineData("x = double('NaN')")]
    [InlineData("NOT (x <= 5)")]
    [InlineData("name LIKE 'd%'")]
    [InlineData("name LIKE '%x'")]
    [InlineData("name IS NULL")]
    [InlineData("price = 15.5")]
    [InlineData("day = DATE '2024-01-31'")]
    [InlineData("NOT flag")]
    [InlineData("nothing IS NULL")]
    [InlineData("nothing <=> NULL")]
    [InlineData("id = 25 OR name = 'c'")]
    [InlineData("abs(id) = 15")]
    [InlineData("abs(id) = 99")] // Not understood: kept.
    public void Rows_that_may_satisfy_the_condition_are_kept(string condition) =>
        Assert.Equal(PruneResult.Keep, Prune(condition));

    [Fact]
    public void A_zone_other_than_UTC_gets_a_day_of_slack()
    {
        Expression near = ExpressionAnalyzer.Analyze("moment >= DATE '2024-01-03'", Schema);
        Expression far = ExpressionAnalyzer.Analyze("moment >= DATE '2024-01-05'", Schema);

        Assert.Equal(PruneResult.Keep, StatsPruner.Prune(near, Stats, sessionIsUtc: false));
        Assert.Equal(PruneResult.Skip, StatsPruner.Prune(far, Stats, sessionIsUtc: false));
    }

    [Fact]
    public void The_reason_names_the_conjunct_and_the_column()
    {
        Expression condition = ExpressionAnalyzer.AnalyzeCondition("name = 'c' AND id > 30 AND x > 2", Schema);

        PruneReason reason = StatsPruner.Explain(condition, Stats)!;

        Assert.Equal("id", reason.Column);
        Assert.Equal(20L, reason.Bounds.Maximum);
        Assert.Equal("(id > 30): id is 10 to 20", reason.Text);
    }

    [Fact]
    public void Nothing_known_is_kept()
    {
        Expression condition = ExpressionAnalyzer.AnalyzeCondition("id = 1", Schema);

        Assert.Equal(PruneResult.Keep, StatsPruner.Prune(condition, new TableStats(-1)));
    }

    private static PruneResult Prune(string condition) =>
        StatsPruner.Prune(ExpressionAnalyzer.AnalyzeCondition(condition, Schema), Stats);

    private static TableStats Describe()
    {
        TableStats stats = new(100);
        stats["id"] = new(10L, 20L, 0);
        stats["x"] = new(1.0, 5.0, 0, HidesNaN: true);
        stats["name"] = new("b", "d", 5);
        stats["price"] = new((Int128)1_000, (Int128)2_000, 0);
        stats["day"] = new(19_723, 19_753, 0); // 2024-01-01 to 2024-01-31
        stats["moment"] = new(19_723 * 86_400_000_000L, 19_724 * 86_400_000_000L, 0);
        stats["wall"] = new(19_723 * 86_400_000_000L, 19_724 * 86_400_000_000L, 0);
        stats["flag"] = new(false, false, 0);
        stats["nothing"] = new(null, null, 100);
        stats["deep.n"] = new(1, 2, 0);
        return stats;
    }
}
