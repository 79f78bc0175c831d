using System;
using System.IO;
using System.Linq;
using System.Net;
using System.Net.Http;
using System.Text.Encodings.Web;
using System.Text.Json.Nodes;
using System.Threading.Tasks;
using System.Xml.Linq;
using Xunit;

namespace Polder.Tests.Server.Site;

public sealed class SiteTests
{
    [Fact]
    public async Task A_file_is_a_page_and_index_is_its_folder()
    {
        await using SiteHost host = await SiteHost.StartAsync(
            ("pages/index.md", "# Home"), ("pages/a/b.md", "Text of *b*."), ("pages/a/index.md", "# A"));
        Assert.Contains("<h1 id=\"home\">Home</h1>", await host.Client.GetStringAsync("/"), StringComparison.Ordinal);
        Assert.Contains("<em>b</em>", await host.Client.GetStringAsync("/a/b"), StringComparison.Ordinal);
        Assert.Contains("<em>b</em>", await host.Client.GetStringAsync("/a/b/"), StringComparison.Ordinal);
        Assert.Contains(">A</h1>", await host.Client.GetStringAsync("/a"), StringComparison.Ordinal);
        using HttpResponseMessage missing = await host.Client.GetAsync("/nowhere");
        Assert.Equal(HttpStatusCode.NotFound, missing.StatusCode);
        Assert.Contains("Nothing here", await missing.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_saved_text_is_a_patch_of_one_block()
    {
        await using SiteHost host = await SiteHost.StartAsync(("pages/index.md", "One.\n\nTwo.\n\nThree.\n"));
        string page = await host.Client.GetStringAsync("/");
        string version = page.Split("data-version=\"")[1][..16];
        host.Save("pages/index.md", "One.\n\nTwo and a half.\n\nThree.\n");
        await host.GetAsync("/", "half");
        string answer = await host.Client.GetStringAsync($"/_polder/patch?path=/&query=&from={version}");
        JsonNode patch = JsonNode.Parse(answer)!;
        Assert.Equal(
            """[["k",0,1],["m",1,"<p>Two and a half.</p>\n"],["k",2,1]]""",
            patch["ops"]!.ToJsonString(new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }));
        Assert.Null(patch["error"]);
    }

    [Theory]
    [InlineData("---\ntitle: a: b\n---\nText", "pages/index.md:2:9: While scanning a plain scalar")]
    [InlineData("---\ntitle: T\ndate: yesterday\n---\nText", "pages/index.md:3:7: date: 'yesterday' is not a date")]
    [InlineData("---\ntitle: T\ndraft: maybe\n---\nText", "pages/index.md:3:8: draft: 'maybe' is neither")]
    [InlineData("---\ntitle: T\n", "pages/index.md:1:1: the front matter that begins here has no end")]
    [InlineData("One\n\n{% include \"parts/none.md\" %}", "pages/index.md:3:13: there is no 'parts/none.md'")]
    [InlineData("---\nlayout: fancy\n---\nText", "names the layout 'fancy'")]
    public async Task A_broken_page_says_where(string text, string expected)
    {
        await using SiteHost host = await SiteHost.StartAsync(("pages/index.md", text));
        using HttpResponseMessage response = await host.Client.GetAsync("/");
        Assert.Equal(HttpStatusCode.InternalServerError, response.StatusCode);
        string page = WebUtility.HtmlDecode(await response.Content.ReadAsStringAsync());
        Assert.True(page.Contains(expected, StringComparison.Ordinal), page);
    }

    [Fact]
    public async Task A_page_that_is_broken_later_still_serves_what_it_was()
    {
        await using SiteHost host = await SiteHost.StartAsync(("pages/index.md", "---\ntitle: T\n---\nThe text."));
        Assert.Contains("The text.", await host.Client.GetStringAsync("/"), StringComparison.Ordinal);
        host.Save("pages/index.md", "---\ntitle: a: b\n---\nAnother text.");
        string patch = await host.GetAsync("/_polder/patch?path=/&query=&from=0", "\"error\"");
        Assert.Contains("pages/index.md:2", patch, StringComparison.Ordinal);
        Assert.Contains("The text.", await host.Client.GetStringAsync("/"), StringComparison.Ordinal);
        host.Save("pages/index.md", "---\ntitle: T\n---\nAnother text.");
        Assert.Contains("Another text.", await host.GetAsync("/", "Another text."), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_page_that_includes_itself_says_so()
    {
        await using SiteHost host = await SiteHost.StartAsync(
            ("pages/index.md", "{% include \"parts/a.md\" %}"), ("parts/a.md", "A\n{% include \"parts/b.md\" %}"),
            ("parts/b.md", "{% include \"parts/a.md\" %}"));
        using HttpResponseMessage response = await host.Client.GetAsync("/");
        string text = WebUtility.HtmlDecode(await response.Content.ReadAsStringAsync());
        Assert.Contains("parts/b.md:1:13: 'parts/a.md' includes itself", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_included_part_and_a_style_are_followed()
    {
        await using SiteHost host = await SiteHost.StartAsync(
            ("pages/index.md", "{% include \"parts/a.md\" %}"), ("parts/a.md", "First."), ("assets/style.css", "p{}"));
        string page = await host.Client.GetStringAsync("/");
        Assert.Contains("<p>First.</p>", page, StringComparison.Ordinal);
        host.Save("parts/a.md", "Second.");
        string second = await host.GetAsync("/", "Second.");
        Assert.Contains("<p>Second.</p>", second, StringComparison.Ordinal);
        host.Save("assets/style.css", "p{color:red}");
        string address = "/assets/style." + second.Split("/assets/style.")[1].Split('"')[0];
        Assert.Contains("red", await host.GetAsync(address, "red"), StringComparison.Ordinal);
        await host.WaitAsync("/", page => !page.Contains(address, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_draft_is_there_only_while_somebody_writes()
    {
        (string, string)[] files = [("pages/index.md", "# Home"), ("pages/next.md", "---\ndraft: true\n---\nSoon.")];
        await using SiteHost writing = await SiteHost.StartAsync(true, files);
        Assert.Contains("Soon.", await writing.Client.GetStringAsync("/next"), StringComparison.Ordinal);
        await using SiteHost served = await SiteHost.StartAsync(false, files);
        using HttpResponseMessage missing = await served.Client.GetAsync("/next");
        Assert.Equal(HttpStatusCode.NotFound, missing.StatusCode);
        using HttpResponseMessage stream = await served.Client.GetAsync("/_polder/live");
        Assert.Equal(HttpStatusCode.NotFound, stream.StatusCode);
        Assert.DoesNotContain("<script", await served.Client.GetStringAsync("/"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("<script>alert(1)</script>", "alert")]
    [InlineData("<img src=x onerror=alert(1)>", "onerror")]
    [InlineData("[a](javascript:alert(1))", "javascript")]
    [InlineData("# H {onclick=\"alert(1)\"}", "onclick")]
    [InlineData("a <b onmouseover=\"alert(1)\">b</b>", "onmouseover")]
    [InlineData("<iframe src=\"https://example.org\"></iframe>", "iframe")]
    public async Task Raw_html_that_could_run_something_is_left_out(string text, string unwanted)
    {
        await using SiteHost host = await SiteHost.StartAsync(("pages/index.md", "Text.\n\n" + text + "\n"));
        string page = await host.Client.GetStringAsync("/");
        string content = page[page.IndexOf("id=\"content\"", StringComparison.Ordinal)..];
        Assert.DoesNotContain(unwanted, content, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_element_over_several_blocks_is_one_block()
    {
        await using SiteHost host = await SiteHost.StartAsync(
            ("pages/index.md", "<details><summary>More</summary>\n\nInside *it*.\n\n</details>\n\nAfter."));
        string page = await host.Client.GetStringAsync("/");
        Assert.Contains("<p>Inside <em>it</em>.</p>\n</details></div>\n<p>After.</p>", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_link_out_of_the_folder_is_not_followed()
    {
        using TemporaryFolder elsewhere = new();
        await File.WriteAllTextAsync(elsewhere["secret.md"], "The secret.");
        await using SiteHost host = await SiteHost.StartAsync(("pages/index.md", "# Home"));
        await host.GetAsync("/secret", "Nothing here");
        File.CreateSymbolicLink(Path.Combine(host.Folder, "pages/secret.md"), elsewhere["secret.md"]);
        Directory.CreateSymbolicLink(Path.Combine(host.Folder, "pages/all"), elsewhere.Path);
        string page = await host.GetAsync("/secret", "leads out of");
        Assert.Contains("pages/secret.md: leads out of the site&#39;s folder", page, StringComparison.Ordinal);
        using HttpResponseMessage within = await host.Client.GetAsync("/all/secret");
        Assert.Equal(HttpStatusCode.NotFound, within.StatusCode);
    }

    [Fact]
    public async Task Posts_have_neighbours_tags_a_feed_and_a_place_in_the_sitemap()
    {
        await using SiteHost host = await SiteHost.StartAsync(
            ("site.yaml", "title: Tides\nurl: https://example.org/"),
            ("pages/index.md", "---\nlayout: home\n---\nHello."),
            ("pages/posts/a.md", "---\ntitle: A & B\ndate: 2026-01-02\ntags: [Salt Water]\n---\nText."),
            ("pages/posts/b.md", "---\ntitle: Later\ndate: 2026-02-03\n---\nText."));
        Assert.Contains("<a rel=\"next\" href=\"/posts/b\"><span>Later</span>Later</a>",
            await host.Client.GetStringAsync("/posts/a"), StringComparison.Ordinal);
        Assert.Contains("href=\"/posts/a\">A &amp; B</a>",
            await host.Client.GetStringAsync("/tags/salt-water"), StringComparison.Ordinal);
        string home = await host.Client.GetStringAsync("/");
        Assert.True(home.IndexOf("/posts/b", StringComparison.Ordinal) <
            home.IndexOf("/posts/a", StringComparison.Ordinal), home);
        XNamespace atom = "http://www.w3.org/2005/Atom";
        XDocument feed = XDocument.Parse(await host.Client.GetStringAsync("/feed.xml"));
        Assert.Equal(
            ["Later", "A & B"],
            feed.Descendants(atom + "entry").Select(entry => entry.Element(atom + "title")!.Value));
        Assert.Equal("2026-02-03T00:00:00+00:00", feed.Root!.Element(atom + "updated")!.Value);
        XDocument map = XDocument.Parse(await host.Client.GetStringAsync("/sitemap.xml"));
        Assert.Equal(
            [
                "https://example.org/", "https://example.org/posts/a", "https://example.org/posts/b",
                "https://example.org/tags/salt-water",
            ],
            map.Descendants().Where(part => part.Name.LocalName == "loc").Select(part => part.Value));
    }

    [Theory]
    [InlineData("csharp", "foreach", "k")]
    [InlineData("rust", "fn", "k")]
    [InlineData("sql", "SELECT", "k")]
    [InlineData("sh", "done", "k")]
    [InlineData("json", "true", "n")]
    [InlineData("python", "def", "k")]
    public async Task Code_is_coloured_by_classes(string language, string word, string name)
    {
        string fence = language == "sql" ? "sql {run=false}" : language;
        await using SiteHost host = await SiteHost.StartAsync(
            ("pages/index.md", $"```{fence}\n{word} <b>\n```"));
        Assert.Contains($"<span class=\"{name}\">{word}</span> &lt;b&gt;",
            await host.Client.GetStringAsync("/"), StringComparison.Ordinal);
    }
}
