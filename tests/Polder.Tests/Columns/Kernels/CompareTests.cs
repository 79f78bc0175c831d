using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using Apache.Arrow;
using Polder.Columns;
using Polder.Columns.Kernels;
using Xunit;

namespace Polder.Tests.Columns.Kernels;

/// <summary>Comparing, hashing and bounds of columns of every type, against values one by one.</summary>
public sealed class CompareTests
{
    private const int RowCount = 90;

    public static TheoryData<string> Types => RandomColumns.Names;

    public static TheoryData<string> OrderedTypes =>
        [.. RandomColumns.Types.Where(HasOrder).Select(type => type.ToString())];

    [Theory]
    [MemberData(nameof(OrderedTypes))]
    public void Columns_compare_as_their_values_do(string typeName)
    {
        DataType type = RandomColumns.Named(typeName);
        Random random = new(61);
        foreach (int offset in new[] { 0, 3, 13 })
        {
            object?[] left = Values(random, type);
            object?[] right = [.. left.Select(value => random.Next(2) == 0 ? value : Value(random, type))];
            IArrowArray lefts = RandomColumns.Build(type, left, random, offset);
            IArrowArray rights = RandomColumns.Build(type, right, random, 16 - offset);
            foreach (Relation relation in Enum.GetValues<Relation>())
            {
                BooleanArray compared = Compare.Columns(lefts, rights, relation);
                bool?[] expected = [.. left.Zip(right, (first, second) => Holds(first, second, relation))];
                Assert.Equal(expected, Truths(compared));
                Assert.Equal(expected.Count(truth => truth is null), compared.NullCount);
                object? one = right[7];
                Assert.Equal(
                    left.Select(value => Holds(value, one, relation)),
                    Truths(Compare.Value(lefts, one, relation)));
            }
        }
    }

    [Fact]
    public void What_has_no_order_or_another_type_is_refused()
    {
        IArrowArray intervals = RandomColumns.Build(
            DataType.CalendarInterval, [new CalendarInterval(1, 2, 3)], new Random(1));
        Assert.Throws<UnsupportedFeatureException>(() => Compare.Columns(intervals, intervals, Relation.Equal));
        IArrowArray integers = RandomColumns.Build(DataType.Integer, [1], new Random(1));
        IArrowArray longs = RandomColumns.Build(DataType.Long, [1L], new Random(1));
        Assert.Throws<ArgumentException>(() => Compare.Columns(integers, longs, Relation.Less));
        Assert.Throws<ArgumentException>(() => Compare.StartsWith(longs, "a"u8));
    }

    [Fact]
    public void Text_is_searched_for_its_first_bytes()
    {
        Random random = new(62);
        object?[] texts = [.. RandomColumns.Values(random, DataType.String, 200), "aßcaßcaßcaßc", "aßcaßc"];
        IArrowArray column = RandomColumns.Build(DataType.String, texts, random, 9);
        foreach (string prefix in new[] { "", "a", "aß", "c", "aßcaßc", "aßcaßcaßca", "zz" })
        {
            Assert.Equal(
                texts.Select(text => ((string?)text)?.StartsWith(prefix, StringComparison.Ordinal)),
                Truths(Compare.StartsWith(column, Encoding.UTF8.GetBytes(prefix))));
        }
    }

    [Theory]
    [MemberData(nameof(Types))]
    public void Equal_rows_have_equal_hashes_and_others_hardly_ever(string typeName)
    {
        DataType type = RandomColumns.Named(typeName);
        Random random = new(63);
        object?[] values = Values(random, type);
        object?[] others = [.. values.Reverse()];
        ulong[] hashes = Hash(RandomColumns.Build(type, values, random, 5));
        ulong[] reversed = Hash(RandomColumns.Build(type, others, random));
        Assert.Equal(hashes.Reverse(), reversed);
        int distinct = values.Select(value => RandomColumns.Show(value)).Distinct().Count();
        Assert.Equal(distinct, hashes.Distinct().Count());
    }

    [Fact]
    public void Hashes_take_every_column_in_order_and_each_must_have_every_row()
    {
        IArrowArray first = RandomColumns.Build(DataType.Integer, [1, 2, null], new Random(1));
        IArrowArray second = RandomColumns.Build(DataType.Integer, [2, 1, null], new Random(1));
        ulong[] hashes = new ulong[3];
        RowHash.Compute([first, second], hashes);
        Assert.NotEqual(hashes[0], hashes[1]);
        Assert.Throws<ArgumentException>(() => RowHash.Compute([first], new ulong[2]));
    }

    [Theory]
    [MemberData(nameof(Types))]
    public void Bounds_are_the_least_and_the_greatest_of_the_values(string typeName)
    {
        DataType type = RandomColumns.Named(typeName);
        Random random = new(64);
        foreach (double nullShare in new[] { 0, 0.3, 1 })
        {
            object?[] values =
                [.. Values(random, type).Select(value => random.NextDouble() < nullShare ? null : value)];
            ColumnBounds bounds = ColumnBounds.Of(RandomColumns.Build(type, values, random, 11));
            Assert.Equal(values.Count(value => value is null), bounds.NullCount);
            Assert.Equal(values.Count(IsNaN), bounds.NaNCount);
            object?[] ordered = type.IsNested || !HasOrder(type)
                ? []
                : [.. values.Where(value => value is not null && !IsNaN(value)).Order(Comparer<object?>.Create(Order))];
            Assert.Equal(RandomColumns.Show(ordered.FirstOrDefault()), RandomColumns.Show(bounds.Minimum));
            Assert.Equal(RandomColumns.Show(ordered.LastOrDefault()), RandomColumns.Show(bounds.Maximum));
        }
    }

    private static bool HasOrder(DataType type) => type.Kind switch
    {
        TypeKind.CalendarInterval or TypeKind.Variant or TypeKind.Map => false,
        TypeKind.Array => HasOrder(type.Element!),
        _ => type.Fields.All(field => HasOrder(field.Type)),
    };

    private static object?[] Values(Random random, DataType type) =>
        [.. Enumerable.Range(0, RowCount).Select(_ => Value(random, type))];

    internal static object? Value(Random random, DataType type) => (type.Kind, random.Next(6)) switch
    {
        (TypeKind.Float, 0) => float.NaN,
        (TypeKind.Float, 1) => float.NegativeInfinity,
        (TypeKind.Double, 0) => double.NaN,
        (TypeKind.Double, 1) => double.PositiveInfinity,
        (TypeKind.Decimal, _) when type.Precision <= 18 => (Int128)random.Next(-1000, 1000),
        _ => RandomColumns.Value(random, type),
    };

    private static bool IsNaN(object? value) => value is float.NaN or double.NaN;

    private static bool? Holds(object? left, object? right, Relation relation)
    {
        if (left is null || right is null)
        {
            return null;
        }

        int order = Order(left, right);
        return relation switch
        {
            Relation.Equal => order == 0,
            Relation.NotEqual => order != 0,
            Relation.Less => order < 0,
            Relation.LessOrEqual => order <= 0,
            Relation.Greater => order > 0,
            _ => order >= 0,
        };
    }

    // NaN is the greatest of floating point, unlike .NET's order of the same values.
    internal static int Order(object? left, object? right) => (left, right) switch
    {
        (null, null) => 0,
        (null, _) => -1,
        (_, null) => 1,
        (string first, string second) =>
            Encoding.UTF8.GetBytes(first).AsSpan().SequenceCompareTo(Encoding.UTF8.GetBytes(second)),
        (byte[] first, byte[] second) => first.AsSpan().SequenceCompareTo(second),
        (object?[] first, object?[] second) => OrderItems(first, second),
        _ when IsNaN(left) || IsNaN(right) => (IsNaN(left) ? 1 : 0) - (IsNaN(right) ? 1 : 0),
        _ => ((IComparable)left).CompareTo(right),
    };

    private static int OrderItems(object?[] left, object?[] right) => left
        .Zip(right, Order).FirstOrDefault(order => order != 0) is int order && order != 0
            ? order
            : left.Length.CompareTo(right.Length);

    private static ulong[] Hash(IArrowArray column)
    {
        ulong[] hashes = new ulong[column.Length];
        RowHash.Compute([column], hashes);
        return hashes;
    }

    private static IEnumerable<bool?> Truths(BooleanArray array) =>
        Enumerable.Range(0, array.Length).Select(row => array.GetValue(row));
}
