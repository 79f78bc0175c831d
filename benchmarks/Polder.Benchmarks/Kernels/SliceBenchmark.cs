using System;
using BenchmarkDotNet.Attributes;
using Polder.Bytes;

namespace Polder.Benchmarks.Kernels;

/// <summary>What one counted reference costs, beside memory that the garbage collector keeps.</summary>
[Config(typeof(KernelJobs))]
[MemoryDiagnoser]
public class SliceBenchmark
{
    private const int FrameBytes = 1024;
    private const int Frames = 1024;

    private readonly BufferSlice _slice = BufferSlice.CopyFrom(new byte[1 << 20], BufferAllocator.Shared);
    private readonly byte[] _array = new byte[1 << 20];
    private readonly byte[] _frame = new byte[FrameBytes];
    private readonly BufferAllocator _checked =
        BufferAllocator.CreatePool(16 << 20, 4 << 20, BufferChecks.Sampled);

    [Benchmark(Baseline = true)]
    public int MemorySliceAndCopyOfIt()
    {
        ReadOnlyMemory<byte> slice = _array.AsMemory(100, 64);
        ReadOnlyMemory<byte> other = slice;
        return slice.Span[3] + other.Span[5];
    }

    [Benchmark]
    public int SliceRetainRelease()
    {
        using BufferSlice slice = _slice.RetainSlice(100, 64);
        using BufferSlice other = slice.Retain();
        return slice.Span[3] + other.Span[5];
    }

    [Benchmark(OperationsPerInvoke = Frames)]
    public int FramesSplitAndFrozen() => SplitFrames(BufferAllocator.Shared);

    [Benchmark(OperationsPerInvoke = Frames)]
    public int FramesSplitAndFrozenSampled() => SplitFrames(_checked);

    [Benchmark(OperationsPerInvoke = Frames)]
    public int FramesCopied()
    {
        int sum = 0;
        for (int index = 0; index < Frames; index++)
        {
            byte[] copy = _frame.AsSpan().ToArray();
            sum += copy[7];
        }

        return sum;
    }

    private int SplitFrames(BufferAllocator allocator)
    {
        int sum = 0;
        using BufferBuilder builder = new(64 << 10, allocator);
        for (int index = 0; index < Frames; index++)
        {
            builder.Write(_frame);
            using BufferSlice frame = builder.SplitTo(FrameBytes).Freeze();
            sum += frame.Span[7];
        }

        return sum;
    }
}
