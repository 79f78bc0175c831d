using System;
using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;
using Apache.Arrow;
using Polder.Columns.Rows;
using Polder.Delta;
using Polder.Files;

namespace Polder.Samples;

// types
public enum Kind { Prose, Verse }

[PolderRow]
public partial record Story(
    [PolderColumn("id")] string Id,
    DateOnly Written,
    [PolderColumn(Type = "string")] Kind Kind,
    [PolderColumn(Type = "decimal(10,2)")] decimal? Price,
    List<Chapter> Chapters,
    Dictionary<string, string?> Tags);

[PolderRow]
public readonly partial record struct Chapter(string Title, int WordCount);
// end

/// <summary>The C# of docs/rows.md, word for word; a test holds the two together and runs it.</summary>
public static class RowsGuide
{
    /// <summary>Runs it in a folder.</summary>
    public static async Task RunAsync(string folder, CancellationToken ct)
    {
        // batch
        Story[] stories =
        [
            new("w1", new DateOnly(1847, 12, 1), Kind.Prose, 9.5m, [new("Arrival", 3200), new("Storm", 2900)], []),
            new("w2", new DateOnly(1798, 9, 18), Kind.Verse, null, [], new() { ["metre"] = null }),
        ];
        RecordBatch batch = stories.ToBatch();
        foreach (Story story in batch.ToRows<Story>())
        {
            Console.WriteLine($"{story.Id} {story.Kind} {story.Chapters.Count} chapters");
        }

        // table
        DeltaTable table = await DeltaTable.OpenOrCreateAsync<Story>($"{folder}/stories", cancellationToken: ct);
        await table.AppendAsync(stories, cancellationToken: ct);
        await foreach (Story story in table.Scan<Story>().Where($"kind = {"Prose"}").WithCancellation(ct))
        {
            Console.WriteLine($"{story.Id} costs {story.Price}");
        }

        // file
        await using (ParquetFileWriter writer = await ParquetFileWriter.CreateAsync<Story>(
            $"{folder}/stories.parquet", cancellationToken: ct))
        {
            await writer.WriteAsync(stories, ct);
            await writer.CompleteAsync(ct);                           // without it, no file
        }

        await using ParquetFile file = await ParquetFile.OpenAsync($"{folder}/stories.parquet", ct);
        await foreach (Story story in file.Read<Story>().WithCancellation(ct))
        {
            Console.WriteLine($"{story.Id} has {story.Tags.Count} tags");
        }

        // end
    }
}
