using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Runtime.InteropServices;
using System.Text;
using Polder.Benchmarks.Kernels;

namespace Polder.Benchmarks;

/// <summary>The measurements as Markdown.</summary>
internal sealed class Report
{
    private readonly StringBuilder _text = new();

    public Report(string files)
    {
        _text.Append(CultureInfo.InvariantCulture, $"""
            # Measurements

            Written by `./bench`; no number here is typed by hand. {Environment.ProcessorCount} processors
            ({ProcessorName()}), {RuntimeInformation.FrameworkDescription}, {RuntimeInformation.OSDescription}.

            Every round of a side is a process of its own, which repeats the job for two seconds of CPU time,
            and until nothing more of it is compiled, and then for two seconds more (three times at least), of which
            the minimum counts; the sides take turns, as many rounds as a table says, and again the
            minimum counts. "First" is the first run of a process,
            compilation included. One-thread rows compare process CPU time, the others the clock. Peak
            is the resident set of the whole process, an empty .NET process being
            about 30 MB of it. All sides of a job must agree on a checksum.

            In the tables of small operations the sides take turns within one process per table, in rounds of a
            millisecond, and the minimum of the clock counts. A cell says how long one operation takes, the bytes it
            allocates where it does, and for a peer the ratio: Polder's time over the peer's.

            """);
        foreach (string line in files.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            _text.Append("\n- ").Append(line.TrimEnd());
        }

        _text.Append('\n');
    }

    /// <summary>Appends a job's table.</summary>
    public void Add(Job job, IReadOnlyList<IReadOnlyList<Run>> runs)
    {
        _text.Append(CultureInfo.InvariantCulture, $"\n## {job.Title}\n\n");
        string unit = job.Measure == Measure.Cpu ? "CPU" : "wall";
        _text.Append(
            CultureInfo.InvariantCulture,
            $"| side | {unit} ms | ratio | wall ms | first ms | allocated MB | peak MB |");
        _text.Append(job.IsLoad ? " rows/s |\n" : "\n");
        _text.Append("| --- | ---: | ---: | ---: | ---: | ---: | ---: |").Append(job.IsLoad ? " ---: |\n" : "\n");
        Run ours = Best(job, runs[0]);
        for (int side = 0; side < job.Sides.Count; side++)
        {
            Run best = Best(job, runs[side]);
            double ratio = Runner.Of(ours, job.Measure) / Runner.Of(best, job.Measure);
            string managed = side == 0 || best.AllocatedBytes > 1 << 20 ? Megabytes(best.AllocatedBytes) : "native";
            _text.Append(CultureInfo.InvariantCulture,
                $"| {job.Sides[side].Name} | {Runner.Of(best, job.Measure):F0} | {(side == 0 ? "" : $"{ratio:F2}")} ");
            _text.Append(CultureInfo.InvariantCulture,
                $"| {best.WallMilliseconds:F0} | {best.FirstMilliseconds:F0} | {managed} " +
                $"| {Megabytes(best.PeakBytes)} |");
            _text.Append(job.IsLoad ? $" {Rate(best)} |\n" : "\n");
        }

        _text.Append(
            CultureInfo.InvariantCulture, $"\n{runs[0].Count} rounds. Ratio: Polder's time over the peer's.");
        if (job.Target is Target target)
        {
            int peer = job.Sides.Select(side => side.Name).ToList().IndexOf(target.Peer);
            double reached = Runner.Of(ours, job.Measure) / Runner.Of(Best(job, runs[peer]), job.Measure);
            _text.Append(CultureInfo.InvariantCulture,
                $" Target: at most {target.AtMost:F2} of {target.Peer}; ");
            _text.Append(reached <= target.AtMost ? "reached." : "missed.");
        }

        _text.Append('\n');
    }

    /// <summary>Appends a table of small operations; nothing where they were only run dry.</summary>
    public void Add(KernelTable table, IReadOnlyList<KernelResult> results)
    {
        if (results is [])
        {
            return;
        }

        string[] sides = [.. results.Select(result => result.Side).Distinct()];
        _text.Append(CultureInfo.InvariantCulture, $"\n## {table.Title}\n\n");
        _text.Append(CultureInfo.InvariantCulture, $"| operation | {string.Join(" | ", sides)} | target |\n");
        _text.Append("| --- |").Insert(_text.Length, " ---: |", sides.Length).Append(" --- |\n");
        foreach (IGrouping<string, KernelResult> row in results.GroupBy(result => result.Kernel))
        {
            KernelResult ours = row.First();
            IEnumerable<string> cells = sides.Select(side =>
                row.FirstOrDefault(result => result.Side == side) is KernelResult one ? Cell(one, ours) : "");
            string reached = "";
            if (ours.Target is Target target)
            {
                double ratio = ours.Value / row.Single(result => result.Side == target.Peer).Value;
                reached = string.Create(
                    CultureInfo.InvariantCulture,
                    $"{target.AtMost:F2} of {target.Peer}: {(ratio <= target.AtMost ? "reached" : "missed")}");
            }

            _text.Append(CultureInfo.InvariantCulture, $"| {row.Key} | {string.Join(" | ", cells)} | {reached} |\n");
        }
    }

    /// <inheritdoc />
    public override string ToString() => _text.ToString();

    private static Run Best(Job job, IReadOnlyList<Run> runs) => runs.MinBy(run => Runner.Of(run, job.Measure))!;

    private static string Cell(KernelResult result, KernelResult ours)
    {
        string value = result.Quantity == Quantity.HeldBytes ? $"{Count(result.Value)} B" : $"{Count(result.Value)} ns";
        string allocated = result.AllocatedBytes >= 0.5 ? $", {Count(result.AllocatedBytes)} B" : "";
        string ratio = ReferenceEquals(result, ours) ? "" : string.Create(
            CultureInfo.InvariantCulture, $" ({ours.Value / result.Value:G3})");
        return value + allocated + ratio;
    }

    private static string Count(double value) => value.ToString(
        value < 10 ? "F2" : value < 100 ? "F1" : "N0", CultureInfo.InvariantCulture);

    private static string Rate(Run run) =>
        (long.Parse(run.Checksum, CultureInfo.InvariantCulture) / run.WallMilliseconds * 1000)
        .ToString("N0", CultureInfo.InvariantCulture);

    private static string Megabytes(long bytes) => (bytes / 1048576.0).ToString("F0", CultureInfo.InvariantCulture);

    private static string ProcessorName() => File.Exists("/proc/cpuinfo")
        ? File.ReadLines("/proc/cpuinfo").First(line => line.StartsWith("model name", StringComparison.Ordinal))
            .Split(':')[1].Trim()
        : RuntimeInformation.ProcessArchitecture.ToString();
}
