using System;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Threading.Tasks;
using BenchmarkDotNet.Running;
using Polder.Benchmarks.Jobs;

namespace Polder.Benchmarks;

/// <summary>
/// <c>all</c> measures every job and writes benchmarks/README.md; <c>jobs NAME …</c> prints some; <c>dry</c> runs every
/// side once over a small input; <c>kernels …</c> hands over to BenchmarkDotNet.
/// </summary>
internal static class Program
{
    private const int FullCopies = 10;
    private const int RoundCount = 7;

    private static async Task<int> Main(string[] arguments)
    {
        switch (arguments)
        {
            case ["side", string job, string side, string shared, string scratch, string copies]:
                await Runner.RunAsChildAsync(
                    AllJobs.Find(job).Sides.Single(item => item.Name == side),
                    new Inputs(shared, scratch, int.Parse(copies, CultureInfo.InvariantCulture)));
                return 0;

            case ["kernels", .. string[] rest]:
                BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(rest);
                return 0;

            case ["dry", string shared, string scratch]:
                Run(new Inputs(shared, scratch, 1), AllJobs.List.Select(job => job.Name).ToArray(), 1, null);
                return 0;

            case ["all", string shared, string scratch, string report]:
                Run(
                    new Inputs(shared, scratch, FullCopies),
                    AllJobs.List.Select(job => job.Name).ToArray(),
                    RoundCount,
                    report);
                return 0;

            case ["jobs", string shared, string scratch, .. string[] names]:
                Run(new Inputs(shared, scratch, FullCopies), names, RoundCount, null);
                return 0;

            default:
                await Console.Error.WriteLineAsync(
                    "usage: all SHARED SCRATCH REPORT | jobs SHARED SCRATCH NAME… | dry SHARED SCRATCH | kernels …");
                return 2;
        }
    }

    private static void Run(Inputs inputs, string[] names, int roundCount, string? report)
    {
        StringWriter files = new();
        inputs.Prepare(files);
        Console.Error.Write(files.ToString());
        Report writer = new(files.ToString(), roundCount);
        foreach (Job job in names.Select(AllJobs.Find))
        {
            writer.Add(job, Runner.RunAll(job, inputs, roundCount, Console.Error));
        }

        if (report is null)
        {
            Console.Out.Write(writer.ToString());
        }
        else
        {
            File.WriteAllText(report, writer.ToString());
        }
    }
}
