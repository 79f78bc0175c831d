using System;
using System.Collections.Generic;
using System.Linq;
using Apache.Arrow;
using Polder.Columns;
using Polder.Columns.Kernels;
using Xunit;

namespace Polder.Tests.Columns.Kernels;

public sealed class FilterTests
{
    public static TheoryData<string> Types => RandomColumns.Names;

    [Theory]
    [MemberData(nameof(Types))]
    public void A_filter_keeps_the_rows_where_the_condition_is_true(string typeName)
    {
        DataType type = RandomColumns.Named(typeName);
        Random random = new(23);
        foreach (int offset in new[] { 0, 1, 13 })
        {
            foreach (double nullShare in new[] { 0, 0.3, 1 })
            {
                object?[] values = RandomColumns.Values(random, type, 150, nullShare);
                IArrowArray array = RandomColumns.Build(type, values, random, offset);
                double share = offset == 1 ? 0.9 : 0.4;
                object?[] truths =
                    [.. values.Select(_ => random.Next(9) == 0 ? null : (object?)(random.NextDouble() < share))];
                BooleanArray condition =
                    (BooleanArray)RandomColumns.Build(DataType.Boolean, truths, random, 16 - offset);
                object?[] expected = [.. values.Where((_, row) => truths[row] is true)];
                IArrowArray kept = Filter.Rows(array, condition);
                Assert.Equal(expected.Select(RandomColumns.Show), RandomColumns.Read(kept, type));
                Assert.Equal(expected.Count(value => value is null), kept.NullCount);
                ArrayValidation.Check(kept);
            }
        }
    }

    [Fact]
    public void A_condition_that_is_true_everywhere_copies_nothing_and_one_that_is_never_true_keeps_nothing()
    {
        IArrowArray array = RandomColumns.Build(DataType.Long, [1L, 2L, null], new Random(1));
        Assert.Same(array, Filter.Rows(array, Truths(true, true, true)));
        Assert.Equal(0, Filter.Rows(array, Truths(false, null, false)).Length);
        Assert.Equal(0, Filter.Select(Truths()).Count);
        Assert.Throws<ArgumentException>(() => Filter.Rows(array, Truths(true)));
    }

    [Fact]
    public void A_selection_of_bits_is_one_of_rows()
    {
        Random random = new(24);
        bool?[] left = [.. Enumerable.Range(0, 300).Select(_ => random.Next(3) > 0)];
        bool?[] right = [.. Enumerable.Range(0, 300).Select(_ => random.Next(3) > 0)];
        Selection first = Filter.Select(Truths(left));
        Selection second = Filter.Select(Truths(right));
        int[] firstRows = [.. Enumerable.Range(0, 300).Where(row => left[row] == true)];
        int[] both = [.. firstRows.Where(row => right[row] == true)];
        Assert.Equal(firstRows, first.Rows.ToArray());
        Assert.Equal(both, first.And(second).Rows.ToArray());
        Assert.Equal(both, first.And(Selection.From(second.Rows.ToArray(), second.Count, 300)).Rows.ToArray());
        Assert.Equal((firstRows.Length, 300, false), (first.Count, first.RowCount, first.IsAll));
    }

    [Fact]
    public void Dictionaries_and_views_stay_what_they_are()
    {
        Random random = new(25);
        string?[] words = [.. Enumerable.Range(0, 90).Select(_ => random.Next(5) == 0 ? null : Word(random))];
        BooleanArray condition = Truths([.. words.Select(_ => (bool?)(random.Next(2) == 0))]);
        foreach (IArrowArray array in new IArrowArray[] { Dictionary(words), Views(words) })
        {
            for (int offset = 0; offset < 20; offset += 19)
            {
                IArrowArray sliced = ArrowArrayFactory.Slice(array, offset, 60);
                string?[] shown = words[offset..(offset + 60)];
                BooleanArray part = (BooleanArray)ArrowArrayFactory.Slice(condition, offset, 60);
                IArrowArray kept = Filter.Rows(sliced, part);
                Assert.Same(array.Data.DataType, kept.Data.DataType);
                Assert.Equal(shown.Where((_, row) => part.GetValue(row) == true), Texts(kept));
                int[] rows = [.. Enumerable.Range(0, 80).Select(_ => random.Next(-1, 60))];
                IArrowArray taken = Take.Rows(sliced, rows);
                Assert.Equal(rows.Select(row => row < 0 ? null : shown[row]), Texts(taken));
                IArrowArray joined = Concat.Arrays([sliced, kept, taken, array]);
                Assert.Equal([.. shown, .. Texts(kept), .. Texts(taken), .. words], Texts(joined));
                ArrayValidation.Check(joined);
            }
        }
    }

    [Fact]
    public void Dictionaries_are_joined_one_after_the_other_or_refused_where_positions_do_not_reach()
    {
        string[] first = [.. Enumerable.Range(0, 100).Select(index => "first" + index)];
        string[] second = [.. Enumerable.Range(0, 100).Select(index => "second" + index)];
        IArrowArray joined = Concat.Arrays([Dictionary(first), Dictionary([null, .. second])]);
        Assert.Equal([.. first, null, .. second], Texts(joined));
        IArrowArray third = Dictionary([.. Enumerable.Range(0, 100).Select(index => "third" + index)]);
        Assert.Throws<UnsupportedFeatureException>(() => Concat.Arrays([joined, third]));
    }

    private static string Word(Random random) => new((char)('a' + random.Next(0, 26)), random.Next(0, 30));

    private static BooleanArray Truths(params bool?[] truths) => (BooleanArray)RandomColumns.Build(
        DataType.Boolean, [.. truths.Select(truth => (object?)truth)], new Random(3));

    private static IEnumerable<string?> Texts(IArrowArray array)
    {
        StringArray texts = (StringArray)ArrowConvert.ToCanonical(array);
        return Enumerable.Range(0, texts.Length).Select(row => texts.GetString(row));
    }

    private static DictionaryArray Dictionary(string?[] words)
    {
        List<string> entries = [.. words.OfType<string>().Distinct()];
        StringArray.Builder values = new();
        UInt8Array.Builder positions = new();
        foreach (string entry in entries)
        {
            values.Append(entry);
        }

        foreach (string? word in words)
        {
            if (word is null)
            {
                positions.AppendNull();
            }
            else
            {
                positions.Append((byte)entries.IndexOf(word));
            }
        }

        return new DictionaryArray(
            new Apache.Arrow.Types.DictionaryType(
                Apache.Arrow.Types.UInt8Type.Default, Apache.Arrow.Types.StringType.Default, false),
            positions.Build(),
            values.Build());
    }

    private static StringViewArray Views(string?[] words)
    {
        StringViewArray.Builder views = new();
        foreach (string? word in words)
        {
            if (word is null)
            {
                views.AppendNull();
            }
            else
            {
                views.Append(word);
            }
        }

        return views.Build();
    }
}
