using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Text.Json;
using System.Threading;
using System.Threading.Tasks;
using Xunit;

namespace Polder.Tests.Cli;

/// <summary>Real processes, killed at random points of their work.</summary>
public sealed class KilledWritersTests
{
    private const int WriterCount = 4;
    private const int KillCount = 60;
    private const int RowsPerAppend = 7;
    private const int LeastAppends = 10;

    [Fact]
    [Trait("Speed", "Slow")]
    public async Task Four_processes_killed_sixty_times_lose_no_acknowledged_append()
    {
        int seed = Environment.TickCount;
        TestContext.Current.TestOutputHelper?.WriteLine($"seed {seed}");
        using TemporaryFolder folder = new();
        CommandResult made = await CommandLine.RunAsync(
            "create", folder["table"], "--schema", "writer INT, attempt INT, row INT");
        Assert.Equal((0, ""), (made.ExitCode, made.Error));

        int killed = 0;
        List<(int Writer, int Attempt)>[] acknowledged = await Task.WhenAll(
            Enumerable.Range(0, WriterCount).Select(writer => WriteAsync(
                folder, writer, new Random(seed + writer), () => Volatile.Read(ref killed) < KillCount,
                () => Interlocked.Increment(ref killed))));

        CommandResult read = await CommandLine.RunAsync("read", folder["table"]);
        Assert.Equal((0, ""), (read.ExitCode, read.Error));
        Dictionary<(int, int), int> rowCounts = read.Lines
            .Select(line => JsonSerializer.Deserialize<Dictionary<string, int>>(line)!)
            .GroupBy(row => (row["writer"], row["attempt"]))
            .ToDictionary(group => group.Key, group => group.Select(row => row["row"]).Distinct().Count() *
                (group.Count() == RowsPerAppend ? 1 : -1));

        // All or nothing of every append, and all of those that were acknowledged.
        Assert.All(rowCounts.Values, count => Assert.Equal(RowsPerAppend, count));
        (int Writer, int Attempt)[] lost = [.. acknowledged.SelectMany(list => list)
            .Where(append => !rowCounts.ContainsKey(append))];
        Assert.Empty(lost);
        Assert.All(acknowledged, list => Assert.True(list.Count >= LeastAppends));
        Assert.Equal(KillCount, int.Min(killed, KillCount));
    }

    private static async Task<List<(int Writer, int Attempt)>> WriteAsync(
        TemporaryFolder folder, int writer, Random random, Func<bool> isKilling, Action countKill)
    {
        List<(int, int)> acknowledged = [];

        // A kill comes at any point of a process's life, which is long where the machine is busy; some attempts are
        // left alone.
        TimeSpan lifetime = TimeSpan.FromMilliseconds(700);
        for (int attempt = 0; isKilling() || acknowledged.Count < LeastAppends; attempt++)
        {
            string input = folder[string.Create(CultureInfo.InvariantCulture, $"{writer}-{attempt}.ndjson")];
            await File.WriteAllLinesAsync(input, Enumerable.Range(0, RowsPerAppend).Select(row =>
                $$"""{"writer":{{writer}},"attempt":{{attempt}},"row":{{row}}}"""));
            using Process process = CommandLine.Start(
                folder.Path, "append", folder["table"], input, "--schema", "writer INT, attempt INT, row INT");
            Stopwatch life = Stopwatch.StartNew();
            if (isKilling() && random.Next(3) > 0)
            {
                await Task.Delay(random.Next(20, 50 + (int)lifetime.TotalMilliseconds));
                if (!process.HasExited)
                {
                    process.Kill();
                    countKill();
                }
            }

            await process.WaitForExitAsync();
            if (process.ExitCode == 0)
            {
                acknowledged.Add((writer, attempt));
                lifetime = life.Elapsed;
            }
        }

        return acknowledged;
    }
}
