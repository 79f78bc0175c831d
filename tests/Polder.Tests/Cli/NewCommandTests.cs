using System;
using System.IO;
using System.Linq;
using System.Threading.Tasks;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Polder.Server;
using Polder.Server.Live;
using Polder.Server.Site;
using Xunit;

namespace Polder.Tests.Cli;

/// <summary><c>new</c>: a folder to start from.</summary>
public sealed class NewCommandTests
{
    [Theory]
    [InlineData("blog", "pages/posts/first-post.md")]
    [InlineData("report", "data/more.csv")]
    public async Task Every_page_of_a_starter_shows_without_a_failure(string kind, string file)
    {
        using TemporaryFolder folder = new();
        string site = folder["site"];
        CommandResult result = await CommandLine.RunAsync("new", kind, site);
        Assert.Equal(0, result.ExitCode);
        Assert.Contains(Path.Combine(site, file), result.Lines);
        Assert.True(File.Exists(Path.Combine(site, file)));

        await using WebApplication application = PolderServer.Build(new ServeOptions { Folder = site, Live = true });
        LiveSite live = application.Services.GetRequiredService<LiveSite>();
        await live.LoadAsync(TestContext.Current.CancellationToken);
        Assert.NotEmpty(live.State.Index.Pages);
        foreach (string route in live.State.Index.Pages.Keys)
        {
            PageOutcome outcome = await live.GetAsync(route, "");
            Assert.Null(outcome.Problem);
            Assert.False(outcome.Page!.HasFailures, route);
        }
    }

    [Fact]
    public async Task The_report_follows_the_rows_that_its_text_says_to_load()
    {
        using TemporaryFolder folder = new();
        string site = folder["site"];
        await CommandLine.RunAsync("new", "report", site);
        await using WebApplication application = PolderServer.Build(new ServeOptions { Folder = site, Live = true });
        LiveSite live = application.Services.GetRequiredService<LiveSite>();
        await live.LoadAsync(TestContext.Current.CancellationToken);
        Assert.Contains("120</span> days of sales", await TextAsync(live), StringComparison.Ordinal);
        CommandResult loaded = await CommandLine.RunAsync(
            "append", Path.Combine(site, "warehouse", "orders"), Path.Combine(site, "data", "more.csv"));
        Assert.Equal(0, loaded.ExitCode);
        Assert.Contains("134</span> days of sales", await TextAsync(live), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nothing_is_written_over()
    {
        using TemporaryFolder folder = new();
        await File.WriteAllTextAsync(folder["mine.md"], "mine", TestContext.Current.CancellationToken);
        CommandResult result = await CommandLine.RunAsync("new", "blog", folder.Path);
        Assert.Equal(1, result.ExitCode);
        Assert.Contains("not empty", result.Error, StringComparison.Ordinal);
        Assert.Equal(["mine.md"], Directory.EnumerateFileSystemEntries(folder.Path).Select(Path.GetFileName));
    }

    private static async Task<string> TextAsync(LiveSite site)
    {
        RenderedPage page = (await site.GetAsync("/", "")).Page!;
        return System.Text.Encoding.UTF8.GetString(page.Blocks.Html.Span);
    }
}
