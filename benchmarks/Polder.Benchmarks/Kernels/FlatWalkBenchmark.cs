using System;
using BenchmarkDotNet.Attributes;
using Polder.Columns.Flat;
using Polder.Samples;

namespace Polder.Benchmarks.Kernels;

/// <summary>
/// A checksum over every character of 20,000 paragraphs, made in random order between other allocations: objects beside
/// flat views. Setup prints the bytes that each holds after a full collection. Time is per paragraph.
/// </summary>
[Config(typeof(KernelJobs))]
public class FlatWalkBenchmark
{
    private const int Count = 20_000;

    private Paragraph[] _objects = [];
    private NestedColumn<byte>? _flat;

    [GlobalSetup]
    public void Setup()
    {
        long start = GC.GetTotalMemory(forceFullCollection: true);
        _objects = Paragraph.Make(Count, seed: 1);
        long withObjects = GC.GetTotalMemory(forceFullCollection: true);
        _flat = FlatText.Build(_objects);
        long withFlat = GC.GetTotalMemory(forceFullCollection: true);
        Console.WriteLine($"// held: {withObjects - start:N0} bytes as objects, {withFlat - withObjects:N0} flat");
    }

    [Benchmark(OperationsPerInvoke = Count, Baseline = true)]
    public long Objects() => Paragraph.Checksum(_objects);

    [Benchmark(OperationsPerInvoke = Count)]
    public long FlatByWord() => FlatText.ChecksumByWord(_flat!);

    [Benchmark(OperationsPerInvoke = Count)]
    public long FlatByParagraph() => FlatText.ChecksumByParagraph(_flat!);

    [Benchmark(OperationsPerInvoke = Count)]
    public int LongestOfObjects() => Paragraph.LongestParagraph(_objects);

    [Benchmark(OperationsPerInvoke = Count)]
    public int LongestOfFlat() => FlatText.LongestParagraph(_flat!);
}
