using System;
using System.Linq;
using Apache.Arrow;
using Apache.Arrow.Arrays;
using Apache.Arrow.Scalars;
using Apache.Arrow.Types;
using Polder.Columns;
using Xunit;

namespace Polder.Tests.Columns;

public class ArrowConvertTests
{
    private static readonly DateTimeOffset Moment = new(1969, 12, 31, 23, 59, 58, 123, TimeSpan.Zero);

    [Fact]
    public void Canonical_arrays_are_returned_as_they_are()
    {
        Random random = new(1);
        foreach (DataType type in RandomColumns.Types)
        {
            IArrowArray array = RandomColumns.Build(type, RandomColumns.Values(random, type, 9), random, 2);
            Assert.Same(array, ArrowConvert.ToCanonical(array));
        }
    }

    [Fact]
    public void Unsigned_and_half_numbers_are_widened()
    {
        AssertValues(new UInt8Array.Builder().Append(200).AppendNull().Append(1).Build(), (short)200, null, (short)1);
        AssertValues(new UInt16Array.Builder().Append(65535).AppendNull().Build(), 65535, null);
        AssertValues(new UInt32Array.Builder().Append(uint.MaxValue).Append(0).Build(), (long)uint.MaxValue, 0L);
        AssertValues(new UInt64Array.Builder().Append(ulong.MaxValue).Build(), (Int128)ulong.MaxValue);
        AssertValues(new HalfFloatArray.Builder().Append((Half)1.5).AppendNull().Build(), 1.5f, null);
        AssertValues(
            new Decimal32Array.Builder(new Decimal32Type(7, 2)).Append(-12.34m).AppendNull().Build(),
            (Int128)(-1234), null);
        AssertValues(
            new Decimal64Array.Builder(new Decimal64Type(15, 1)).Append(-99999999999.9m).Build(),
            (Int128)(-999999999999));
        AssertValues(
            new Decimal256Array.Builder(new Decimal256Type(38, 3)).Append(-1.5m).AppendNull().Append(79m).Build(),
            (Int128)(-1500), null, (Int128)79000);
    }

    [Fact]
    public void Other_units_of_time_become_microseconds_rounding_down()
    {
        foreach (string? zone in new[] { null, "+02:00" })
        {
            foreach ((TimeUnit unit, long micros) in new[]
            {
                (TimeUnit.Millisecond, -1_877_000L), (TimeUnit.Microsecond, -1_877_000L),
                (TimeUnit.Nanosecond, -1_877_000L),
            })
            {
                var builder = new TimestampArray.Builder(new TimestampType(unit, zone));
                TimestampArray array = builder.Append(Moment).AppendNull().Append(DateTimeOffset.UnixEpoch).Build();
                AssertValues(array, micros, null, 0L);
                AssertValues(array.Slice(1, 2), null, 0L);
            }
        }

        AssertValues(new TimestampArray(new TimestampType(TimeUnit.Second, "UTC"),
            Longs(-2, 3), ArrowBuffer.Empty, 2, 0, 0), -2_000_000L, 3_000_000L);
        AssertValues(new TimestampArray(new TimestampType(TimeUnit.Nanosecond, "UTC"),
            Longs(-1, 1999, -1000, -1001), ArrowBuffer.Empty, 4, 0, 0), -1L, 1L, -1L, -2L);
        AssertValues(new Date64Array.Builder().Append(new DateTime(1969, 12, 31)).AppendNull().Build(), -1, null);
        AssertValues(new Date64Array(Longs(-1, 86_399_999), ArrowBuffer.Empty, 2, 0, 0), -1, 0);
        AssertValues(new Time32Array.Builder(TimeUnit.Millisecond).Append(1).AppendNull().Build(), 1000L, null);
        AssertValues(new Time32Array.Builder(TimeUnit.Second).Append(3).Build(), 3_000_000L);
        AssertValues(new Time64Array.Builder(TimeUnit.Nanosecond).Append(1999).Build(), 1L);
        AssertValues(new DurationArray.Builder(DurationType.Second).Append(-7).Build(), -7_000_000L);
        AssertValues(
            new DayTimeIntervalArray.Builder().Append(new DayTimeInterval(3, -5)).Build(),
            new CalendarInterval(0, 3, -5000));
        Assert.Throws<OverflowException>(() => ArrowConvert.ToCanonical(new TimestampArray(
            new TimestampType(TimeUnit.Second, "UTC"), Longs(long.MaxValue / 1000), ArrowBuffer.Empty, 1, 0, 0)));
    }

    [Fact]
    public void Dictionaries_are_looked_up()
    {
        StringArray words = new StringArray.Builder().Append("a").Append("bb").AppendNull().Build();
        Int8Array indexes = new Int8Array.Builder().Append(1).AppendNull().Append(0).Append(2).Append(1).Build();
        DictionaryArray array = new(new DictionaryType(Int8Type.Default, StringType.Default, false), indexes, words);
        AssertValues(array, "bb", null, "a", null, "bb");
        AssertValues(array.Slice(2, 3), "a", null, "bb");
    }

    [Fact]
    public void Strings_of_other_layouts_are_copied_into_one_buffer()
    {
        string longText = new('x', 40);
        var views = new StringViewArray.Builder().Append("short").AppendNull().Append(longText).Append("").Build();
        AssertValues(views, "short", null, longText, "");
        AssertValues(views.Slice(2, 2), longText, "");

        ArrowBuffer bytes = new("abcdef"u8.ToArray());
        LargeStringArray large = new(4, Longs(0, 2, 2, 5, 6), bytes, new ArrowBuffer(new byte[] { 0b1101 }), 1, 0);
        AssertValues(large, "ab", null, "cde", "f");
        AssertValues(large.Slice(2, 2), "cde", "f");

        FixedSizeBinaryArray fixedSize = new(new ArrayData(
            new FixedSizeBinaryType(2), 2, 0, 1, [ArrowBuffer.Empty, new ArrowBuffer("aabbcc"u8.ToArray())]));
        AssertValues(fixedSize, "bb"u8.ToArray(), "cc"u8.ToArray());
    }

    [Fact]
    public void Lists_of_other_layouts_become_lists_of_elements()
    {
        ArrayData numbers = new UInt8Array.Builder().AppendRange([1, 2, 3, 4, 5, 6]).Build().Data;
        Field item = new("item", UInt8Type.Default, true);
        ArrowBuffer second = new(new byte[] { 0b101 });

        ArrayData large = new(new LargeListType(item), 3, 1, 0, [second, Longs(1, 3, 3, 6)], [numbers]);
        AssertValues(new LargeListArray(large), Shorts(2, 3), null, Shorts(4, 5, 6));
        AssertValues(new LargeListArray(large.Slice(2, 1)), [Shorts(4, 5, 6)]);

        ArrayData fixedSize = new(new FixedSizeListType(item, 2), 3, 1, 0, [second], [numbers]);
        AssertValues(new FixedSizeListArray(fixedSize), Shorts(1, 2), null, Shorts(5, 6));
        AssertValues(new FixedSizeListArray(fixedSize.Slice(2, 1)), [Shorts(5, 6)]);

        ArrayData views = new(new ListViewType(item), 3, 1, 0, [second, Ints(4, 0, 0), Ints(2, 9, 3)], [numbers]);
        AssertValues(new ListViewArray(views), Shorts(5, 6), null, Shorts(1, 2, 3));

        ArrayData plain = new(new ListType(item), 3, 1, 0, [second, Ints(1, 3, 3, 6)], [numbers]);
        IArrowArray list = AssertValues(new ListArray(plain), Shorts(2, 3), null, Shorts(4, 5, 6));
        Assert.Equal("element", ((ListType)list.Data.DataType).ValueField.Name);
    }

    [Fact]
    public void Runs_are_expanded()
    {
        Int32Array ends = new Int32Array.Builder().AppendRange([2, 3, 6]).Build();
        UInt8Array values = new UInt8Array.Builder().Append(7).AppendNull().Append(9).Build();
        RunEndEncodedArray array = new(ends, values);
        AssertValues(array, (short)7, (short)7, null, (short)9, (short)9, (short)9);
        AssertValues(array.Slice(1, 3), (short)7, null, (short)9);
    }

    [Fact]
    public void Foreign_fields_inside_structs_and_maps_are_converted_at_their_offset()
    {
        UInt8Array numbers = new UInt8Array.Builder().AppendRange([1, 2, 3, 4]).Build();
        StructType type = new([new Field("n", UInt8Type.Default, true)]);
        StructArray structs = new(type, 4, [numbers], ArrowBuffer.Empty);
        AssertValues(ArrowArrayFactory.Slice(structs, 2, 2), new object?[] { (short)3 }, new object?[] { (short)4 });

        MapType map = new(new Field("k", UInt8Type.Default, false), new Field("v", UInt8Type.Default, true));
        StructArray pairs = new(map.KeyValueType, 4, [numbers, numbers], ArrowBuffer.Empty);
        MapArray maps = new(map, 2, Ints(0, 1, 4), pairs, ArrowBuffer.Empty);
        AssertValues(ArrowArrayFactory.Slice(maps, 1, 1), [new (object?, object?)[]
        {
            ((short)2, (short)2), ((short)3, (short)3), ((short)4, (short)4),
        }]);
    }

    private static IArrowArray AssertValues(IArrowArray array, params object?[] expected)
    {
        IArrowArray canonical = ArrowConvert.ToCanonical(array);
        DataType type = ArrowTypes.FromArrow(canonical.Data.DataType);
        Assert.True(ArrowConvert.AreSame(ArrowTypes.ToArrow(type), canonical.Data.DataType));
        Assert.Equal(expected.Select(RandomColumns.Show), RandomColumns.Read(canonical, type));
        return canonical;
    }

    private static object?[] Shorts(params short[] values) => [.. values];

    private static ArrowBuffer Longs(params long[] values) => Buffer(values);

    private static ArrowBuffer Ints(params int[] values) => Buffer(values);

    private static ArrowBuffer Buffer<T>(T[] values)
        where T : unmanaged => new(Polder.Bytes.ByteCast.ToBytes<T>(values).ToArray());
}
