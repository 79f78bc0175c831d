using System;
using System.Collections.Generic;

namespace Polder.Fuzz;

/// <summary>
/// Blind mutations, several at a time: bits, extreme numbers, runs copied, cut, put in, two inputs joined.
/// </summary>
internal sealed class Mutator(Random random, int longest = 1 << 16)
{
    private static readonly long[] Extremes =
    [
        0, 1, -1, 2, 7, 8, 15, 16, 31, 32, 63, 64, 127, 128, 255, 256, 1024, 4096, 32767, 32768, 65535, 65536,
        int.MaxValue, int.MinValue, uint.MaxValue, long.MaxValue, long.MinValue,
    ];

    /// <summary>A changed copy of one of the inputs.</summary>
    public byte[] Mutate(IReadOnlyList<byte[]> inputs)
    {
        List<byte> bytes = [.. inputs[random.Next(inputs.Count)]];
        for (int count = 1 << random.Next(4); count > 0; count--)
        {
            Step(bytes, inputs);
        }

        if (bytes.Count > longest)
        {
            bytes.RemoveRange(longest, bytes.Count - longest);
        }

        return [.. bytes];
    }

    private void Step(List<byte> bytes, IReadOnlyList<byte[]> inputs)
    {
        if (bytes.Count == 0)
        {
            bytes.Add((byte)random.Next(256));
            return;
        }

        int position = random.Next(bytes.Count);
        switch (random.Next(10))
        {
            case 0 or 1:
                bytes[position] ^= (byte)(1 << random.Next(8));
                break;
            case 2:
                bytes[position] = (byte)random.Next(256);
                break;
            case 3:
                bytes[position] += (byte)random.Next(-16, 17);
                break;
            case 4:
                PutNumber(bytes, position, Extremes[random.Next(Extremes.Length)]);
                break;
            case 5:
                PutVarint(bytes, position, (ulong)Extremes[random.Next(Extremes.Length)]);
                break;
            case 6:
                bytes.RemoveRange(position, Run(bytes.Count - position));
                break;
            case 7:
                bytes.InsertRange(random.Next(bytes.Count + 1), bytes.GetRange(position, Run(bytes.Count - position)));
                break;
            case 8:
                bytes.InsertRange(position, new byte[Run(64)]);
                break;
            default:
                byte[] other = inputs[random.Next(inputs.Count)];
                int start = random.Next(other.Length + 1);
                bytes.RemoveRange(position, bytes.Count - position);
                bytes.AddRange(other.AsSpan(start));
                break;
        }
    }

    private int Run(int most) => 1 + (random.Next(4) == 0 ? random.Next(most) : random.Next(int.Min(most, 8)));

    private void PutNumber(List<byte> bytes, int position, long number)
    {
        int width = 1 << random.Next(4);
        bool isBigEndian = random.Next(2) == 0;
        for (int index = 0; index < width && position + index < bytes.Count; index++)
        {
            bytes[position + index] = (byte)(number >> (8 * (isBigEndian ? width - 1 - index : index)));
        }
    }

    private static void PutVarint(List<byte> bytes, int position, ulong number)
    {
        bytes.RemoveAt(position);
        while (number >= 0x80)
        {
            bytes.Insert(position++, (byte)(number | 0x80));
            number >>= 7;
        }

        bytes.Insert(position, (byte)number);
    }
}
