using System;
using System.Threading;
using System.Threading.Tasks;
using Apache.Arrow;
using Polder.Delta;

namespace Polder.Samples;

/// <summary>The C# of README.md, word for word; a test holds the two together and runs it.</summary>
public static class ReadmeExample
{
    /// <summary>Runs it over the table <c>lake/flights</c> below the current folder.</summary>
    /// <returns>The newest and the first snapshot.</returns>
    public static async Task<(Snapshot Now, Snapshot First)> RunAsync(CancellationToken ct)
    {
        // README
        DeltaTable table = await DeltaTable.OpenAsync("lake/flights", ct);
        Snapshot now = await table.SnapshotAsync(ct);
        Console.WriteLine($"v{now.Version}: {now.RowCount:N0} rows in {now.FileCount} files");

        DateTime since = new(2001, 3, 1);
        TableScan late = table.Scan().Select("origin", "delay").Where($"delay > {60} AND date >= {since}");
        await foreach (RecordBatch batch in late)
            Console.WriteLine(batch.Length);
        Console.WriteLine(late.Explain());

        Snapshot then = await table.SnapshotAsync(asOf: now.Timestamp, ct);
        Snapshot first = await table.SnapshotAsync(version: 0, ct);
        // end
        return (then, first);
    }
}
