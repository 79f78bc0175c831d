using System;
using System.IO;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Apache.Arrow;
using Polder.Columns;
using Polder.Columns.Rows;
using Polder.Delta;
using Polder.Tests.Architecture;
using Xunit;

namespace Polder.Tests.Delta;

[PolderRow] public partial record Entry([PolderColumn("id")] long Id, [PolderColumn("s")] string? Text);

/// <summary>The code of docs/reading.md, run; and the page has just this code.</summary>
public sealed class ReadingPageTests
{
    [Fact]
    public void The_code_of_the_page_is_the_code_of_these_tests()
    {
        string page = File.ReadAllText(Path.Combine(Repository.Root, "docs", "reading.md"));
        string tests = Squeeze(File.ReadAllText(
            Path.Combine(Repository.Root, "tests", "Polder.Tests", "Delta", "ReadingPageTests.cs")));
        string[] blocks =
        [
            .. page.Split("```csharp\n").Skip(1)
                .Select(rest => rest[..rest.IndexOf("```", StringComparison.Ordinal)]),
        ];
        Assert.Equal(7, blocks.Length);
        Assert.All(blocks, block => Assert.Contains(Squeeze(block), tests, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Every_block_of_the_page_runs()
    {
        using TemporaryFolder temporary = new();
        string folder = Corpus.Path("corpus", "delta", "spark4", "cdf-dml");
        string file = temporary["token"];
        StringWriter Console = new();
        CancellationToken ct = TestContext.Current.CancellationToken;

        DeltaTable table = await DeltaTable.OpenAsync(folder, ct);
        Snapshot now = await table.SnapshotAsync(ct);
        Console.WriteLine($"version {now.Version}: {now.RowCount} rows in {now.FileCount} files");
        foreach (StructField column in now.Schema.Fields)
            Console.WriteLine($"{column.Name} {column.Type}");
        Assert.StartsWith("version 5: ", Console.ToString(), StringComparison.Ordinal);

        TableScan some = now.Scan().Select("id", "s").Where($"id >= {3} AND s IS NOT NULL");
        await foreach (RecordBatch batch in some.WithCancellation(ct))
            Console.WriteLine($"{batch.Length} rows");
        Console.WriteLine(some.Explain());
        Assert.Contains(" files", Console.ToString(), StringComparison.Ordinal);

        long least = 3;
        TableScan<Entry> entries = table.Scan<Entry>().Where(entry => entry.Id >= least && entry.Text != null);
        await foreach (Entry entry in entries.WithCancellation(ct))
            Console.WriteLine($"{entry.Id} {entry.Text}");

        Snapshot first = await table.SnapshotAsync(version: 0, ct);
        Snapshot then = await table.SnapshotAsync(asOf: now.Timestamp, ct);
        await foreach (TableCommit commit in table.HistoryAsync(limit: 2, ct))
            Console.WriteLine($"{commit.Version} {commit.Operation} {commit.Timestamp:O}");
        Assert.Equal((0, 5), ((int)first.Version, (int)then.Version));

        TableScan changes = await table.ChangesAsync(from: 1, to: 3, ct);
        await foreach (RecordBatch batch in changes.Where($"_change_type = {"delete"}"))
            Console.WriteLine($"{batch.Length} rows were deleted");
        Assert.Contains("1 rows were deleted", Console.ToString(), StringComparison.Ordinal);

        DiffOptions byKey = new() { Key = ["id"] };
        await foreach (RecordBatch batch in first.DiffAsync(now, byKey, ct))
            Console.WriteLine($"{batch.Length} rows differ");
        await foreach (Change<Entry> change in first.DiffAsync<Entry>(now, ct))
            Console.WriteLine($"{change.Kind} {change.Row}");
        Assert.Contains("Insert Entry", Console.ToString(), StringComparison.Ordinal);

        FollowToken token = File.Exists(file) ? FollowToken.Parse(File.ReadAllText(file)) : FollowToken.Beginning;
        await foreach (ChangeSet step in table.FollowAsync(token, new FollowOptions { StopsAtLatest = true }, ct))
        {
            await foreach (RecordBatch batch in step.WithCancellation(ct))
                Console.WriteLine($"version {step.Version}: {batch.Length} rows");
            await File.WriteAllTextAsync(file, step.Token.ToString(), ct);
        }

        Assert.StartsWith("1:6:0:c:", await File.ReadAllTextAsync(file, ct), StringComparison.Ordinal);
    }

    private static string Squeeze(string text) => string.Concat(text.Where(letter => !char.IsWhiteSpace(letter)));
}
