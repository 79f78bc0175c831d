using System;
using BenchmarkDotNet.Attributes;
using Polder.Bytes;

namespace Polder.Benchmarks.Kernels;

/// <summary>Running sums over 8,192 deltas. Time is per value.</summary>
[Config(typeof(KernelJobs))]
public class PrefixSumBenchmark
{
    private const int Count = 8192;

    private readonly int[] _values = new int[Count];

    [Benchmark(OperationsPerInvoke = Count, Baseline = true)]
    public int PlainLoop()
    {
        int sum = 0;
        foreach (ref int value in _values.AsSpan())
        {
            sum += value + 3;
            value = sum;
        }

        return sum;
    }

    [Benchmark(OperationsPerInvoke = Count)]
    public int Accumulate()
    {
        int last = 0;
        PrefixSum.Accumulate(_values, 3, ref last);
        return last;
    }
}
