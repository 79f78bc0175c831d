using System;
using System.Diagnostics;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Threading.Tasks;
using Polder.Benchmarks.Jobs;
using Polder.Benchmarks.Kernels;

namespace Polder.Benchmarks;

/// <summary>
/// <c>all</c> measures everything and writes benchmarks/README.md; <c>jobs NAME …</c> and <c>kernels NAME …</c> print
/// some; <c>dry</c> runs every side once over a small input.
/// </summary>
internal static class Program
{
    private const int FullCopies = 10;
    private const int RoundCount = 7;

    private static async Task<int> Main(string[] arguments)
    {
        string[] allJobs = [.. AllJobs.List.Select(job => job.Name)];
        string[] allKernels = [.. AllKernels.List.Select(table => table.Name)];
        switch (arguments)
        {
            case ["side", string job, string side, string shared, string scratch, string copies]:
                await Runner.RunAsChildAsync(
                    AllJobs.Find(job).Sides.Single(item => item.Name == side),
                    new Inputs(shared, scratch, int.Parse(copies, CultureInfo.InvariantCulture)));
                return 0;

            case ["kernel", string table, string mode]:
                KernelRunner.RunAsChild(AllKernels.Find(table), isDry: mode == "dry");
                return 0;

            case ["dry", string shared, string scratch]:
                Run(new Inputs(shared, scratch, 1), allJobs, allKernels, 1, null);
                return 0;

            case ["all", string shared, string scratch, string report, string rounds]:
                Run(
                    new Inputs(shared, scratch, FullCopies), allJobs, allKernels,
                    int.Parse(rounds, CultureInfo.InvariantCulture), report);
                return 0;

            case ["update", string shared, string scratch, string report, string rounds, .. string[] names]:
                Run(
                    new Inputs(shared, scratch, FullCopies), [.. names.Intersect(allJobs)],
                    [.. names.Except(allJobs)], int.Parse(rounds, CultureInfo.InvariantCulture), report);
                return 0;

            case ["jobs", string shared, string scratch, .. string[] names]:
                Run(new Inputs(shared, scratch, FullCopies), names, [], RoundCount, null);
                return 0;

            case ["kernels", string shared, string scratch, .. string[] names]:
                Run(new Inputs(shared, scratch, FullCopies), [], names is [] ? allKernels : names, RoundCount, null);
                return 0;

            default:
                await Console.Error.WriteLineAsync(
                    "usage: all SHARED SCRATCH REPORT ROUNDS | update SHARED SCRATCH REPORT ROUNDS NAME… | " +
                    "jobs|kernels SHARED SCRATCH NAME… | dry SHARED SCRATCH");
                return 2;
        }
    }

    private static void Run(Inputs inputs, string[] jobs, string[] kernels, int roundCount, string? report)
    {
        Stopwatch clock = Stopwatch.StartNew();
        StringWriter files = new();
        if (jobs is not [] || report is not null)
        {
            inputs.Prepare(files);
        }

        Console.Error.Write(files.ToString());
        Report writer = new(files.ToString());
        foreach (Job job in jobs.Select(AllJobs.Find))
        {
            writer.Add(job, Runner.RunAll(job, inputs, roundCount, Console.Error));
            Keep(writer, report);
        }

        foreach (KernelTable table in kernels.Select(AllKernels.Find))
        {
            writer.Add(table, KernelRunner.RunTable(table, inputs.IsDry, Console.Error));
            Keep(writer, report);
        }

        Console.Error.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"measured in {clock.Elapsed.TotalMinutes:F1} minutes"));
        if (report is null)
        {
            Console.Out.Write(writer.ToString());
        }
    }

    // After every table: hours of measuring are not lost with the last one.
    private static void Keep(Report writer, string? report)
    {
        if (report is not null)
        {
            ReportFile.Update(report, writer.ToString());
        }
    }
}
