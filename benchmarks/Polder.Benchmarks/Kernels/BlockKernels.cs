using System;
using System.Buffers;
using System.Globalization;
using System.Linq;
using Microsoft.IO;
using Polder.Bytes;

namespace Polder.Benchmarks.Kernels;

/// <summary>Taking a block, touching one byte a page, giving it back; eight are held at once on each thread.</summary>
internal static class BlockKernels
{
    private const int LiveCount = 8;
    private const int PageBytes = 4096;
    private const string Pool = "ArrayPool.Shared";
    private const string Fresh = "new byte[]";

    private static readonly int[] Lengths = [4 << 10, 16 << 10, 64 << 10, 256 << 10, 1 << 20, 4 << 20, 8 << 20];

    public static KernelTable Table { get; } = new(
        "blocks",
        "Blocks: allocate, touch one byte a page, release; per block, eight held at once on each thread",
        () => [.. new[] { 1, 2 }.SelectMany(threads => Lengths.Select(length => Blocks(length, threads)))]);

    private static Kernel Blocks(int length, int threadCount)
    {
        int roundCount = int.Clamp((32 << 20) / length, 4, 1024);
        RecyclableMemoryStreamManager streams = new(new RecyclableMemoryStreamManager.Options
        {
            MaximumLargePoolFreeBytes = 1 << 30,
            MaximumSmallPoolFreeBytes = 1 << 30,
        });
        MemoryPool<byte> memoryPool = BufferAllocator.Shared.AsMemoryPool();
        string size = length < 1 << 20 ? $"{length >> 10} KiB" : $"{length >> 20} MiB";
        return new Kernel(
            string.Create(CultureInfo.InvariantCulture, $"{size}, {threadCount} thread{(threadCount > 1 ? "s" : "")}"),
            (long)roundCount * LiveCount * threadCount,
            [
                Side("Polder", () => new BufferBuilder(length, BufferAllocator.Shared),
                    builder => builder.GetSpan(length), builder => builder.Dispose()),
                Side("Polder as MemoryPool", () => memoryPool.Rent(length),
                    owner => owner.Memory.Span[..length], owner => owner.Dispose()),
                Side(Pool, () => ArrayPool<byte>.Shared.Rent(length),
                    array => array.AsSpan(0, length), array => ArrayPool<byte>.Shared.Return(array)),
                Side("MemoryPool.Shared", () => MemoryPool<byte>.Shared.Rent(length),
                    owner => owner.Memory.Span[..length], owner => owner.Dispose()),
                Side("RecyclableMemoryStream", () => streams.GetStream(null, length, asContiguousBuffer: true),
                    stream => stream.GetBuffer().AsSpan(0, length), stream => stream.Dispose()),
                Side(Fresh, () => new byte[length], array => array, _ => { }),
            ],
            length < 64 << 10 ? new Target(Fresh, 1.0) : new Target(Pool, 1.1));

        KernelSide Side<T>(string name, Func<T> rent, BytesOf<T> bytes, Action<T> release) => new(name, () =>
        {
            Crew.Run(threadCount, () =>
            {
                T[] live = new T[LiveCount];
                for (int round = 0; round < roundCount; round++)
                {
                    for (int index = 0; index < LiveCount; index++)
                    {
                        live[index] = rent();
                        Touch(bytes(live[index]));
                    }

                    foreach (T block in live)
                    {
                        release(block);
                    }
                }
            });
            return null;
        });
    }

    private static void Touch(Span<byte> bytes)
    {
        for (int at = 0; at < bytes.Length; at += PageBytes)
        {
            bytes[at] = 1;
        }
    }

    private delegate Span<byte> BytesOf<T>(T block);
}
