using System;
using System.IO;
using System.Linq;
using System.Runtime.CompilerServices;
using System.Threading.Tasks;
using Polder.Server.Queries;
using Polder.Tests.Server.Queries;
using Xunit;

namespace Polder.Tests.Server.Charts;

/// <summary>
/// Charts are the same bytes every time, and look as they did when somebody looked at them: a fence in Golden/NAME.md,
/// its HTML beside it. With POLDER_GOLDEN=write the HTML is written anew; look at it before it is committed.
/// </summary>
public sealed class ChartGoldenTests
{
    private const int MostMarks = 2000;

    public static TheoryData<string> Cases() =>
        [.. Directory.GetFiles(Folder(), "*.md").Select(file => Path.GetFileNameWithoutExtension(file)).Order()];

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task A_chart_is_drawn_as_it_was_looked_at(string name)
    {
        string text = (await File.ReadAllTextAsync(Path.Combine(Folder(), name + ".md"))).TrimEnd();
        FenceResult fence = (await new QueryPage().RunAsync(text)).Fences[0];
        Assert.True(fence.Failure is null, fence.Failure?.Message);
        string file = Path.Combine(Folder(), name + ".html");
        if (Environment.GetEnvironmentVariable("POLDER_GOLDEN") == "write")
        {
            await File.WriteAllTextAsync(file, fence.Html + "\n");
        }

        Assert.Equal(await File.ReadAllTextAsync(file), fence.Html + "\n");
        Assert.Equal(fence.Hash, (await new QueryPage().RunAsync(text)).Fences[0].Hash);
    }

    [Theory]
    [InlineData("bar", 2)]
    [InlineData("hbar", 2)]
    [InlineData("line", 3)]
    [InlineData("area", 3)]
    [InlineData("scatter", 1)]
    public async Task A_chart_of_very_many_rows_has_a_bounded_number_of_marks(string kind, int factor)
    {
        string html = (await new QueryPage().RunAsync(
            $"```sql a {{chart={kind} x=id y=v}}\nSELECT id, (id * 7919) % 1009 AS v FROM range(40000)\n```"))
            .Fences[0].Html.Split("<details")[0];
        int marks = html.Split("<rect").Length + html.Split("<circle").Length - 2 + html.Count(unit => unit == 'L');
        Assert.InRange(marks, 30, factor * MostMarks);
    }

    [Theory]
    [InlineData("chart=pie", "there are table, bar")]
    [InlineData("chart=bar colour=red", "colour is none of chart, x, y")]
    [InlineData("chart=bar x=nope", "x=nope: there is no such column; there are k string, v int")]
    [InlineData("chart=bar y=k", "y=k is string, not a number")]
    [InlineData("chart=bar height=9999999", "write a number from 20 to 2000")]
    [InlineData("rows=all", "write a number from 0 to")]
    [InlineData("chart=line format=nice", "'nice' is no format")]
    public async Task An_argument_that_is_wrong_is_told_at_the_line_of_the_fence(string arguments, string message)
    {
        FenceFailure failure = (await new QueryPage().RunAsync(
            $"text\n```sql a {{{arguments}}}\nSELECT 'x' AS k, 1 AS v\n```")).Fences[0].Failure!;
        Assert.Contains(message, failure.Message);
        Assert.Equal("page.md:2:1", failure.Place);
    }

    private static string Folder([CallerFilePath] string here = "") =>
        Path.Combine(Path.GetDirectoryName(here)!, "Golden");
}
