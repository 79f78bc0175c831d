using System;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Threading.Tasks;
using Polder.Columns.Flat;
using Polder.Samples;
using Polder.Storage;
using Polder.Storage.Memory;
using Xunit;

namespace Polder.Acceptance;

/// <summary>What docs/flat.md says and what its sample does.</summary>
[Collection(ConsoleOutput.Name)]
public sealed class FlatColumnTests
{
    private static readonly string Root = FindRoot();

    [Fact]
    public void The_C_sharp_of_the_page_is_that_of_the_sample_and_prints_what_it_says()
    {
        string page = File.ReadAllText(Path.Combine(Root, "docs", "flat.md"));
        string[] sample = File.ReadAllLines(Path.Combine(Root, "samples", "FlatParagraphs", "FlatGuide.cs"));
        string[] marks = ["// build", "// read", "// numbers", "// end"];
        int[] places = [.. marks.Select(mark => Array.FindIndex(sample, line => line.Trim() == mark))];
        for (int block = 0; block < 3; block++)
        {
            string code = string.Join('\n', sample[(places[block] + 1)..places[block + 1]]
                .Select(line => line.Length < 8 ? line : line[8..]));
            Assert.Contains($"```csharp\n{code}\n```\n", page, StringComparison.Ordinal);
        }

        StringWriter written = new(CultureInfo.InvariantCulture);
        TextWriter before = Console.Out;
        Console.SetOut(written);
        try
        {
            FlatGuide.Run();
        }
        finally
        {
            Console.SetOut(before);
        }

        string printed = written.ToString().ReplaceLineEndings("\n");
        Assert.EndsWith("1.5\n2.5\n4\n", printed, StringComparison.Ordinal);
        Assert.Contains($"```\n{printed[..^"1.5\n2.5\n4\n".Length]}```\n", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Objects_and_flat_column_agree_also_through_parquet_and_delta()
    {
        Paragraph[] objects = Paragraph.Make(2000, seed: 7);
        long expected = Paragraph.Checksum(objects);
        NestedColumn<byte> flat = FlatText.Build(objects);
        Assert.Equal(expected, FlatText.ChecksumByWord(flat));
        Assert.Equal(expected, FlatText.ChecksumByParagraph(flat));
        Assert.Equal(Paragraph.LongestParagraph(objects), FlatText.LongestParagraph(flat));
        Assert.Equal(expected, await FlatStores.ThroughParquetAsync(
            flat, new MemoryStore(), new StorePath("text.parquet"), TestContext.Current.CancellationToken));
        Assert.Equal(expected, await FlatStores.ThroughDeltaAsync(
            flat, new MemoryStore(), TestContext.Current.CancellationToken));
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
