using System.Linq;
using System.Threading.Tasks;
using Polder.Expressions;
using Polder.Server.Queries;
using Polder.Sql;
using Xunit;

namespace Polder.Tests.Server.Queries;

/// <summary>Parameters and versions that the URL says.</summary>
public sealed class PageParametersTests
{
    private const string Page =
        """
        ---
        title: Sales
        params:
          region:
            default: EU
            options: SELECT DISTINCT region FROM orders ORDER BY 1
          days:
            type: INT
            default: 7
            label: Days back
          since: DATE
          size:
            default: "10"
            options: [10, {value: 20, label: twenty}]
            type: INT
        ---
        ```sql sales
        SELECT region, count(*) AS n, :days + 1 AS d, :since AS since FROM orders
        WHERE region = :region GROUP BY region LIMIT :size
        ```
        """;

    private readonly QueryPage _page = new();

    [Fact]
    public async Task What_the_url_does_not_say_is_the_default()
    {
        await OrdersAsync();
        PageResults results = await _page.RunAsync(Page);
        Assert.Equal("region n d since EU 2 8 null", PageQueriesTests.TextOf(results.Fences[0].Html));
        Assert.Contains("<select name=\"region\"><option value=\"EU\" selected>EU</option>", results.InputsHtml);
        Assert.Contains("<span>Days back</span><input type=\"number\" name=\"days\" value=\"7\">", results.InputsHtml);
        Assert.Contains("<input type=\"date\" name=\"since\" value=\"\">", results.InputsHtml);
        Assert.Contains("<option value=\"20\">twenty</option>", results.InputsHtml);
        Assert.StartsWith("<form class=\"params\" method=\"get\" data-params>", results.InputsHtml);
        Assert.False(results.HasFailures);
    }

    [Fact]
    public async Task The_url_is_the_truth()
    {
        await OrdersAsync();
        PageResults results = await _page.RunAsync(Page, "region=US&days=1&since=2026-01-02&utm=x");
        Assert.Equal("region n d since US 1 2 2026-01-02", PageQueriesTests.TextOf(results.Fences[0].Html));
        Assert.Contains("<option value=\"US\" selected>US</option>", results.InputsHtml);
        Assert.Contains("name=\"since\" value=\"2026-01-02\"", results.InputsHtml);
        results = await _page.RunAsync(Page, "days=");
        Assert.Equal("region n d since EU 2 null null", PageQueriesTests.TextOf(results.Fences[0].Html));
    }

    [Theory]
    [InlineData("days=abc", "'abc' is no INT")]
    [InlineData("days=1%3BDROP%20TABLE%20orders", "'1;DROP TABLE orders' is no INT")]
    [InlineData("region=%27%20OR%201%3D1%20--", "'' OR 1=1 --' is none of the values to choose")]
    [InlineData("region=%3Cscript%3E", "'<script>' is none of the values to choose")]
    [InlineData("since=2026-02-31", "'2026-02-31' is no DATE")]
    [InlineData("size=30", "'30' is none of the values to choose")]
    public async Task A_wrong_value_is_told_at_its_input_and_in_the_fences_that_use_it(string url, string message)
    {
        await OrdersAsync();
        PageResults results = await _page.RunAsync(Page + "\n```sql other\nSELECT 1 AS one\n```", url);
        string html = Markup.Encode(message);
        Assert.Contains($"id=\"error-{url.Split('=')[0]}\">{html}</span>", results.InputsHtml);
        Assert.Contains("aria-invalid=\"true\"", results.InputsHtml);
        Assert.DoesNotContain("<script>", results.InputsHtml);
        Assert.EndsWith($"has no value: {message}", results.Fences[0].Failure!.Message);
        Assert.Null(results.Fences[1].Failure);
        Assert.True(results.HasFailures);
    }

    [Fact]
    public async Task A_value_is_never_read_as_sql()
    {
        await OrdersAsync();
        const string Text =
            """
            ---
            params:
              name: STRING
            ---
            ```sql
            SELECT :name AS n, concat('<', :name, '>') AS l, count(*) AS c FROM orders WHERE region <> :name
            ```
            """;
        PageResults results = await _page.RunAsync(Text, "name=%27%20OR%20%27%27%3D%27");
        Assert.Equal("n l c ' OR ''=' <' OR ''='> 3", PageQueriesTests.TextOf(results.Fences[0].Html));
    }

    [Theory]
    [InlineData("x: FOO", "page.md:3:5", "'FOO' is no type of SQL")]
    [InlineData("2x: INT", "page.md:3:2", "a parameter's name is of letters")]
    [InlineData("x: {type: INT, opt: 3}", "page.md:3:17", "opt is none of type, default, label, options")]
    [InlineData("x: [1]", "page.md:3:5", "x is a type, or a map of type")]
    [InlineData("x: {options: SELECT nothing FROM orders}", "page.md:3", "there is no column `nothing`")]
    public async Task A_wrong_declaration_says_where_it_stands(string declaration, string place, string message)
    {
        await OrdersAsync();
        PageResults results = await _page.RunAsync(
            $"---\nparams:\n {declaration}\n---\n```sql\nSELECT 1 AS x\n```");
        Assert.True(results.HasFailures);
        Assert.Contains($"{place}: {message}", System.Net.WebUtility.HtmlDecode(results.InputsHtml));
        Assert.Null(results.Fences[0].Failure);
    }

    [Fact]
    public async Task A_parameter_that_the_page_does_not_declare_is_an_error_at_its_place()
    {
        PageResults results = await _page.RunAsync(Page + "\n```sql b\nSELECT\n  :regio\n```");
        Assert.Equal("the page declares no parameter :regio, only :region, :days, :since, :size",
            results.Fences[1].Failure!.Message);
        Assert.EndsWith(":3", results.Fences[1].Failure!.Place);
        results = await _page.RunAsync("```sql b\nSELECT :regio\n```");
        Assert.Contains("the page declares no parameters", results.Fences[0].Failure!.Message);
    }

    [Fact]
    public async Task Tables_are_read_at_the_version_that_the_url_says()
    {
        await OrdersAsync();
        await _page.AppendAsync("orders", Orders, "4,EU", "5,EU");
        await _page.AppendAsync("other", "a INT", "1");
        const string Text =
            "```sql a\nSELECT count(*) AS n FROM orders\n```\n```sql b\nSELECT o.n, p.m FROM ${a} o CROSS JOIN " +
            "(SELECT count(*) AS m FROM default.Orders) p\n```\n```sql c\nSELECT a FROM other\n```";
        PageResults now = await _page.RunAsync(Text);
        Assert.Equal(["n 5", "n m 5 5", "a 1"], now.Fences.Select(fence => PageQueriesTests.TextOf(fence.Html)));
        Assert.Equal("orders v2 other v1", PageQueriesTests.TextOf(now.TablesHtml));
        PageResults then = await _page.RunAsync(Text, "at.orders=1");
        Assert.Equal(["n 3", "n m 3 3", "a 1"], then.Fences.Select(fence => PageQueriesTests.TextOf(fence.Html)));
        Assert.Contains("table-version past", then.TablesHtml);
        Assert.Equal("orders v1 other v1", PageQueriesTests.TextOf(then.TablesHtml));
        string time = Uri(now.Tables[0].Timestamp.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss.fff"));
        PageResults timed = await _page.RunAsync(Text, "at.orders=" + time);
        Assert.Equal("n 5", PageQueriesTests.TextOf(timed.Fences[0].Html));
        PageResults early = await _page.RunAsync(Text, "at.orders=2001-01-01");
        Assert.NotNull(early.Fences[0].Failure);
        Assert.Null(early.Fences[2].Failure);
        PageResults wrong = await _page.RunAsync(Text, "at.orders=yesterday");
        Assert.Contains("neither a version number nor a time", wrong.TablesHtml);
        Assert.True(wrong.HasFailures);
        PageResults none = await _page.RunAsync(Text, "at.orders=99");
        Assert.Equal("DELTA_VERSION_NOT_FOUND", none.Fences[0].Failure!.Condition);
    }

    [Fact]
    public async Task The_form_keeps_the_versions_that_the_url_says()
    {
        await OrdersAsync();
        PageResults results = await _page.RunAsync(Page, "at.orders=1");
        Assert.Contains("<input type=\"hidden\" name=\"at.orders\" value=\"1\">", results.InputsHtml);
    }

    [Fact]
    public async Task A_fence_can_be_read_whole()
    {
        await OrdersAsync();
        PageQueries queries = _page.Read(
            Page + "\n```sql all\nSELECT id, :region AS r FROM orders WHERE id > 1\n```\n```sql no\nSELECT\n```");
        StatementResult result = await queries.OpenAsync("all", QueryPage.UrlOf("region=US&at.orders=1"), default);
        Assert.Equal(2, (await result.Batches.ToListAsync()).Sum(batch => batch.Length));
        await Assert.ThrowsAsync<QueryException>(() => queries.OpenAsync("no", QueryPage.UrlOf(""), default));
        await Assert.ThrowsAsync<QueryException>(() => queries.OpenAsync("none", QueryPage.UrlOf(""), default));
    }

    private const string Orders = "id INT, region STRING";

    private static string Uri(string text) => System.Uri.EscapeDataString(text);

    private Task OrdersAsync() => _page.AppendAsync("orders", Orders, "1,EU", "2,EU", "3,US");
}
