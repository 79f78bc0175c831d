using System;
using System.Linq;
using System.Numerics;
using Polder.Bytes;
using Xunit;

namespace Polder.Tests.Bytes.Kernels;

/// <summary>Whole numbers in other widths, and as ordered words: fast equals scalar.</summary>
public sealed class ConvertKernelTests
{
    private const int Seed = 97;

    private readonly Random _random = new(Seed);

    [Fact]
    public void Every_pair_of_widths_gives_what_the_scalar_loop_gives()
    {
        TestContext.Current.TestOutputHelper?.WriteLine(FormattableString.Invariant($"seed {Seed}"));
        From<sbyte>();
        From<short>();
        From<int>();
        From<long>();
    }

    [Fact]
    public void One_value_that_does_not_fit_is_noticed_wherever_it_stands()
    {
        for (int count = 1; count < 70; count++)
        {
            for (int at = 0; at < count; at++)
            {
                long[] longs = new long[count];
                longs[at] = int.MinValue - 1L;
                Assert.False(ConvertKernels.Integers<long, int>(longs, new int[count]));
                int[] integers = new int[count];
                integers[at] = short.MaxValue + 1;
                Assert.False(ConvertKernels.Integers<int, short>(integers, new short[count]));
            }
        }
    }

    [Fact]
    public void Words_order_as_the_numbers_do()
    {
        CheckOrder([.. Enumerable.Range(0, 80).Select(_ => (sbyte)_random.Next(-128, 128))]);
        CheckOrder([.. Enumerable.Range(0, 80).Select(_ => (short)_random.Next(short.MinValue, short.MaxValue))]);
        CheckOrder([.. Enumerable.Range(0, 80).Select(_ => _random.Next(int.MinValue, int.MaxValue)), int.MaxValue]);
        CheckOrder(
            [.. Enumerable.Range(0, 80).Select(_ => _random.NextInt64(long.MinValue, long.MaxValue)), long.MinValue]);
        double[] doubles =
            [double.NegativeInfinity, double.MinValue, -1, -double.Epsilon, 0, 1, double.PositiveInfinity, double.NaN];
        ulong[] words = new ulong[doubles.Length];
        OrderKernels.Doubles(doubles, words);
        Assert.Equal(words.Order(), words);
        Assert.Equal(words.Length, words.Distinct().Count());
        OrderKernels.Floats([.. doubles.Select(value => (float)value)], words);
        Assert.Equal(words.Order(), words);
        OrderKernels.Doubles([-0.0, 0.0, double.NaN, -double.NaN], words);
        Assert.Equal((words[0], words[2]), (words[1], words[3]));
    }

    private static void CheckOrder<T>(T[] values)
        where T : unmanaged, IBinaryInteger<T>
    {
        ulong[] words = new ulong[values.Length];
        OrderKernels.Integers<T>(values, words);
        for (int left = 0; left < values.Length; left++)
        {
            Assert.All(Enumerable.Range(0, values.Length), right =>
                Assert.Equal(values[left] < values[right], words[left] < words[right]));
        }
    }

    private void From<T>()
        where T : unmanaged, IBinaryInteger<T>
    {
        foreach (int count in new[] { 0, 1, 7, 8, 15, 16, 17, 64, 200 })
        {
            foreach (int bitWidth in new[] { 7, 15, 31, 63 })
            {
                long[] wide = [.. Enumerable.Range(0, count)
                    .Select(_ => _random.NextInt64(long.MinValue, long.MaxValue) >> (63 - bitWidth))];
                T[] source = [.. wide.Select(T.CreateTruncating)];
                Check<T, sbyte>(source);
                Check<T, short>(source);
                Check<T, int>(source);
                Check<T, long>(source);
            }
        }
    }

    private static void Check<TFrom, TTo>(TFrom[] source)
        where TFrom : unmanaged, IBinaryInteger<TFrom>
        where TTo : unmanaged, IBinaryInteger<TTo>
    {
        TTo[] expected = new TTo[source.Length];
        TTo[] actual = new TTo[source.Length];
        bool fits = ConvertKernels.IntegersScalar<TFrom, TTo>(source, expected);
        Assert.Equal(fits, ConvertKernels.Integers<TFrom, TTo>(source, actual));
        Assert.Equal(expected, actual);
        Assert.Equal(source.All(value => TFrom.CreateTruncating(TTo.CreateTruncating(value)) == value), fits);
    }
}
