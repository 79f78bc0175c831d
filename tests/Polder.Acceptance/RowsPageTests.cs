using System;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Threading.Tasks;
using Polder.Samples;
using Xunit;

namespace Polder.Acceptance;

/// <summary>What docs/rows.md says.</summary>
[Collection(ConsoleOutput.Name)]
public sealed class RowsPageTests
{
    private static readonly string[] Marks = ["// types", "// end", "// batch", "// table", "// file", "// end"];

    [Fact]
    public async Task The_C_sharp_of_the_page_is_that_of_the_sample_and_prints_what_it_says()
    {
        string root = FindRoot();
        string page = await File.ReadAllTextAsync(Path.Combine(root, "docs", "rows.md"));
        string[] sample = await File.ReadAllLinesAsync(Path.Combine(root, "samples", "Rows", "RowsGuide.cs"));
        int place = 0;
        int[] places = [.. Marks.Select(mark => place = Array.FindIndex(sample, place, line => line.Trim() == mark))];
        foreach (int block in new[] { 0, 2, 3, 4 })
        {
            int indent = block == 0 ? 0 : 8;
            string code = string.Join('\n', sample[(places[block] + 1)..places[block + 1]]
                .Select(line => line.Length < indent ? line : line[indent..])).TrimEnd();
            Assert.Contains($"```csharp\n{code}\n```\n", page, StringComparison.Ordinal);
        }

        string folder = Directory.CreateTempSubdirectory("polder-rows-").FullName;
        StringWriter written = new(CultureInfo.InvariantCulture);
        TextWriter before = Console.Out;
        Console.SetOut(written);
        try
        {
            await RowsGuide.RunAsync(folder, TestContext.Current.CancellationToken);
        }
        finally
        {
            Console.SetOut(before);
            Directory.Delete(folder, recursive: true);
        }

        Assert.Contains($"```\n{written.ToString().ReplaceLineEndings("\n")}```\n", page, StringComparison.Ordinal);
    }

    private static string FindRoot()
    {
        DirectoryInfo folder = new(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Polder.slnx")))
        {
            folder = folder.Parent!;
        }

        return folder.FullName;
    }
}
