using System.Linq;
using System.Text.RegularExpressions;
using System.Threading.Tasks;
using Polder.Server.Queries;
using Xunit;

namespace Polder.Tests.Server.Queries;

/// <summary>A page's fences, values and parameters in; HTML out.</summary>
public sealed partial class PageQueriesTests
{
    private const string Orders = "id INT, region STRING, day DATE, rev DECIMAL(10,2)";

    private readonly QueryPage _page = new();

    [Fact]
    public async Task A_fence_becomes_a_table_that_says_what_it_read()
    {
        await OrdersAsync();
        PageResults results = await _page.RunAsync(
            """
            ```sql revenue
            SELECT region, sum(rev) AS rev FROM orders GROUP BY 1 ORDER BY 1
            ```
            """);
        FenceResult fence = Assert.Single(results.Fences);
        Assert.Equal("revenue", fence.Name);
        Assert.Null(fence.Failure);
        Assert.Equal("region rev EU 1,200.50 US 300.00", TextOf(fence.Html));
        Assert.Equal("orders v1", Assert.Single(fence.Tables).ToString());
        Assert.Contains("orders v1", results.TablesHtml);
        Assert.False(results.HasFailures);
    }

    [Fact]
    public async Task A_fence_builds_on_another_by_name_or_number()
    {
        await OrdersAsync();
        PageResults results = await _page.RunAsync(
            """
            ```sql top
            SELECT t.region FROM ${revenue} AS t WHERE t.rev > 1000 AND t.region <> '${revenue}' -- ${nothing}
            ```
            ```sql revenue
            SELECT region, sum(rev) AS rev FROM orders GROUP BY 1
            ```
            ```sql
            SELECT count(*) AS n FROM ${2} JOIN ${top} USING (region)
            ```
            """);
        Assert.Equal(["region EU", "region rev EU 1,200.50 US 300.00", "n 1"], results.Fences.Select(
            fence => TextOf(fence.Html)));
    }

    [Fact]
    public async Task Fences_that_build_on_each_other_are_an_error_that_names_the_circle()
    {
        PageResults results = await _page.RunAsync(
            """
            ```sql a
            SELECT * FROM ${b}
            ```
            ```sql b
            SELECT 1 AS x
              FROM ${a}
            ```
            ```sql c
            SELECT 2 AS y
            ```
            """);
        Assert.Equal("page.md:2:15", results.Fences[0].Failure!.Place);
        Assert.Contains("b (page.md:5) → a (page.md:2) → b (page.md:5)", results.Fences[1].Failure!.Message);
        Assert.Equal("page.md:6:8", results.Fences[1].Failure!.Place);
        Assert.Equal("y 2", TextOf(results.Fences[2].Html));
    }

    [Theory]
    [InlineData("SELECT id,\n  nam FROM orders", "page.md:6:3", "  ^^^")]
    [InlineData("SELECT id FROM orders WHERE id =", "page.md:5:33", "                                ^")]
    [InlineData("SELECT *\nFROM ordrs", "page.md:6:6", "     ^^^^^")]
    [InlineData("SELECT x.a FROM ${good} x\nWHERE CAST(x.b AS INT) > 0", "page.md:6:7", "      ^^^^^^^^^^^^^^^^")]
    [InlineData("SELECT sum(y) FROM ${bad}", "page.md:11:8", "       ^^^^^^^^^^^^^^^^^^^")]
    [InlineData("SELECT 1 FROM ${missing}", "page.md:5:15", "              ^^^^^^^^^^")]
    [InlineData("SELECT 1 FROM ${missing", "page.md:5:15", "              ^^")]
    [InlineData("DELETE FROM orders", "page.md:5:1", "^^^^^^")]
    [InlineData("", "page.md:5:1", "")]
    public async Task A_fence_that_fails_shows_the_place_in_the_page_and_breaks_nothing_else(
        string sql, string place, string caret)
    {
        await OrdersAsync();
        PageResults results = await _page.RunAsync(
            $$$"""
            ```sql good
            SELECT id AS a, 'x' AS b FROM orders
            ```
            ```sql
            {{{sql}}}
            ```
            {{good.a | count}}
            {{2.a}}

            ```sql bad
            SELECT CAST(region AS INT) AS y FROM orders
            ```
            """);
        FenceFailure failure = results.Fences[1].Failure!;
        Assert.Equal(place, failure.Place);
        Assert.Contains(failure.Place, results.Fences[1].Html);
        Assert.Contains(caret, results.Fences[1].Html);
        Assert.Null(results.Fences[0].Failure);
        Assert.Equal("3", TextOf(results.Values[0].Html));
        Assert.Contains("value-error", results.Values[1].Html);
        Assert.True(results.HasFailures);
    }

    [Theory]
    [InlineData("revenue.rev | sum", "1,500.50")]
    [InlineData("revenue.rev | max | format #,##0", "1,201")]
    [InlineData("revenue.rev | min | format compact", "300")]
    [InlineData("revenue.rev | avg", "750.250000")]
    [InlineData("revenue.region", "EU")]
    [InlineData("revenue.region | last", "US")]
    [InlineData("revenue.region|first", "EU")]
    [InlineData("revenue | count", "2")]
    [InlineData("1.REV | sum", "1,500.50")]
    public async Task A_value_of_a_query_stands_in_the_text(string expression, string expected)
    {
        await OrdersAsync();
        PageResults results = await _page.RunAsync(
            $$$"""
            ```sql revenue
            SELECT region, sum(rev) AS rev FROM orders GROUP BY 1 ORDER BY 1
            ```
            {{{{{expression}}}}}
            """);
        Assert.Equal(expected, TextOf(results.Values[0].Html));
    }

    [Theory]
    [InlineData("revenue.reven", "revenue has no column reven; it has region, rev")]
    [InlineData("sales.rev", "there is no query sales; this page has revenue")]
    [InlineData("revenue.rev | median", "'median' is none of sum")]
    [InlineData("revenue", "name a column of revenue")]
    [InlineData("revenue.region | sum", "sum")]
    [InlineData("revenue.rev | format nice", "'nice' is no format")]
    public async Task A_value_that_cannot_be_had_says_why_in_its_place(string expression, string message)
    {
        await OrdersAsync();
        PageResults results = await _page.RunAsync(
            $$$"""
            ```sql revenue
            SELECT region, rev AS rev FROM orders WHERE rev > 0
            ```
            {{{{{expression}}}}}
            """);
        Assert.Contains(message, TextOf(results.Values[0].Html));
        Assert.Contains("title=\"page.md:4:1\"", results.Values[0].Html);
        Assert.Null(results.Fences[0].Failure);
    }

    private Task OrdersAsync() => _page.AppendAsync(
        "orders", Orders, "1,EU,2026-01-01,1000.50", "2,EU,2026-01-02,200", "3,US,2026-01-02,300");

    /// <summary>What a reader sees.</summary>
    internal static string TextOf(string html) => System.Net.WebUtility.HtmlDecode(
        Spaces().Replace(Tags().Replace(html, " "), " ").Trim());

    [GeneratedRegex("<[^>]*>")]
    private static partial Regex Tags();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Spaces();
}
