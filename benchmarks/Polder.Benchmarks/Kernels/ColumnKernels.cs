using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using Apache.Arrow;
using Polder.Bytes;
using Polder.Columns;
using Polder.Columns.Kernels;

namespace Polder.Benchmarks.Kernels;

/// <summary>Kernels over columns beside the plain loop that says what they do.</summary>
internal static class ColumnKernels
{
    private const int Count = 4096;
    private const string Plain = "plain loop";

    public static KernelTable Table { get; } = new(
        "columns",
        "Column kernels, per row of 4,096",
        () =>
        [
            FilterLongs(0.5), FilterLongs(0.98), FilterDecimals(0.98), FilterStrings(0.98),
            TakeLongs(), TakeStrings(),
            CompareLongs(), CompareStrings("equal", Relation.Equal), CompareStrings("less", Relation.Less),
            BeginsWith(), HashLongs(), Bounds(), Narrow(), SortLongs(),
        ]);

    private static Kernel FilterLongs(double share)
    {
        IArrowArray array = Longs();
        BooleanArray condition = Truths(share);
        return new Kernel(Name($"filter long, {share:P0} kept"), Count,
        [
            new KernelSide("Polder", () => Filter.Rows(array, condition).Length),
            new KernelSide(Plain, () => Keep(ColumnValues.Fixed<long>(array), condition).Length),
        ]);
    }

    private static Kernel FilterDecimals(double share)
    {
        FixedBuilder<Int128> builder = (FixedBuilder<Int128>)ColumnBuilder.Create(DataType.Decimal(15, 2), Count);
        Random random = new(2);
        for (int row = 0; row < Count; row++)
        {
            builder.Append(random.NextInt64(1_000_000));
        }

        IArrowArray array = builder.Build();
        BooleanArray condition = Truths(share);
        return new Kernel(Name($"filter decimal, {share:P0} kept"), Count,
        [
            new KernelSide("Polder", () => Filter.Rows(array, condition).Length),
            new KernelSide(Plain, () => Keep(ColumnValues.Fixed<Int128>(array), condition).Length),
        ]);
    }

    private static Kernel FilterStrings(double share)
    {
        IArrowArray array = Strings();
        BooleanArray condition = Truths(share);
        return new Kernel(Name($"filter string, {share:P0} kept"), Count,
        [
            new KernelSide("Polder", () => Filter.Rows(array, condition).Length),
            new KernelSide("list of byte[]", () =>
            {
                List<byte[]> kept = new(Count);
                for (int row = 0; row < Count; row++)
                {
                    if (condition.GetValue(row) == true)
                    {
                        kept.Add(Text(array, row).ToArray());
                    }
                }

                return kept.Count;
            }),
        ]);
    }

    private static Kernel TakeLongs()
    {
        IArrowArray array = Longs();
        int[] rows = Rows();
        return new Kernel("take long, random rows", Count,
        [
            new KernelSide("Polder", () => Take.Rows(array, rows).Length),
            new KernelSide(Plain, () =>
            {
                ReadOnlySpan<long> values = ColumnValues.Fixed<long>(array);
                long[] taken = new long[rows.Length];
                for (int index = 0; index < rows.Length; index++)
                {
                    taken[index] = values[rows[index]];
                }

                return taken.Length;
            }),
        ]);
    }

    private static Kernel TakeStrings()
    {
        IArrowArray array = Strings();
        int[] rows = Rows();
        return new Kernel("take string, random rows", Count,
        [
            new KernelSide("Polder", () => Take.Rows(array, rows).Length),
            new KernelSide("list of byte[]", () =>
            {
                ReadOnlySpan<int> offsets = ColumnValues.Offsets(array);
                ReadOnlySpan<byte> bytes = ColumnValues.Bytes(array);
                List<byte[]> taken = new(rows.Length);
                foreach (int row in rows)
                {
                    taken.Add(bytes[offsets[row]..offsets[row + 1]].ToArray());
                }

                return taken.Count;
            }),
        ]);
    }

    private static Kernel CompareLongs()
    {
        IArrowArray left = Longs();
        IArrowArray right = Take.Rows(left, Rows());
        return new Kernel("compare long <", Count,
        [
            new KernelSide("Polder", () => CountTrue(Compare.Columns(left, right, Relation.Less))),
            new KernelSide(Plain, () =>
            {
                ReadOnlySpan<long> lefts = ColumnValues.Fixed<long>(left);
                ReadOnlySpan<long> rights = ColumnValues.Fixed<long>(right);
                bool[] less = new bool[lefts.Length];
                for (int row = 0; row < lefts.Length; row++)
                {
                    less[row] = lefts[row] < rights[row];
                }

                return less.AsSpan().Count(true);
            }),
        ]);
    }

    private static Kernel CompareStrings(string name, Relation relation)
    {
        IArrowArray left = Strings();
        IArrowArray right = Take.Rows(left, [.. Rows().Select((row, index) => index % 2 == 0 ? index : row)]);
        return new Kernel($"compare string {name}", Count,
        [
            new KernelSide("Polder", () => CountTrue(Compare.Columns(left, right, relation))),
            new KernelSide("plain loop over spans", () =>
            {
                bool[] holds = new bool[left.Length];
                for (int row = 0; row < holds.Length; row++)
                {
                    ReadOnlySpan<byte> first = Text(left, row);
                    ReadOnlySpan<byte> second = Text(right, row);
                    holds[row] = relation == Relation.Equal
                        ? first.SequenceEqual(second)
                        : first.SequenceCompareTo(second) < 0;
                }

                return holds.AsSpan().Count(true);
            }),
        ]);
    }

    private static Kernel BeginsWith()
    {
        IArrowArray array = Strings();
        byte[] prefix = [.. Text(array, 17)[..3]];
        return new Kernel("string starts with", Count,
        [
            new KernelSide("Polder", () => CountTrue(Compare.StartsWith(array, prefix))),
            new KernelSide("plain loop over spans", () =>
            {
                bool[] holds = new bool[array.Length];
                for (int row = 0; row < holds.Length; row++)
                {
                    holds[row] = Text(array, row).StartsWith(prefix);
                }

                return holds.AsSpan().Count(true);
            }),
        ]);
    }

    private static Kernel HashLongs()
    {
        IArrowArray array = Longs();
        ulong[] hashes = new ulong[Count];
        return new Kernel("hash long", Count,
        [
            new KernelSide("Polder", () =>
            {
                RowHash.Compute([array], hashes);
                return null;
            }),
            new KernelSide("HashCode", () =>
            {
                ReadOnlySpan<long> values = ColumnValues.Fixed<long>(array);
                for (int row = 0; row < values.Length; row++)
                {
                    hashes[row] = (ulong)HashCode.Combine(values[row]);
                }

                return null;
            }),
        ]);
    }

    private static Kernel Bounds()
    {
        FixedBuilder<long> builder = (FixedBuilder<long>)ColumnBuilder.Create(DataType.Long, Count);
        Random random = new(6);
        for (int row = 0; row < Count; row++)
        {
            if (random.Next(10) == 0)
            {
                builder.AppendNull();
            }
            else
            {
                builder.Append(random.NextInt64());
            }
        }

        IArrowArray array = builder.Build();
        return new Kernel("bounds of long, 10 % null", Count,
        [
            new KernelSide("Polder", () => ColumnBounds.Of(array).Maximum),
            new KernelSide(Plain, () =>
            {
                ReadOnlySpan<long> values = ColumnValues.Fixed<long>(array);
                Validity validity = Validity.Of(array);
                long least = long.MaxValue;
                long greatest = long.MinValue;
                for (int row = 0; row < values.Length; row++)
                {
                    if (validity.IsValid(row))
                    {
                        least = long.Min(least, values[row]);
                        greatest = long.Max(greatest, values[row]);
                    }
                }

                return least <= greatest ? greatest : null;
            }),
        ]);
    }

    private static Kernel Narrow()
    {
        FixedBuilder<long> builder = (FixedBuilder<long>)ColumnBuilder.Create(DataType.Long, Count);
        Random random = new(7);
        for (int row = 0; row < Count; row++)
        {
            builder.Append(random.Next());
        }

        IArrowArray array = builder.Build();
        return new Kernel("cast long to int, checked", Count,
        [
            new KernelSide("Polder", () => NumberCast.To(array, DataType.Integer).Length),
            new KernelSide(Plain, () =>
            {
                ReadOnlySpan<long> values = ColumnValues.Fixed<long>(array);
                int[] narrow = new int[values.Length];
                for (int row = 0; row < values.Length; row++)
                {
                    narrow[row] = checked((int)values[row]);
                }

                return narrow.Length;
            }),
        ]);
    }

    private static Kernel SortLongs()
    {
        IArrowArray array = Longs();
        return new Kernel("sort long", Count,
        [
            new KernelSide("Polder", () => Sort.Rows([array])[0]),
            new KernelSide("Array.Sort of keys and rows", () =>
            {
                long[] keys = ColumnValues.Fixed<long>(array).ToArray();
                int[] rows = [.. Enumerable.Range(0, Count)];
                System.Array.Sort(keys, rows);
                return rows[0];
            }),
        ]);
    }

    private static int CountTrue(BooleanArray truths) =>
        Bitmap.CountOnes(truths.ValueBuffer.Span, 0, truths.Length);

    private static ReadOnlySpan<byte> Text(IArrowArray array, int row)
    {
        ReadOnlySpan<int> offsets = ColumnValues.Offsets(array);
        return ColumnValues.Bytes(array)[offsets[row]..offsets[row + 1]];
    }

    private static IArrowArray Strings()
    {
        BytesBuilder builder = (BytesBuilder)ColumnBuilder.Create(DataType.String, Count);
        Random random = new(3);
        for (int row = 0; row < Count; row++)
        {
            byte[] text = new byte[random.Next(3, 24)];
            random.NextBytes(text);
            builder.Append(text);
        }

        return builder.Build();
    }

    private static T[] Keep<T>(ReadOnlySpan<T> values, BooleanArray condition)
    {
        List<T> kept = new(values.Length);
        for (int row = 0; row < values.Length; row++)
        {
            if (condition.GetValue(row) == true)
            {
                kept.Add(values[row]);
            }
        }

        return [.. kept];
    }

    private static IArrowArray Longs()
    {
        FixedBuilder<long> builder = (FixedBuilder<long>)ColumnBuilder.Create(DataType.Long, Count);
        Random random = new(1);
        for (int row = 0; row < Count; row++)
        {
            builder.Append(random.NextInt64());
        }

        return builder.Build();
    }

    private static BooleanArray Truths(double share)
    {
        BooleanBuilder builder = (BooleanBuilder)ColumnBuilder.Create(DataType.Boolean, Count);
        Random random = new(4);
        for (int row = 0; row < Count; row++)
        {
            builder.Append(random.NextDouble() < share);
        }

        return (BooleanArray)builder.Build();
    }

    private static int[] Rows()
    {
        Random random = new(5);
        return [.. Enumerable.Range(0, Count).Select(_ => random.Next(Count))];
    }

    private static string Name(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
