using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Text.Json;

namespace Polder.Benchmarks.Kernels;

/// <summary>
/// Measures a table in a process of its own. The sides of a row take turns, A B C A B C …, warm, in rounds of a
/// millisecond, shorter than a time slice, and the minimum counts.
/// </summary>
internal static class KernelRunner
{
    private const int RoundCount = 60;
    private const int LeastRoundCount = 5;
    private const int TierUpCalls = 40;
    private static readonly TimeSpan Round = TimeSpan.FromMilliseconds(1);
    private static readonly TimeSpan WarmAfter = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan MostWarmUp = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan MostOfARow = TimeSpan.FromSeconds(4);

    /// <summary>Measures a table in a child.</summary>
    public static IReadOnlyList<KernelResult> RunTable(KernelTable table, bool isDry, TextWriter log)
    {
        Stopwatch clock = Stopwatch.StartNew();
        string output = Runner.RunChild(table.Name, ["kernel", table.Name, isDry ? "dry" : "measure"]);
        log.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{table.Name}: {clock.Elapsed.TotalSeconds:F0} s"));
        return JsonSerializer.Deserialize<KernelResult[]>(output)!;
    }

    /// <summary>What the child does: one line of JSON.</summary>
    public static void RunAsChild(KernelTable table, bool isDry) => Console.Out.WriteLine(
        JsonSerializer.Serialize(table.Make().SelectMany(kernel => Measure(kernel, isDry)).ToArray()));

    private static IEnumerable<KernelResult> Measure(Kernel kernel, bool isDry)
    {
        if (kernel.Quantity == Quantity.HeldBytes)
        {
            return kernel.Sides.Select(side => Result(kernel, side, Weigh(side), 0));
        }

        object?[] answers = [.. kernel.Sides.Select(side => side.Run())];
        int wrong = Array.FindIndex(answers, answer => !Equals(answer, answers[0]));
        if (wrong >= 0)
        {
            throw new InvalidOperationException(
                $"{kernel.Name}: {kernel.Sides[wrong].Name} answers {answers[wrong]}, " +
                $"{kernel.Sides[0].Name} {answers[0]}");
        }

        return isDry ? [] : Time(kernel);
    }

    private static IEnumerable<KernelResult> Time(Kernel kernel)
    {
        int[] calls = [.. kernel.Sides.Select(Warm)];
        double[] best = [.. kernel.Sides.Select(_ => double.PositiveInfinity)];
        Stopwatch row = Stopwatch.StartNew();
        for (int round = 0; round < RoundCount && (round < LeastRoundCount || row.Elapsed < MostOfARow); round++)
        {
            for (int side = 0; side < best.Length; side++)
            {
                // Once for nothing: what the side before left in the caches is not this one's.
                kernel.Sides[side].Run();
                double taken = Run(kernel.Sides[side], calls[side]).TotalNanoseconds / calls[side];
                best[side] = double.Min(best[side], taken / kernel.OperationCount);
            }
        }

        return kernel.Sides.Select((side, index) =>
            Result(kernel, side, best[index], Allocated(side, kernel.OperationCount)));
    }

    /// <summary>Runs a side until it is compiled at its best; gives the number of calls that fill a round.</summary>
    private static int Warm(KernelSide side)
    {
        Stopwatch clock = Stopwatch.StartNew();
        int callCount = 0;
        while (clock.Elapsed < WarmAfter || (callCount < TierUpCalls && clock.Elapsed < MostWarmUp))
        {
            side.Run();
            callCount++;
        }

        TimeSpan one = Run(side, 1);
        return (int)double.Clamp(Round / one, 1, 1_000_000);
    }

    private static TimeSpan Run(KernelSide side, int callCount)
    {
        long start = Stopwatch.GetTimestamp();
        for (int call = 0; call < callCount; call++)
        {
            side.Run();
        }

        return Stopwatch.GetElapsedTime(start);
    }

    private static double Allocated(KernelSide side, long operationCount)
    {
        long before = GC.GetTotalAllocatedBytes(precise: true);
        side.Run();
        return (double)(GC.GetTotalAllocatedBytes(precise: true) - before) / operationCount;
    }

    private static KernelResult Result(Kernel kernel, KernelSide side, double value, double allocatedBytes) =>
        new(kernel.Name, side.Name, kernel.Quantity, value, allocatedBytes, kernel.Target);

    private static double Weigh(KernelSide side)
    {
        long before = GC.GetTotalMemory(forceFullCollection: true);
        object? held = side.Run();
        long after = GC.GetTotalMemory(forceFullCollection: true);
        GC.KeepAlive(held);
        return after - before;
    }
}
