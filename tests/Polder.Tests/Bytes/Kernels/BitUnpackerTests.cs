using System;
using Polder.Bytes;
using Xunit;

namespace Polder.Tests.Bytes.Kernels;

/// <summary>Fast equals naive for every width, offset, count and slack.</summary>
public sealed class BitUnpackerTests
{
    private const int Seed = 11;
    private static readonly int[] Counts = [0, 1, 2, 7, 8, 9, 15, 16, 17, 31, 33, 63, 64, 65, 100, 129, 200];
    private static readonly int[] Slacks = [0, 1, 64];

    [Fact]
    public void Values_of_up_to_32_bits_are_unpacked_as_they_were_packed() =>
        ForAll(32, (source, offset, width, count) =>
        {
            foreach (int room in (int[])[count, count + 16])
            {
                uint[] values = new uint[room];
                BitUnpacker.Unpack(source, offset, width, values, count);
                Same(source, offset, width, count, index => values[index]);
            }
        });

    [Fact]
    public void Values_of_up_to_64_bits_are_unpacked_as_they_were_packed() =>
        ForAll(64, (source, offset, width, count) =>
        {
            ulong[] values = new ulong[count];
            BitUnpacker.Unpack(source, offset, width, values, count);
            Same(source, offset, width, count, index => values[index]);
        });

    [Fact]
    public void Values_of_up_to_8_bits_are_unpacked_as_they_were_packed() =>
        ForAll(8, (source, offset, width, count) =>
        {
            byte[] values = new byte[count];
            BitUnpacker.Unpack(source, offset, width, values, count);
            Same(source, offset, width, count, index => values[index]);
        });

    private static void ForAll(int widest, Action<byte[], int, int, int> check)
    {
        Console.WriteLine($"seed {Seed}");
        Random random = new(Seed);
        for (int width = 0; width <= widest; width++)
        {
            for (int offset = 0; offset < 8; offset++)
            {
                foreach (int count in Counts)
                {
                    foreach (int slack in Slacks)
                    {
                        byte[] source = new byte[BitUnpacker.ByteCount(offset, width, count) + slack];
                        random.NextBytes(source);
                        check(source, offset, width, count);
                    }
                }
            }
        }
    }

    private static void Same(byte[] source, int offset, int width, int count, Func<int, ulong> actual)
    {
        for (int index = 0; index < count; index++)
        {
            ulong expected = NaiveKernels.Unpack(source, offset, width, index);
            if (expected != actual(index))
            {
                Assert.Fail($"width {width}, offset {offset}, {count} values, {source.Length} bytes: value {index} is "
                    + $"{actual(index):x}, not {expected:x}");
            }
        }
    }
}
