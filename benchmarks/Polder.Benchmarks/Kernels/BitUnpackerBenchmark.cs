using System;
using BenchmarkDotNet.Attributes;
using Polder.Bytes;

namespace Polder.Benchmarks.Kernels;

/// <summary>Unpacking 8,192 values, the widest path of this machine beside the plain loop. Time is per value.</summary>
[Config(typeof(KernelJobs))]
public class BitUnpackerBenchmark
{
    private const int Count = 8192;

    private readonly uint[] _values = new uint[Count + 64];
    private byte[] _packed = [];

    [Params(1, 4, 8, 13, 20, 32)]
    public int Width { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        _packed = new byte[(Count * Width / 8) + 64];
        new Random(1).NextBytes(_packed);
    }

    [Benchmark(OperationsPerInvoke = Count, Baseline = true)]
    public void PlainLoop()
    {
        uint mask = Width == 32 ? uint.MaxValue : (1u << Width) - 1;
        for (int index = 0; index < Count; index++)
        {
            long bit = (long)index * Width;
            ulong word = BitConverter.ToUInt64(_packed, (int)(bit >> 3));
            _values[index] = (uint)(word >> (int)(bit & 7)) & mask;
        }
    }

    [Benchmark(OperationsPerInvoke = Count)]
    public void Unpack() => BitUnpacker.Unpack(_packed, 0, Width, _values, Count);
}
