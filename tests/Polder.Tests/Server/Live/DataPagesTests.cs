using System;
using System.IO;
using System.Linq;
using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using System.Threading.Tasks;
using Polder.Columns;
using Polder.Delta;
using Polder.Expressions.Syntax;
using Polder.Formats;
using Xunit;

namespace Polder.Tests.Server.Live;

/// <summary>Pages with queries, served over a warehouse, while tables are written.</summary>
public sealed class DataPagesTests
{
    private const string Columns = "region STRING, rev INT";

    private const string Report =
        """
        ---
        title: Sales
        params:
          region: {type: string, default: EU}
        ---
        All of it is {{revenue.rev | sum}} today.

        ```sql revenue {chart=bar x=region y=rev}
        SELECT region, sum(rev) AS rev FROM sales GROUP BY region ORDER BY region
        ```

        ```sql chosen
        SELECT count(*) AS n FROM sales WHERE region = :region
        ```
        """;

    [Fact]
    public async Task A_page_shows_its_queries_values_inputs_and_versions()
    {
        await using SiteHost host = await SiteHost.StartAsync(("pages/index.md", Report));
        await AppendAsync(host, "sales", "EU,10\nUS,5\n");
        string page = await host.GetAsync("/", "sales v1");
        Assert.Contains("All of it is <span class=\"value\">15</span> today.", page, StringComparison.Ordinal);
        Assert.Contains("<svg", page, StringComparison.Ordinal);
        Assert.Contains("sales v1", page, StringComparison.Ordinal);
        Assert.Contains("data-params", page, StringComparison.Ordinal);
        Assert.Contains("data-asset=\"charts.css\"", page, StringComparison.Ordinal);
        Assert.Contains(">1</td>", Fence(page, "chosen"), StringComparison.Ordinal);
        Assert.Contains(">0</td>",
            Fence(await host.Client.GetStringAsync("/?region=Mars"), "chosen"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_commit_changes_only_the_blocks_that_show_it()
    {
        await using SiteHost host = await SiteHost.StartAsync(("pages/index.md", Report));
        await AppendAsync(host, "sales", "EU,10\nUS,5\n");
        string page = await host.GetAsync("/", "sales v1");
        string version = page.Split("data-version=\"")[1][..16];
        await AppendAsync(host, "sales", "US,7\n");
        JsonNode patch = JsonNode.Parse(
            await host.Client.GetStringAsync($"/_polder/patch?path=/&query=&from={version}"))!;
        string[] changed = [.. patch["ops"]!.AsArray().Where(op => op![0]!.GetValue<string>() != "k")
            .Select(op => op!.ToJsonString())];

        // The sentence with the sum, the chart, the version; neither the inputs nor the count of the other region.
        Assert.Equal(3, changed.Length);
        Assert.Contains(changed, op => op.Contains("22", StringComparison.Ordinal));
        Assert.Contains(changed, op => op.Contains("sales v2", StringComparison.Ordinal));
        Assert.DoesNotContain(changed, op => op.Contains("chosen", StringComparison.Ordinal));
        Assert.Contains("sales v1", await host.Client.GetStringAsync("/?at.sales=1"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Whoever_looks_on_is_told_of_a_commit_and_of_one_only()
    {
        await using SiteHost host = await SiteHost.StartAsync(("pages/index.md", Report), ("pages/b.md", "No data."));
        await AppendAsync(host, "sales", "EU,10\n");
        await host.GetAsync("/", "sales v1");
        await host.Client.GetStringAsync("/b");
        using LiveEvents events = await LiveEvents.OpenAsync(host);
        await events.NextAsync("hello");
        for (int round = 2; round <= 4; round++)
        {
            await AppendAsync(host, "sales", "US,1\n");
            Assert.Equal("data: {\"paths\":[\"/\"]}", await events.NextAsync("page"));
            Assert.Contains(
                $"sales v{round}", await host.Client.GetStringAsync("/"), StringComparison.Ordinal);
        }

        // Nothing more comes of it: the next event is the one of the file.
        await Task.Delay(300);
        host.Save("pages/b.md", "Still no data.");
        Assert.Equal("data: {\"paths\":[\"/b\"]}", await events.NextAsync("page"));
    }

    [Fact]
    public async Task A_query_that_fails_says_where_breaks_nothing_and_recovers_by_itself()
    {
        await using SiteHost host = await SiteHost.StartAsync(("pages/index.md", Report + "\n\nThe end.\n"));
        string page = WebUtility.HtmlDecode(await host.Client.GetStringAsync("/"));
        Assert.Contains("pages/index.md:9:", Fence(page, "revenue"), StringComparison.Ordinal);
        Assert.Contains("The end.", page, StringComparison.Ordinal);
        using LiveEvents events = await LiveEvents.OpenAsync(host);
        await AppendAsync(host, "sales", "EU,10\n");
        await host.GetAsync("/", "sales v1");
    }

    [Fact]
    public async Task A_table_that_is_deleted_and_begins_anew_is_followed()
    {
        await using SiteHost host = await SiteHost.StartAsync(("pages/index.md", Report));
        await AppendAsync(host, "sales", "EU,10\n");
        await AppendAsync(host, "sales", "EU,10\n");
        await host.GetAsync("/", "sales v2");
        Directory.Delete(Path.Combine(host.Folder, "warehouse", "sales"), recursive: true);
        await host.WaitAsync("/", answer => answer.Contains("query-error", StringComparison.Ordinal));
        await AppendAsync(host, "sales", "EU,3\n");
        string page = await host.GetAsync("/", "sales v1");
        Assert.Contains("All of it is <span class=\"value\">3</span>", page, StringComparison.Ordinal);
    }

    private static string Fence(string page, string name)
    {
        int start = page.IndexOf($"data-query=\"{name}\"", StringComparison.Ordinal);
        Assert.True(start >= 0, page);
        int end = page.IndexOf("</figure>", start, StringComparison.Ordinal);
        return page[start..(end < 0 ? page.Length : end)];
    }

    private static async Task AppendAsync(SiteHost host, string name, string csv)
    {
        DataType columns = TypeParser.ParseSchema(Columns);
        string path = Path.Combine(host.Folder, "warehouse", name);
        DeltaTable table = Directory.Exists(path)
            ? await DeltaTable.OpenAsync(path) : await DeltaTable.CreateAsync(path, columns);
        MemoryStream rows = new(Encoding.UTF8.GetBytes("region,rev\n" + csv));
        await using FormatReader reader = await FormatReader.OpenAsync(
            rows, RowFormat.Csv, new FormatReadOptions { Schema = columns });
        await table.AppendAsync(reader.ReadAsync());
    }
}
