using System;
using System.Collections.Generic;
using System.Data;
using System.Globalization;
using System.Linq;
using System.Threading.Tasks;
using DuckDB.NET.Data;
using Polder.Columns;
using Polder.Execution;
using Polder.Expressions;
using Xunit;
using SortKey = Polder.Execution.SortKey;
using static Polder.Tests.Execution.Make;

namespace Polder.Tests.Execution;

/// <summary>Plans over the shared data sets, written by hand, against what DuckDB says.</summary>
public sealed class DuckDbTests
{
    [Fact]
    public async Task Pricing_summary_as_in_Q1()
    {
        ParquetSource source = await TpchAsync(
            "lineitem", "l_quantity", "l_extendedprice", "l_discount", "l_returnflag", "l_linestatus", "l_shipdate");
        DataType lines = source.Schema;
        Expression net = Call(
            Function.Multiply,
            DataType.Decimal(32, 4),
            Column(lines, "l_extendedprice"),
            Call(
                Function.Subtract,
                DataType.Decimal(16, 2),
                new Literal((Int128)1, DataType.Decimal(1, 0)),
                Column(lines, "l_discount")));
        FilterNode filter = new(
            new ScanNode(source), Less(Column(lines, "l_shipdate"), new Literal(10472, DataType.Date)));
        AggregateNode groups = new(
            filter,
            [Column(lines, "l_returnflag"), Column(lines, "l_linestatus")],
            [
                Sum(Column(lines, "l_quantity"), DataType.Decimal(25, 2)),
                Sum(net, DataType.Decimal(38, 4)),
                Maximum(Column(lines, "l_extendedprice")),
                CountAll(),
            ],
            ["flag", "status", "quantity", "net", "largest", "count"]);
        SortNode plan = new(
            groups, [new SortKey(Column(groups.Output, "flag")), new SortKey(Column(groups.Output, "status"))]);

        await AssertSameAsync(plan, """
            SELECT l_returnflag, l_linestatus, sum(l_quantity), sum(l_extendedprice * (1 - l_discount)),
                max(l_extendedprice), count(*)
            FROM lineitem WHERE l_shipdate <= DATE '1998-09-02' GROUP BY 1, 2 ORDER BY 1, 2
            """);
    }

    [Fact]
    public async Task Customers_by_number_of_orders_as_in_Q13()
    {
        ParquetSource customers = await TpchAsync("customer", "c_custkey");
        ParquetSource orders = await TpchAsync("orders", "o_orderkey", "o_custkey", "o_comment");
        FilterNode plain = new(new ScanNode(orders), Call(Function.Not, DataType.Boolean, Call(
            Function.Like,
            DataType.Boolean,
            Column(orders.Schema, "o_comment"),
            new Literal("%special%requests%", DataType.String),
            new Literal("\\", DataType.String))));
        JoinNode join = new(
            new ScanNode(customers),
            plain,
            JoinKind.Left,
            [Column(customers.Schema, "c_custkey")],
            [Column(orders.Schema, "o_custkey")]);
        AggregateNode perCustomer = new(
            join,
            [Column(join.Output, "c_custkey")],
            [Count(Column(join.Output, "o_orderkey"))],
            ["customer", "orders"]);
        AggregateNode histogram = new(
            perCustomer, [Column(perCustomer.Output, "orders")], [CountAll()], ["orders", "customers"]);
        SortNode plan = new(
            histogram,
            [
                new SortKey(Column(histogram.Output, "customers"), true),
                new SortKey(Column(histogram.Output, "orders"), true),
            ]);

        await AssertSameAsync(plan, """
            SELECT n, count(*) FROM (
                SELECT c_custkey, count(o_orderkey) AS n FROM customer
                LEFT JOIN orders ON c_custkey = o_custkey AND o_comment NOT LIKE '%special%requests%'
                GROUP BY 1)
            GROUP BY 1 ORDER BY 2 DESC, 1 DESC
            """);
    }

    [Fact]
    public async Task Unshipped_orders_as_in_Q3()
    {
        ParquetSource orders = await TpchAsync("orders", "o_orderkey", "o_orderdate", "o_shippriority");
        ParquetSource lines = await TpchAsync("lineitem", "l_orderkey", "l_extendedprice", "l_shipdate");
        FilterNode early = new(
            new ScanNode(orders), Less(Column(orders.Schema, "o_orderdate"), new Literal(9204, DataType.Date)));
        FilterNode late = new(
            new ScanNode(lines), Less(new Literal(9204, DataType.Date), Column(lines.Schema, "l_shipdate")));
        JoinNode join = new(
            late, early, JoinKind.Inner, [Column(lines.Schema, "l_orderkey")], [Column(orders.Schema, "o_orderkey")]);
        AggregateNode revenue = new(
            join,
            [
                Column(join.Output, "l_orderkey"),
                Column(join.Output, "o_orderdate"),
                Column(join.Output, "o_shippriority"),
            ],
            [Sum(Column(join.Output, "l_extendedprice"), DataType.Decimal(25, 2))],
            ["order", "date", "priority", "revenue"]);
        LimitNode plan = new(
            new SortNode(
                revenue,
                [new SortKey(Column(revenue.Output, "revenue"), true), new SortKey(Column(revenue.Output, "order"))]),
            50,
            10);

        await AssertSameAsync(plan, """
            SELECT l_orderkey, o_orderdate, o_shippriority, sum(l_extendedprice) AS revenue
            FROM lineitem JOIN orders ON l_orderkey = o_orderkey
            WHERE o_orderdate < DATE '1995-03-15' AND l_shipdate > DATE '1995-03-15'
            GROUP BY 1, 2, 3 ORDER BY 4 DESC, 1 LIMIT 50 OFFSET 10
            """);
    }

    [Fact]
    public async Task Late_suppliers_with_residuals_as_in_Q21()
    {
        ParquetSource source = await TpchAsync("lineitem", "l_orderkey", "l_suppkey", "l_commitdate", "l_receiptdate");
        DataType lines = source.Schema;
        ScanNode all = new(source);
        FilterNode late = new(all, Less(Column(lines, "l_commitdate"), Column(lines, "l_receiptdate")));
        Expression otherSupplier = Call(Function.Not, DataType.Boolean, Equal(
            Column(lines, "l_suppkey"), TestRows.Column(lines, "l_suppkey", lines.Fields.Count)));
        Expression[] order = [Column(lines, "l_orderkey")];
        JoinNode shared = new(late, all, JoinKind.LeftSemi, order, order, otherSupplier);
        JoinNode alone = new(shared, late, JoinKind.LeftAnti, order, order, otherSupplier);
        AggregateNode counts = new(
            alone, [Column(lines, "l_suppkey")], [CountAll(), Count(order[0], true)], ["s", "n", "d"]);
        SortNode plan = new(counts, [new SortKey(Column(counts.Output, "s"))]);

        await AssertSameAsync(plan, """
            SELECT l1.l_suppkey, count(*), count(DISTINCT l_orderkey) FROM lineitem l1
            WHERE l_receiptdate > l_commitdate
                AND EXISTS (SELECT 1 FROM lineitem l2 WHERE l2.l_orderkey = l1.l_orderkey
                    AND l2.l_suppkey <> l1.l_suppkey)
                AND NOT EXISTS (SELECT 1 FROM lineitem l3 WHERE l3.l_orderkey = l1.l_orderkey
                    AND l3.l_suppkey <> l1.l_suppkey AND l3.l_receiptdate > l3.l_commitdate)
            GROUP BY 1 ORDER BY 1
            """);
    }

    [Fact]
    public async Task Delays_by_route_over_three_million_flights()
    {
        ParquetSource source = await ParquetSource.OpenAsync(
            Corpus.Path("data", "flights-3m.parquet"), "origin", "destination", "delay");
        DataType flights = source.Schema;
        AggregateNode routes = new(
            new ScanNode(source),
            [Column(flights, "origin"), Column(flights, "destination")],
            [
                CountAll(),
                Average(Column(flights, "delay"), DataType.Double),
                Maximum(Column(flights, "delay")),
            ],
            ["origin", "destination", "count", "average", "largest"]);
        SortNode plan = new(
            routes, [new SortKey(Column(routes.Output, "origin")), new SortKey(Column(routes.Output, "destination"))]);

        string path = Corpus.Path("data", "flights-3m.parquet");
        await AssertSameAsync(plan, $"""
            SELECT origin, destination, count(*), avg(delay), max(delay) FROM '{path}' GROUP BY 1, 2 ORDER BY 1, 2
            """);
    }

    private static Task<ParquetSource> TpchAsync(string table, params IReadOnlyList<string> columns) =>
        ParquetSource.OpenAsync(Corpus.Path("data", "tpch-sf0.1", $"{table}.parquet"), columns);

    private static ColumnReference Column(DataType schema, string name) => TestRows.Column(schema, name);

    private static async Task AssertSameAsync(PlanNode plan, string sql)
    {
        string[] actual = [.. (await TestRows.RunAsync(plan)).Select(row =>
            string.Join("|", row.Zip(plan.Output.Fields, (value, field) => Text(value, field.Type))))];
        Assert.Equal(Query(sql), actual);
        Assert.NotEmpty(actual);
    }

    private static string Text(object? value, DataType type) => (value, type.Kind) switch
    {
        (Int128 unscaled, TypeKind.Decimal) =>
            ((decimal)unscaled / (decimal)Math.Pow(10, type.Scale)).ToString("G29", CultureInfo.InvariantCulture),
        (int days, TypeKind.Date) =>
            DateOnly.FromDayNumber(days + 719162).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        _ => TestRows.Text(value),
    };

    private static List<string> Query(string sql)
    {
        using DuckDBConnection connection = new("DataSource=:memory:");
        connection.Open();
        using DuckDBCommand command = connection.CreateCommand();
        foreach (string table in (string[])["lineitem", "orders", "customer"])
        {
            command.CommandText =
                $"CREATE VIEW {table} AS FROM '{Corpus.Path("data", "tpch-sf0.1", $"{table}.parquet")}'";
            command.ExecuteNonQuery();
        }

        command.CommandText = sql;
        using IDataReader reader = command.ExecuteReader();
        List<string> rows = [];
        while (reader.Read())
        {
            rows.Add(string.Join("|", Enumerable.Range(0, reader.FieldCount).Select(column =>
                reader.IsDBNull(column) ? "NULL" : reader.GetValue(column) switch
                {
                    decimal number => number.ToString("G29", CultureInfo.InvariantCulture),
                    DateOnly date => date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
                    DateTime date => date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
                    { } value => TestRows.Text(value),
                })));
        }

        return rows;
    }
}
