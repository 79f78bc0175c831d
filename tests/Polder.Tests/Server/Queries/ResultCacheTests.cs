using System;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Polder.Delta;
using Polder.Server.Queries;
using Polder.Sql;
using Xunit;

namespace Polder.Tests.Server.Queries;

/// <summary>What runs, what does not run again, and what is stopped.</summary>
public sealed class ResultCacheTests
{
    private const string Endless =
        "SELECT count(*) AS n FROM range(100000000000) a CROSS JOIN range(1000) b WHERE a.id + b.id = 7";

    private const string TwoTables =
        "```sql a\nSELECT count(*) AS n FROM orders\n```\n" +
        "```sql b\nSELECT count(*) AS n FROM people\n```\n" +
        "```sql c\nSELECT n + 1 AS m FROM ${a}\n```";

    [Fact]
    public async Task Only_fences_that_read_a_changed_table_run_again()
    {
        QueryPage page = new();
        await page.AppendAsync("orders", "id INT", "1", "2");
        await page.AppendAsync("people", "id INT", "1");
        PageResults first = await page.RunAsync(TwoTables);
        Assert.Equal(3, page.Service.Cache.RunCount);
        await page.RunAsync(TwoTables);
        Assert.Equal(3, page.Service.Cache.RunCount);

        await page.AppendAsync("orders", "id INT", "3");
        PageResults second = await page.RunAsync(TwoTables);
        Assert.Equal(5, page.Service.Cache.RunCount);
        Assert.Equal(["n 3", "n 1", "m 4"], second.Fences.Select(fence => PageQueriesTests.TextOf(fence.Html)));
        Assert.Equal(first.Fences[1].Hash, second.Fences[1].Hash);
        Assert.NotEqual(first.Fences[0].Hash, second.Fences[0].Hash);
    }

    [Fact]
    public async Task Comments_and_spaces_make_no_other_query()
    {
        QueryPage page = new();
        await page.AppendAsync("orders", "id INT", "1", "2");
        await page.RunAsync("```sql a\nSELECT count(*) AS n FROM orders\n```");
        await page.RunAsync("```sql z {chart=number}\nSELECT  count(*)  AS n -- all\n  FROM /* the */ orders\n```");
        Assert.Equal(1, page.Service.Cache.RunCount);
        await page.RunAsync("```sql a\nSELECT count(*) AS `n ` FROM orders\n```");
        Assert.Equal(2, page.Service.Cache.RunCount);
    }

    [Fact]
    public async Task A_parameter_that_a_fence_does_not_use_does_not_run_it_again()
    {
        const string Text =
            "---\nparams:\n  x: INT\n  y: STRING\n---\n```sql a\nSELECT :x AS x\n```\n```sql b\nSELECT :y AS y\n```";
        QueryPage page = new();
        await page.RunAsync(Text, "x=1&y=1");
        await page.RunAsync(Text, "x=2&y=1");
        Assert.Equal(3, page.Service.Cache.RunCount);
        PageResults results = await page.RunAsync(Text, "x=1&y=2");
        Assert.Equal(4, page.Service.Cache.RunCount);
        Assert.Equal(["x 1", "y 2"], results.Fences.Select(fence => PageQueriesTests.TextOf(fence.Html)));
    }

    [Fact]
    public async Task A_commit_that_changes_no_data_runs_nothing_again_and_shows_its_version()
    {
        QueryPage page = new();
        DeltaTable table = await page.AppendAsync("orders", "id INT", "1", "2");
        await page.AppendAsync("people", "id INT", "1");
        PageResults before = await page.RunAsync(TwoTables);
        await RearrangeAsync(table);
        PageResults after = await page.RunAsync(TwoTables);
        Assert.Equal(3, page.Service.Cache.RunCount);
        Assert.Equal(before.Fences.Select(fence => fence.Hash), after.Fences.Select(fence => fence.Hash));
        Assert.Equal(["orders v2", "people v1"], after.Tables.Select(item => item.ToString()));
        await page.AppendAsync("orders", "id INT", "3");
        Assert.Equal("n 3", PageQueriesTests.TextOf((await page.RunAsync(TwoTables)).Fences[0].Html));
    }

    [Fact]
    public async Task A_table_that_was_replaced_by_one_of_the_same_version_is_read_anew()
    {
        QueryPage page = new();
        await page.AppendAsync("orders", "id INT", "1", "2");
        const string Text = "```sql a\nSELECT count(*) AS n FROM orders\n```";
        Assert.Equal("n 2", PageQueriesTests.TextOf((await page.RunAsync(Text)).Fences[0].Html));
        await page.DropAsync("orders");
        PageResults gone = await page.RunAsync(Text);
        Assert.Equal("TABLE_OR_VIEW_NOT_FOUND", gone.Fences[0].Failure!.Condition);
        await page.AppendAsync("orders", "id INT", "1", "2", "3");
        Assert.Equal("n 3", PageQueriesTests.TextOf((await page.RunAsync(Text)).Fences[0].Html));
    }

    [Fact]
    public async Task Viewers_that_come_at_once_share_one_run()
    {
        QueryPage page = new();
        PageQueries queries = page.Read(
            "```sql a\nSELECT count(*) AS n FROM range(30000000) WHERE id % 3 = 1\n```");
        PageResults[] all = await Task.WhenAll(Enumerable.Range(0, 20)
            .Select(_ => Task.Run(() => queries.RunAsync(QueryPage.UrlOf(""), default))));
        Assert.Equal(1, page.Service.Cache.RunCount);
        Assert.All(all, results => Assert.Equal("n 10,000,000", PageQueriesTests.TextOf(results.Fences[0].Html)));
    }

    [Fact]
    public async Task An_endless_query_is_stopped_and_breaks_nothing_else()
    {
        Engine engine = new(new EngineOptions { Limits = new Limits { QueryTime = TimeSpan.FromSeconds(0.4) } });
        QueryPage page = new(engine);
        PageResults results = await page.RunAsync($"```sql a\n{Endless}\n```\n```sql b\nSELECT 1 AS x\n```\n")
            .WaitAsync(TimeSpan.FromSeconds(20));
        Assert.Contains("stopped after 0.4 s", results.Fences[0].Failure!.Message);
        Assert.Equal("x 1", PageQueriesTests.TextOf(results.Fences[1].Html));
        await EventuallyAsync(() => page.Service.Cache.RunningCount == 0);
    }

    [Fact]
    public async Task A_query_ends_when_its_last_viewer_goes()
    {
        QueryPage page = new();
        PageQueries queries = page.Read($"```sql a\n{Endless}\n```");
        using CancellationTokenSource first = new();
        using CancellationTokenSource second = new();
        Task one = queries.RunAsync(QueryPage.UrlOf(""), first.Token);
        Task two = queries.RunAsync(QueryPage.UrlOf(""), second.Token);
        await EventuallyAsync(() => page.Service.Cache.RunningCount == 1);
        await first.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => one);
        Assert.Equal(1, page.Service.Cache.RunningCount);
        await second.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => two);
        Assert.Equal(0, page.Service.Cache.RunningCount);
        Assert.Equal(1, page.Service.Cache.RunCount);
    }

    [Fact]
    public async Task Results_are_kept_within_a_number_of_bytes()
    {
        Engine engine = new(new EngineOptions { Limits = new Limits { ResultCacheMemory = 100_000 } });
        QueryPage page = new(engine);
        for (int number = 0; number < 40; number++)
        {
            await page.RunAsync($"```sql a\nSELECT id + {number} AS x FROM range(1000)\n```");
            Assert.InRange(page.Service.Cache.SizeBytes, 1, 100_000);
        }

        // The last is still there, the first is not.
        await page.RunAsync("```sql a\nSELECT id + 39 AS x FROM range(1000)\n```");
        Assert.Equal(40, page.Service.Cache.RunCount);
        await page.RunAsync("```sql a\nSELECT id + 0 AS x FROM range(1000)\n```");
        Assert.Equal(41, page.Service.Cache.RunCount);
    }

    [Fact]
    public async Task A_long_result_shows_its_first_rows_and_its_values_count_all()
    {
        QueryPage page = new();
        PageResults results = await page.RunAsync(
            "```sql a\nSELECT id AS x, id * 2 AS y FROM range(123456)\n```\n{{a.x | sum}} {{a.y | max}} {{a | count}}" +
            " {{a.y | last}} {{a.x | first}}\n```sql b {rows=2}\nSELECT id FROM range(3)\n```");
        Assert.Contains("showing 1,000 of 123,456 rows", results.Fences[0].Html);
        Assert.Equal(["7,620,630,240", "246,910", "123,456", "246,910", "0"],
            results.Values.Select(value => PageQueriesTests.TextOf(value.Html)));
        Assert.Contains("showing 2 of 3 rows", results.Fences[1].Html);
    }

    [Fact]
    public async Task A_result_of_long_texts_keeps_what_fits()
    {
        Engine engine = new(new EngineOptions { Limits = new Limits { ResultMemory = 50_000 } });
        PageResults results = await new QueryPage(engine).RunAsync(
            "```sql a\nSELECT concat('a long text, one of many, number ', id) AS t FROM range(20000)" +
            "\n```\n{{a.t | last}}");
        Assert.Matches("showing (1,000|[0-9]{3}) of 20,000 rows", results.Fences[0].Html);
        Assert.Equal("a long text, one of many, number 19999", PageQueriesTests.TextOf(results.Values[0].Html));
    }

    [Fact]
    public async Task No_function_asks_a_clock_or_a_die_so_that_results_may_be_kept()
    {
        PageResults results = await new QueryPage().RunAsync(string.Join('\n', new[]
        {
            "current_date()", "current_timestamp()", "now()", "rand()", "uuid()", "monotonically_increasing_id()",
        }.Select(call => $"```sql\nSELECT {call}\n```")));
        Assert.All(results.Fences, fence => Assert.Equal("POLDER_UNSUPPORTED", fence.Failure?.Condition));
    }

    [Fact]
    public async Task Statements_that_share_pinned_tables_agree_whatever_is_committed_between_them()
    {
        QueryPage page = new();
        await page.AppendAsync("orders", "id INT", "1", "2");
        SqlQueryOptions options = new() { Tables = new PinnedTables() };
        StatementResult first = await page.Service.Session.QueryAsync("SELECT id FROM orders", options);
        await page.AppendAsync("orders", "id INT", "3");
        StatementResult second = await page.Service.Session.QueryAsync("SELECT id FROM Orders", options);
        StatementResult other = await page.Service.Session.QueryAsync("SELECT id FROM orders");
        Assert.Equal(first.Tables, second.Tables);
        Assert.Equal(2, other.Tables.Single().Version);
    }

    /// <summary>The files stay, one commit later, as after a rewrite that changes no row.</summary>
    private static async Task RearrangeAsync(DeltaTable table)
    {
        Snapshot snapshot = await table.SnapshotAsync();
        string commit = $"_delta_log/{snapshot.Version + 1:D20}.json";
        string path = snapshot.Files[0].Path;
        string action = $"\"path\":\"{path}\",\"partitionValues\":{{}},\"size\":{snapshot.Files[0].SizeBytes}," +
            "\"modificationTime\":0,\"dataChange\":false,\"stats\":\"{\\\"numRecords\\\":2}\"";
        await QueryPage.PutAsync(table, commit,
            "{\"commitInfo\":{\"operation\":\"OPTIMIZE\"}}\n{\"add\":{" + action + "}}\n");
    }

    private static async Task EventuallyAsync(Func<bool> isTrue)
    {
        for (int attempt = 0; attempt < 500 && !isTrue(); attempt++)
        {
            await Task.Delay(20);
        }

        Assert.True(isTrue());
    }
}
