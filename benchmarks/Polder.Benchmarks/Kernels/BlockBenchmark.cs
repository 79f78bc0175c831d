using System;
using System.Buffers;
using System.Threading.Tasks;
using BenchmarkDotNet.Attributes;
using Polder.Bytes;

namespace Polder.Benchmarks.Kernels;

/// <summary>
/// Renting, touching one byte a page, and giving back. Eight blocks live at once on each thread. Time is per block.
/// </summary>
[Config(typeof(KernelJobs))]
[MemoryDiagnoser]
public class BlockBenchmark
{
    private const int Live = 8;
    private const int Rounds = 32;
    private const int Operations = Live * Rounds;
    private const int PageBytes = 4096;

    private readonly MemoryPool<byte> _memoryPool = BufferAllocator.Shared.AsMemoryPool();

    [Params(4 << 10, 64 << 10, 256 << 10, 1 << 20, 8 << 20)]
    public int Length { get; set; }

    [Params(1, 2)]
    public int Threads { get; set; }

    [Benchmark(OperationsPerInvoke = Operations, Baseline = true)]
    public void ArrayPoolShared() => Run(() =>
    {
        byte[][] live = new byte[Live][];
        for (int round = 0; round < Rounds; round++)
        {
            for (int index = 0; index < Live; index++)
            {
                live[index] = ArrayPool<byte>.Shared.Rent(Length);
                Touch(live[index].AsSpan(0, Length));
            }

            foreach (byte[] array in live)
            {
                ArrayPool<byte>.Shared.Return(array);
            }
        }
    });

    [Benchmark(OperationsPerInvoke = Operations)]
    public void MemoryPoolShared() => Run(() => RunOwners(MemoryPool<byte>.Shared));

    [Benchmark(OperationsPerInvoke = Operations)]
    public void NewArray() => Run(() =>
    {
        byte[][] live = new byte[Live][];
        for (int round = 0; round < Rounds; round++)
        {
            for (int index = 0; index < Live; index++)
            {
                live[index] = new byte[Length];
                Touch(live[index]);
            }
        }
    });

    [Benchmark(OperationsPerInvoke = Operations)]
    public void PolderMemoryPool() => Run(() => RunOwners(_memoryPool));

    [Benchmark(OperationsPerInvoke = Operations)]
    public void PolderBuilder() => Run(() =>
    {
        BufferBuilder[] live = new BufferBuilder[Live];
        for (int round = 0; round < Rounds; round++)
        {
            for (int index = 0; index < Live; index++)
            {
                live[index] = new BufferBuilder(Length, BufferAllocator.Shared);
                Touch(live[index].GetSpan(Length));
            }

            foreach (BufferBuilder builder in live)
            {
                builder.Dispose();
            }
        }
    });

    private static void Touch(Span<byte> bytes)
    {
        for (int at = 0; at < bytes.Length; at += PageBytes)
        {
            bytes[at] = 1;
        }
    }

    private void RunOwners(MemoryPool<byte> pool)
    {
        IMemoryOwner<byte>[] live = new IMemoryOwner<byte>[Live];
        for (int round = 0; round < Rounds; round++)
        {
            for (int index = 0; index < Live; index++)
            {
                live[index] = pool.Rent(Length);
                Touch(live[index].Memory.Span[..Length]);
            }

            foreach (IMemoryOwner<byte> owner in live)
            {
                owner.Dispose();
            }
        }
    }

    private void Run(Action work)
    {
        if (Threads == 1)
        {
            work();
        }
        else
        {
            Parallel.For(0, Threads, new ParallelOptions { MaxDegreeOfParallelism = Threads }, _ => work());
        }
    }
}
