using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using Apache.Arrow;
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
            FilterLongs(0.5), FilterLongs(0.98), FilterDecimals(0.98), TakeLongs(), TakeStrings(),
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
        BytesBuilder builder = (BytesBuilder)ColumnBuilder.Create(DataType.String, Count);
        Random random = new(3);
        for (int row = 0; row < Count; row++)
        {
            builder.Append(new byte[random.Next(0, 24)]);
        }

        IArrowArray array = builder.Build();
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
