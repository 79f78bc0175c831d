using System;
using System.Linq;
using Polder.Bytes;

namespace Polder.Benchmarks.Kernels;

/// <summary>What turns a page's values into an array's, beside the plain loop that says what it does.</summary>
internal static class ValueKernels
{
    private const int Count = 8192;
    private const string Plain = "plain loop";

    private static readonly string[] Words =
        ["AIR", "FOB", "MAIL", "RAIL", "SHIP", "TRUCK", "REG AIR", "DELIVER IN PERSON", "COLLECT COD", "NONE"];

    public static KernelTable Table { get; } = new(
        "values",
        "Values of pages to values of arrays, per value of 8,192",
        () => [Positions(), Flags(), Strings(), Split(), Spread(), Levels()]);

    private static Kernel Positions()
    {
        long[] dictionary = [.. Enumerable.Range(0, 2000).Select(entry => (long)entry * entry)];
        uint[] indexes = Indexes(dictionary.Length);
        long[] values = new long[Count];
        return new Kernel("dictionary longs", Count,
        [
            new KernelSide("Polder", () =>
            {
                DictionaryGather.TryValues<long>(dictionary, indexes, values);
                return values[^1];
            }),
            new KernelSide(Plain, () =>
            {
                for (int index = 0; index < indexes.Length; index++)
                {
                    values[index] = dictionary[indexes[index]];
                }

                return values[^1];
            }),
        ]);
    }

    private static Kernel Flags()
    {
        byte[] dictionary = "AFNOR"u8.ToArray();
        uint[] indexes = Indexes(dictionary.Length);
        byte[] values = new byte[Count];
        return new Kernel("dictionary flags", Count,
        [
            new KernelSide("Polder", () =>
            {
                DictionaryGather.TryValues<byte>(dictionary, indexes, values);
                return values[^1];
            }),
            new KernelSide(Plain, () =>
            {
                for (int index = 0; index < indexes.Length; index++)
                {
                    values[index] = dictionary[indexes[index]];
                }

                return values[^1];
            }),
        ]);
    }

    private static Kernel Strings()
    {
        (int[] offsets, byte[] data) = Dictionary();
        uint[] indexes = Indexes(Words.Length);
        int[] ends = new int[Count];
        byte[] target = new byte[(Count * DictionaryGather.Slack) + DictionaryGather.Slack];
        return new Kernel("dictionary strings", Count,
        [
            new KernelSide("Polder", () =>
                DictionaryGather.TryShort(offsets, data, DictionaryGather.Slack, indexes, 0, ends, target)),
            new KernelSide("Polder, measured first", () =>
            {
                long bytes = DictionaryGather.TryEnds(offsets, indexes, 0, ends);
                DictionaryGather.Ranges(offsets, data, indexes, 0, ends, target);
                return (int)bytes;
            }),
            new KernelSide(Plain, () =>
            {
                int end = 0;
                for (int index = 0; index < indexes.Length; index++)
                {
                    int entry = (int)indexes[index];
                    ReadOnlySpan<byte> value = data.AsSpan(offsets[entry]..offsets[entry + 1]);
                    value.CopyTo(target.AsSpan(end));
                    end += value.Length;
                    ends[index] = end;
                }

                return end;
            }),
        ]);
    }

    private static Kernel Split()
    {
        byte[] source = [.. Indexes(Words.Length).SelectMany(word => (byte[])
            [(byte)Words[word].Length, 0, 0, 0, .. System.Text.Encoding.ASCII.GetBytes(Words[word])])];
        int[] ends = new int[Count];
        byte[] target = new byte[source.Length + PrefixedBytes.Slack];
        return new Kernel("strings behind their lengths", Count,
        [
            new KernelSide("Polder", () =>
            {
                PrefixedBytes.Split(source, ends, target, 0, out _);
                return ends[^1];
            }),
            new KernelSide(Plain, () =>
            {
                int position = 0, end = 0;
                for (int index = 0; index < ends.Length; index++)
                {
                    int length = BitConverter.ToInt32(source, position);
                    source.AsSpan(position + 4, length).CopyTo(target.AsSpan(end));
                    position += 4 + length;
                    end += length;
                    ends[index] = end;
                }

                return end;
            }),
        ]);
    }

    private static Kernel Spread()
    {
        byte[] validity = new byte[Count / 8];
        new Random(3).NextBytes(validity);
        int valid = Bitmap.CountOnes(validity, 0, Count);
        long[] packed = [.. Enumerable.Range(0, valid).Select(value => (long)value)];
        long[] values = new long[Count];
        return new Kernel("longs spread over nulls", Count,
        [
            new KernelSide("Polder", () =>
            {
                packed.CopyTo(values, Count - valid);
                NullSpread.Spread<long>(values, validity, 0, valid);
                return values.Sum();
            }),
            new KernelSide(Plain, () =>
            {
                int from = 0;
                for (int index = 0; index < Count; index++)
                {
                    values[index] = (validity[index >> 3] & (1 << (index & 7))) != 0 ? packed[from++] : 0;
                }

                return values.Sum();
            }),
        ]);
    }

    private static Kernel Levels()
    {
        byte[] levels = [.. Indexes(4).Select(level => (byte)level)];
        byte[] bits = new byte[Count / 8];
        return new Kernel("levels to validity", Count,
        [
            new KernelSide("Polder", () =>
            {
                for (int index = 0; index < Count; index += 64)
                {
                    BitMask.Store(bits, index, 64, BitMask.AtLeast(levels.AsSpan(index, 64), 3));
                }

                return Bitmap.CountOnes(bits, 0, Count);
            }),
            new KernelSide(Plain, () =>
            {
                bits.AsSpan().Clear();
                for (int index = 0; index < Count; index++)
                {
                    bits[index >> 3] |= (byte)(levels[index] >= 3 ? 1 << (index & 7) : 0);
                }

                return Bitmap.CountOnes(bits, 0, Count);
            }),
        ]);
    }

    private static (int[] Offsets, byte[] Data) Dictionary()
    {
        int[] offsets = [0, .. Words.Select((_, word) => Words.Take(word + 1).Sum(one => one.Length))];
        byte[] data =
            [.. System.Text.Encoding.ASCII.GetBytes(string.Concat(Words)), .. new byte[DictionaryGather.Slack]];
        return (offsets, data);
    }

    private static uint[] Indexes(int entryCount)
    {
        Random random = new(4);
        return [.. Enumerable.Range(0, Count).Select(_ => (uint)random.Next(entryCount))];
    }
}
