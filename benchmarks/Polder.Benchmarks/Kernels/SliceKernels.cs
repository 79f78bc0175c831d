using System;
using System.Collections.Generic;
using Microsoft.IO;
using Polder.Bytes;

namespace Polder.Benchmarks.Kernels;

/// <summary>What one counted reference costs, and what it saves.</summary>
internal static class SliceKernels
{
    private const int FrameBytes = 1024;
    private const int FrameCount = 1024;
    private const int Repeats = 4096;
    private const string Bare = "the same without checks";

    public static KernelTable Table { get; } = new("slices", "Slices and frames", Make);

    private static IReadOnlyList<Kernel> Make() => [Retain(), Frames()];

    private static Kernel Retain()
    {
        BufferSlice whole = BufferSlice.CopyFrom(new byte[1 << 20], BufferAllocator.Shared);
        byte[] array = new byte[1 << 20];
        BareSlice bare = new(array);
        return new Kernel("slice of 64 bytes, another reference, both read and released", Repeats,
        [
            new KernelSide("Polder", () =>
            {
                long sum = 0;
                for (int index = 0; index < Repeats; index++)
                {
                    using BufferSlice slice = whole.RetainSlice(index, 64);
                    using BufferSlice other = slice.Retain();
                    sum += slice.Span[3] + other.Span[5];
                }

                return sum;
            }),
            new KernelSide(Bare, () =>
            {
                long sum = 0;
                for (int index = 0; index < Repeats; index++)
                {
                    using BareSlice slice = bare.RetainSlice(index, 64);
                    using BareSlice other = slice.Retain();
                    sum += slice.Span[3] + other.Span[5];
                }

                return sum;
            }),
            new KernelSide("ReadOnlyMemory", () =>
            {
                long sum = 0;
                for (int index = 0; index < Repeats; index++)
                {
                    ReadOnlyMemory<byte> slice = array.AsMemory(index, 64);
                    ReadOnlyMemory<byte> other = slice;
                    sum += slice.Span[3] + other.Span[5];
                }

                return sum;
            }),
            new KernelSide("copies", () =>
            {
                long sum = 0;
                for (int index = 0; index < Repeats; index++)
                {
                    byte[] slice = array.AsSpan(index, 64).ToArray();
                    byte[] other = slice.AsSpan().ToArray();
                    sum += slice[3] + other[5];
                }

                return sum;
            }),
        ], new Target(Bare, 1.1));
    }

    private static Kernel Frames()
    {
        byte[] frame = new byte[FrameBytes];
        frame.AsSpan().Fill(3);
        RecyclableMemoryStreamManager streams = new();
        BufferAllocator checkedPool = BufferAllocator.CreatePool(16 << 20, 4 << 20, BufferChecks.Sampled);
        return new Kernel("frame of 1 KiB written, split off, frozen, read, released", FrameCount,
        [
            new KernelSide("Polder", () => SplitFrames(frame, BufferAllocator.Shared)),
            new KernelSide("Polder, sampled checks", () => SplitFrames(frame, checkedPool)),
            new KernelSide("copies", () =>
            {
                long sum = 0;
                for (int index = 0; index < FrameCount; index++)
                {
                    sum += frame.AsSpan().ToArray()[7];
                }

                return sum;
            }),
            new KernelSide("RecyclableMemoryStream", () =>
            {
                long sum = 0;
                for (int index = 0; index < FrameCount; index++)
                {
                    using RecyclableMemoryStream stream = streams.GetStream();
                    stream.Write(frame);
                    sum += stream.GetBuffer()[7];
                }

                return sum;
            }),
        ]);
    }

    private static object SplitFrames(byte[] frame, BufferAllocator allocator)
    {
        long sum = 0;
        using BufferBuilder builder = new(64 << 10, allocator);
        for (int index = 0; index < FrameCount; index++)
        {
            builder.Write(frame);
            using BufferSlice slice = builder.SplitTo(FrameBytes).Freeze();
            sum += slice.Span[7];
        }

        return sum;
    }
}
