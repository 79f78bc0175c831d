using System;
using System.Linq;
using Polder.Bytes;

namespace Polder.Benchmarks.Kernels;

/// <summary>Kernels of the decoders beside the plain loop that says what they do.</summary>
internal static class DecodeKernels
{
    private const int Count = 8192;
    private const string Plain = "plain loop";

    public static KernelTable Table { get; } = new(
        "decode",
        "Decode kernels, per value of 8,192",
        () => [.. new[] { 1, 2, 3, 4, 5, 6, 8, 10, 13, 16, 20, 24, 28, 32 }.Select(Unpack), Sums(), Join(4), Join(8)]);

    private static Kernel Unpack(int width)
    {
        byte[] packed = new byte[(Count * width / 8) + 64];
        new Random(1).NextBytes(packed);
        uint[] values = new uint[Count + 64];
        return new Kernel($"unpack {width} bits", Count,
        [
            new KernelSide("Polder", () =>
            {
                BitUnpacker.Unpack(packed, 0, width, values, Count);
                return values[Count - 1];
            }),
            new KernelSide(Plain, () =>
            {
                uint mask = width == 32 ? uint.MaxValue : (1u << width) - 1;
                for (int index = 0; index < Count; index++)
                {
                    long bit = (long)index * width;
                    ulong word = BitConverter.ToUInt64(packed, (int)(bit >> 3));
                    values[index] = (uint)(word >> (int)(bit & 7)) & mask;
                }

                return values[Count - 1];
            }),
        ]);
    }

    private static Kernel Join(int width)
    {
        byte[] streams = new byte[Count * width];
        new Random(2).NextBytes(streams);
        byte[] values = new byte[Count * width];
        return new Kernel($"byte streams of {width} bytes", Count,
        [
            new KernelSide("Polder", () =>
            {
                StreamSplit.Join(streams, Count, 0, width, values);
                return values[^1];
            }),
            new KernelSide(Plain, () =>
            {
                for (int index = 0; index < Count; index++)
                {
                    for (int stream = 0; stream < width; stream++)
                    {
                        values[(index * width) + stream] = streams[(stream * Count) + index];
                    }
                }

                return values[^1];
            }),
        ]);
    }

    private static Kernel Sums()
    {
        int[] values = new int[Count];
        return new Kernel("running sum", Count,
        [
            new KernelSide("Polder", () =>
            {
                values.AsSpan().Fill(5);
                int last = 0;
                PrefixSum.Accumulate(values, 3, ref last);
                return last;
            }),
            new KernelSide(Plain, () =>
            {
                values.AsSpan().Fill(5);
                int sum = 0;
                foreach (ref int value in values.AsSpan())
                {
                    sum += value + 3;
                    value = sum;
                }

                return sum;
            }),
        ]);
    }
}
