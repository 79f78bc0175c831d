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
    private const int FewestRuns = 3;
    private static readonly TimeSpan WarmAfter = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan WarmAnyhow = TimeSpan.FromSeconds(8);
    private static readonly TimeSpan MeasuredFor = TimeSpan.FromSeconds(2);

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

    /// <summary>What the child does: runs until warm, measured runs, one line of JSON about the best of them.</summary>
    public static async Task RunAsChildAsync(Side side, Inputs inputs)
    {
        Stopwatch first = Stopwatch.StartNew();
        string checksum = await side.RunAsync(inputs);
        double firstMilliseconds = first.Elapsed.TotalMilliseconds;
        long compiled = -1;
        while (!inputs.IsDry && (CpuTime() < WarmAfter ||
            (CpuTime() < WarmAnyhow && compiled != JitInfo.GetCompiledMethodCount())))
        {
            compiled = JitInfo.GetCompiledMethodCount();
            await side.RunAsync(inputs);
        }

        // The compiler goes on beside the first of them, which counts as CPU time.
        List<Run> runs = [];
        TimeSpan warm = CpuTime();
        while (runs.Count == 0 || (!inputs.IsDry && (runs.Count < FewestRuns || CpuTime() - warm < MeasuredFor)))
        {
            runs.Add(await MeasureAsync(side, inputs));
        }

        Console.Out.WriteLine(JsonSerializer.Serialize(runs[^1] with
        {
            CpuMilliseconds = runs.Min(run => run.CpuMilliseconds),
            WallMilliseconds = runs.Min(run => run.WallMilliseconds),
            FirstMilliseconds = firstMilliseconds,
            Checksum = checksum,
        }));
    }

    private static async Task<Run> MeasureAsync(Side side, Inputs inputs)
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        long allocated = GC.GetTotalAllocatedBytes(precise: true);
        TimeSpan cpu = CpuTime();
        Stopwatch clock = Stopwatch.StartNew();
        string checksum = await side.RunAsync(inputs);
        clock.Stop();
        TimeSpan used = CpuTime() - cpu;
        using Process self = Process.GetCurrentProcess();
        return new Run(
            used.TotalMilliseconds,
            clock.Elapsed.TotalMilliseconds,
            0,
            GC.GetTotalAllocatedBytes(precise: true) - allocated,
            self.PeakWorkingSet64,
            checksum);
    }

    private static TimeSpan CpuTime() => Environment.CpuUsage.TotalTime;

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
