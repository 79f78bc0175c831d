using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Runtime;
using System.Text.Json;
using System.Threading.Tasks;

namespace Polder.Benchmarks;

/// <summary>
/// Runs the sides of a job in turn, A B C A B C …, each run in a process of its own, warm, and keeps the minimum. A
/// process per run means that no side profits from another's heap, caches or compiled code.
/// </summary>
internal static class Runner
{
    private const int MostWarmUps = 20;
    private static readonly TimeSpan WarmAfter = TimeSpan.FromSeconds(2);

    /// <summary>All runs of all sides, in the order of the job's sides.</summary>
    public static IReadOnlyList<IReadOnlyList<Run>> RunAll(Job job, Inputs inputs, int roundCount, TextWriter log)
    {
        List<List<Run>> runs = [.. job.Sides.Select(_ => new List<Run>())];
        for (int round = 0; round < int.Min(roundCount, job.Rounds); round++)
        {
            for (int side = 0; side < job.Sides.Count; side++)
            {
                runs[side].Add(RunInChild(job, job.Sides[side], inputs));
            }
        }

        for (int side = 1; side < job.Sides.Count; side++)
        {
            if (!job.Sides[side].IsPart && runs[side][0].Checksum != runs[0][0].Checksum)
            {
                throw new InvalidOperationException(
                    $"{job.Name}: {job.Sides[side].Name} answers {runs[side][0].Checksum}, " +
                    $"{job.Sides[0].Name} {runs[0][0].Checksum}");
            }
        }

        log.WriteLine($"{job.Name}: " + string.Join(", ", job.Sides.Select((side, index) => string.Create(
            CultureInfo.InvariantCulture, $"{side.Name} {runs[index].Min(run => Of(run, job.Measure)):F0} ms"))));
        return runs;
    }

    public static double Of(Run run, Measure measure) =>
        measure == Measure.Cpu ? run.CpuMilliseconds : run.WallMilliseconds;

    /// <summary>What the child does: runs until warm, one measured run, one line of JSON.</summary>
    public static async Task RunAsChildAsync(Side side, Inputs inputs)
    {
        Stopwatch warming = Stopwatch.StartNew();
        string checksum = await side.RunAsync(inputs);
        double firstMilliseconds = warming.Elapsed.TotalMilliseconds;
        long compiled = -1;
        for (int extra = 0;
            !inputs.IsDry && extra < MostWarmUps &&
            (warming.Elapsed < WarmAfter || compiled != JitInfo.GetCompiledMethodCount());
            extra++)
        {
            compiled = JitInfo.GetCompiledMethodCount();
            await side.RunAsync(inputs);
        }

        GC.Collect();
        GC.WaitForPendingFinalizers();
        using Process self = Process.GetCurrentProcess();
        long allocated = GC.GetTotalAllocatedBytes(precise: true);
        TimeSpan cpu = self.TotalProcessorTime;
        Stopwatch clock = Stopwatch.StartNew();
        await side.RunAsync(inputs);
        clock.Stop();
        self.Refresh();
        Run run = new(
            (self.TotalProcessorTime - cpu).TotalMilliseconds,
            clock.Elapsed.TotalMilliseconds,
            firstMilliseconds,
            GC.GetTotalAllocatedBytes(precise: true) - allocated,
            self.PeakWorkingSet64,
            checksum);
        Console.Out.WriteLine(JsonSerializer.Serialize(run));
    }

    /// <summary>Runs this program again; gives the last line it wrote.</summary>
    /// <param name="what">What it is told to do, for a failure's message.</param>
    /// <param name="arguments">How it is told.</param>
    public static string RunChild(string what, IEnumerable<string> arguments)
    {
        ProcessStartInfo start = new(Environment.ProcessPath!)
        {
            RedirectStandardOutput = true,
        };
        if (Environment.ProcessPath!.EndsWith("dotnet", StringComparison.Ordinal))
        {
            start.ArgumentList.Add(typeof(Runner).Assembly.Location);
        }

        foreach (string argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        // Compiled code at its best from the start of the measured run, on every side.
        start.Environment["DOTNET_TieredPGO"] = "1";
        using Process child = Process.Start(start)!;
        string output = child.StandardOutput.ReadToEnd();
        child.WaitForExit();
        return child.ExitCode == 0
            ? output.TrimEnd().Split('\n')[^1]
            : throw new InvalidOperationException($"{what} failed: {output}");
    }

    private static Run RunInChild(Job job, Side side, Inputs inputs) => JsonSerializer.Deserialize<Run>(RunChild(
        $"{job.Name}: {side.Name}",
        [
            "side", job.Name, side.Name, inputs.Shared, inputs.Scratch,
            inputs.LineitemCopies.ToString(CultureInfo.InvariantCulture),
        ]))!;
}
