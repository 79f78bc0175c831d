using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;
using Apache.Arrow;
using Polder.Columns;
using Polder.Columns.Flat;
using Xunit;

namespace Polder.Tests.Columns.Flat;

public sealed class NestedColumnTests
{
    private static readonly DataType Text = DataType.Array(DataType.Array(DataType.String));

    [Fact]
    public void The_code_of_taste_runs_as_written()
    {
        RecordBatch batch = new RecordBatch.Builder().Append("text", true, Paragraphs(8)).Build();
        // The lines as they stand in the design, without taking the process's console from other tests.
        using StringWriter Console = new();
        NestedColumn<byte> text = Nested.Utf8(batch.Column("text"));
        foreach (NestedView<byte> paragraph in text)                              // ref structs: nothing allocated
            foreach (NestedView<byte> sentence in paragraph)
                Console.WriteLine(
                    $"{sentence.Count} words, {sentence.Leaves.Length} of {paragraph.Leaves.Length} bytes");
        ReadOnlySpan<byte> word = text[7][2][0].Leaves;
        Assert.Equal("w7-2-0", Encoding.UTF8.GetString(word));
        string[] lines = Console.ToString().Split(Environment.NewLine, StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(24, lines.Length);
        Assert.Equal("2 words, 12 of 36 bytes", lines[0]);
    }

    [Fact]
    public void Walking_every_word_allocates_nothing()
    {
        NestedColumn<byte> text = Nested.Utf8(Paragraphs(500));
        long warm = Checksum(text);
        long before = GC.GetAllocatedBytesForCurrentThread();
        long sum = Checksum(text);
        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.Equal(warm, sum);
        Assert.Equal(0, allocated);
    }

    [Fact]
    public void Null_and_empty_lists_are_told_apart_at_every_level()
    {
        string?[]?[]?[] rows = [null, [], [null, [], [null, "", "é"]]];
        NestedColumn<byte> text = Nested.Utf8(Build(rows));
        Assert.True(text[0].IsNull);
        Assert.False(text[1].IsNull);
        Assert.Equal(0, text[0].Count + text[1].Count);
        Assert.True(text[2][0].IsNull);
        Assert.False(text[2][1].IsNull);
        Assert.True(text[2][2][0].IsNull);
        Assert.False(text[2][2][1].IsNull);
        Assert.Equal("é", text[2][2][2].ToText());
        Assert.Equal(2, text[2][2][2].Count);
        Assert.Equal([3, 2, 1, 0], (int[])[text.Depth, text[0].Depth, text[2][2].Depth, text[2][2][2].Depth]);
    }

    [Fact]
    public void A_position_out_of_range_and_items_of_the_last_level_are_refused()
    {
        NestedColumn<byte> text = Nested.Utf8(Build([[["a", "b"]]]));
        Assert.Throws<ArgumentOutOfRangeException>(() => text[1].Count);
        Assert.Throws<ArgumentOutOfRangeException>(() => text[-1].Count);
        Assert.Throws<ArgumentOutOfRangeException>(() => text[0][0][2].Count);
        Assert.Throws<InvalidOperationException>(() => text[0][0][1][0].Count);
        Assert.Throws<InvalidOperationException>(() => text[0][0][1].GetEnumerator().MoveNext());
        Assert.Throws<ArgumentOutOfRangeException>(() => text[0].IsNullLeaf(2));
        NestedView<byte> none = default;
        Assert.Equal(0, none.Count + none.Leaves.Length + none.Depth);
        Assert.Throws<ArgumentOutOfRangeException>(() => default(NestedView<byte>)[0].Count);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    public void Random_nested_strings_and_their_slices_read_as_the_lists_they_were_made_of(int seed)
    {
        Random random = new(seed);
        for (int round = 0; round < 40; round++)
        {
            string?[]?[]?[] rows = RandomLists(random, 12, r => RandomLists(r, 5, s => RandomLists(s, 4, RandomWord)))!;
            IArrowArray array = Build(rows);
            AssertSame(rows, Nested.Utf8(array));
            int start = random.Next(rows.Length + 1);
            int count = random.Next(rows.Length - start + 1);
            IArrowArray slice = ArrowArrayFactory.Slice(array, start, count);
            AssertSame(rows[start..(start + count)], Nested.Utf8(slice));
        }
    }

    [Theory]
    [InlineData(11)]
    [InlineData(12)]
    [InlineData(13)]
    public void Random_nested_numbers_inside_sliced_children_keep_their_nulls(int seed)
    {
        Random random = new(seed);
        for (int round = 0; round < 60; round++)
        {
            long?[]?[] rows = RandomLists(random, 40, r => RandomLists(r, 6, RandomNumber))!;
            NestedBuilder<long> builder = new(DataType.Array(DataType.Array(DataType.Long)));

            // Rows of which only the middle is wanted: one level of lists above cuts it out by its offsets.
            builder.AppendEach(rows, AppendNumbers);
            ArrayData inner = builder.Build().Data.Children[0];
            int start = random.Next(rows.Length + 1);
            int count = random.Next(rows.Length - start + 1);
            AssertSame(rows[start..(start + count)], Nested.Of<long>(
                ArrowArrayFactory.BuildArray(inner.Slice(start, count))));

            ArrayData cut = new(
                ArrowTypes.ToArrow(DataType.Array(DataType.Array(DataType.Long))), 1, 0, 0,
                [ArrowBuffer.Empty, new ArrowBuffer(BitConverter.GetBytes((long)count << 32))],
                [inner.Slice(start, count)]);
            NestedColumn<long> nested = Nested.Of<long>(ArrowArrayFactory.BuildArray(cut));
            Assert.Equal(count, nested[0].Count);
            AssertSame(rows[start..(start + count)], nested[0]);
        }
    }

    private static void AppendNumbers(NestedBuilder<long> builder, long?[]? numbers) =>
        builder.AppendEach(numbers, static (open, number) =>
        {
            if (number is { } value)
            {
                open.Append(value);
            }
            else
            {
                open.AppendNull();
            }
        });

    private static void AssertSame(string?[]?[]?[] expected, NestedColumn<byte> actual)
    {
        Assert.Equal(expected.Length, actual.Count);
        Assert.Equal(string.Concat(expected.SelectMany(p => p ?? []).SelectMany(s => s ?? [])), actual.Rows.ToText());
        int row = 0;
        foreach (NestedView<byte> paragraph in actual)
        {
            string?[]?[]? sentences = expected[row];
            Assert.Equal(sentences is null, paragraph.IsNull);
            Assert.Equal(sentences?.Length ?? 0, paragraph.Count);
            Assert.Equal(string.Concat((sentences ?? []).SelectMany(s => s ?? [])), paragraph.ToText());
            int place = 0;
            foreach (NestedView<byte> sentence in paragraph)
            {
                string?[]? words = sentences![place];
                Assert.Equal(words is null, sentence.IsNull);
                Assert.Equal(words is null, actual[row][place].IsNull);
                Assert.Equal(words?.Length ?? 0, actual[row][place].Count);
                List<string?> read = [];
                foreach (NestedView<byte> word in sentence)
                {
                    read.Add(word.IsNull ? null : word.ToText());
                }

                Assert.Equal(words ?? [], read);
                place++;
            }

            row++;
        }

        Assert.Equal(expected.Length, row);
    }

    private static void AssertSame(long?[]?[] expected, NestedColumn<long> actual) =>
        AssertSame(expected, actual.Rows);

    private static void AssertSame(long?[]?[] expected, NestedView<long> actual)
    {
        Assert.Equal(expected.Length, actual.Count);
        for (int row = 0; row < expected.Length; row++)
        {
            NestedView<long> list = actual[row];
            Assert.Equal(expected[row] is null, list.IsNull);
            List<long?> read = [];
            for (int index = 0; index < list.Count; index++)
            {
                read.Add(list.IsNullLeaf(index) ? null : list.Leaves[index]);
            }

            Assert.Equal(expected[row] ?? [], read);
        }
    }

    private static long Checksum(NestedColumn<byte> text)
    {
        long sum = 0;
        foreach (NestedView<byte> paragraph in text)
        {
            foreach (NestedView<byte> sentence in paragraph)
            {
                foreach (NestedView<byte> word in sentence)
                {
                    foreach (byte letter in word.Leaves)
                    {
                        sum += letter;
                    }
                }
            }
        }

        return sum;
    }

    private static IArrowArray Paragraphs(int count) => Build(
        [.. Enumerable.Range(0, count).Select(p => Enumerable.Range(0, 3)
            .Select(s => Enumerable.Range(0, 2).Select(w => (string?)$"w{p}-{s}-{w}").ToArray()).ToArray())]);

    private static IArrowArray Build(string?[]?[]?[] rows)
    {
        NestedBuilder<byte> builder = new(Text);
        foreach (string?[]?[]? row in rows)
        {
            builder.AppendTexts(row);
        }

        return builder.Build();
    }

    private static TItem?[]? RandomLists<TItem>(Random random, int most, Func<Random, TItem?> item) =>
        most < 12 && random.Next(6) == 0 ? null : [.. Enumerable.Range(0, random.Next(most)).Select(_ => item(random))];

    private static string? RandomWord(Random random) => random.Next(8) switch
    {
        0 => null,
        1 => "",
        2 => "żółw 🐢",
        int length => new string((char)('a' + length), length),
    };

    private static long? RandomNumber(Random random) => random.Next(5) == 0 ? null : random.NextInt64();
}
