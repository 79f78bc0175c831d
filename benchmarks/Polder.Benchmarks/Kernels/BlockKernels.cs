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
        string size = length < 1 << 20 ? $"{length >> 10} KiB" : $"{length >> 20} MiB";
        return new Kernel(
            string.Create(CultureInfo.InvariantCulture, $"{size}, {threadCount} thread{(threadCount > 1 ? "s" : "")}"),
            (long)roundCount * LiveCount * threadCount,
            [
                new KernelSide("Polder", Work<Builders, BufferBuilder>(length, roundCount, threadCount)),
                new KernelSide(
                    "Polder as MemoryPool", Work<Owners, IMemoryOwner<byte>>(length, roundCount, threadCount)),
                new KernelSide(Pool, Work<Arrays, byte[]>(length, roundCount, threadCount)),
                new KernelSide(
                    "MemoryPool.Shared", Work<SharedOwners, IMemoryOwner<byte>>(length, roundCount, threadCount)),
                new KernelSide(
                    "RecyclableMemoryStream", Work<Streams, RecyclableMemoryStream>(length, roundCount, threadCount)),
                new KernelSide(Fresh, Work<FreshArrays, byte[]>(length, roundCount, threadCount)),
            ],
            length < 64 << 10 ? new Target(Fresh, 1.0) : new Target(Pool, 1.1));
    }

    private static Func<object?> Work<TSource, TBlock>(int length, int roundCount, int threadCount)
        where TSource : struct, ISource<TBlock>
    {
        Action work = () => RentAndReturn<TSource, TBlock>(length, roundCount);
        return () =>
        {
            Crew.Run(threadCount, work);
            return null;
        };
    }

    // A source is a struct, so that each side is compiled for itself.
    private static void RentAndReturn<TSource, TBlock>(int length, int roundCount)
        where TSource : struct, ISource<TBlock>
    {
        TBlock[] live = new TBlock[LiveCount];
        for (int round = 0; round < roundCount; round++)
        {
            for (int index = 0; index < LiveCount; index++)
            {
                live[index] = TSource.Rent(length);
                Touch(TSource.BytesOf(live[index], length));
            }

            foreach (TBlock block in live)
            {
                TSource.Return(block);
            }
        }
    }

    private static void Touch(Span<byte> bytes)
    {
        for (int at = 0; at < bytes.Length; at += PageBytes)
        {
            bytes[at] = 1;
        }
    }

    private interface ISource<TBlock>
    {
        static abstract TBlock Rent(int length);

        static abstract Span<byte> BytesOf(TBlock block, int length);

        static abstract void Return(TBlock block);
    }

    private readonly struct Builders : ISource<BufferBuilder>
    {
        public static BufferBuilder Rent(int length) => new(length, BufferAllocator.Shared);

        public static Span<byte> BytesOf(BufferBuilder block, int length) => block.GetSpan(length);

        public static void Return(BufferBuilder block) => block.Dispose();
    }

    private readonly struct Owners : ISource<IMemoryOwner<byte>>
    {
        private static readonly MemoryPool<byte> Polder = BufferAllocator.Shared.AsMemoryPool();

        public static IMemoryOwner<byte> Rent(int length) => Polder.Rent(length);

        public static Span<byte> BytesOf(IMemoryOwner<byte> block, int length) => block.Memory.Span[..length];

        public static void Return(IMemoryOwner<byte> block) => block.Dispose();
    }

    private readonly struct SharedOwners : ISource<IMemoryOwner<byte>>
    {
        public static IMemoryOwner<byte> Rent(int length) => MemoryPool<byte>.Shared.Rent(length);

        public static Span<byte> BytesOf(IMemoryOwner<byte> block, int length) => block.Memory.Span[..length];

        public static void Return(IMemoryOwner<byte> block) => block.Dispose();
    }

    private readonly struct Arrays : ISource<byte[]>
    {
        public static byte[] Rent(int length) => ArrayPool<byte>.Shared.Rent(length);

        public static Span<byte> BytesOf(byte[] block, int length) => block.AsSpan(0, length);

        public static void Return(byte[] block) => ArrayPool<byte>.Shared.Return(block);
    }

    private readonly struct FreshArrays : ISource<byte[]>
    {
        public static byte[] Rent(int length) => new byte[length];

        public static Span<byte> BytesOf(byte[] block, int length) => block;

        public static void Return(byte[] block)
        {
            // The garbage collector's.
        }
    }

    private readonly struct Streams : ISource<RecyclableMemoryStream>
    {
        private static readonly RecyclableMemoryStreamManager Manager = new(new RecyclableMemoryStreamManager.Options
        {
            MaximumLargePoolFreeBytes = 1 << 30,
            MaximumSmallPoolFreeBytes = 1 << 30,
        });

        public static RecyclableMemoryStream Rent(int length) =>
            Manager.GetStream(null, length, asContiguousBuffer: true);

        public static Span<byte> BytesOf(RecyclableMemoryStream block, int length) =>
            block.GetBuffer().AsSpan(0, length);

        public static void Return(RecyclableMemoryStream block) => block.Dispose();
    }
}
