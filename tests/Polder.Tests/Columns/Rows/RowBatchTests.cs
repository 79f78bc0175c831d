using System;
using System.Collections.Generic;
using System.Linq;
using Apache.Arrow;
using Polder.Columns;
using Polder.Columns.Rows;
using Xunit;

namespace Polder.Tests.Columns.Rows;

/// <summary>Own types to batches and back.</summary>
public sealed class RowBatchTests
{
    private readonly int _seed = Environment.TickCount;

    [Fact]
    public void Flat_records_become_columns_that_Arrow_reads_and_come_back()
    {
        Flight[] flights =
        [
            new(new DateTime(2001, 3, 1, 6, 30, 0), "SEA", "DEN", null),
            new(new DateTime(1969, 12, 31, 23, 59, 59), "Łódź", "", -3),
        ];
        RecordBatch batch = flights.ToBatch();
        Assert.Equal(2, batch.Length);
        Assert.Equal(["Date", "Origin", "Destination", "Delay"], batch.Schema.FieldsList.Select(field => field.Name));
        Assert.Equal([false, false, false, true], batch.Schema.FieldsList.Select(field => field.IsNullable));
        Assert.Equal("Łódź", ((StringArray)batch.Column("Origin")).GetString(1));
        Int32Array delays = (Int32Array)batch.Column("Delay");
        Assert.Equal([null, -3], new[] { delays.GetValue(0), delays.GetValue(1) });
        Assert.Equal(
            new DateTimeOffset(2001, 3, 1, 6, 30, 0, TimeSpan.Zero),
            ((TimestampArray)batch.Column("Date")).GetTimestamp(0));
        Assert.Equal(flights, batch.ToRows<Flight>());
    }

    [Fact]
    public void Nested_rows_become_columns_that_Arrow_reads()
    {
        RandomRows random = new(1);
        Order order = random.Order() with
        {
            Items = [random.Item() with { Sku = "a" }, random.Item() with { Sku = "b" }],
            Maybe = null,
            Tags = new Dictionary<string, string?> { ["k"] = null },
        };
        Order other = order with { Items = [random.Item() with { Sku = "c" }], Maybe = [null] };
        RecordBatch batch = new[] { order, other }.ToBatch();
        ListArray items = (ListArray)batch.Column("Items");
        Assert.Equal([0, 2, 3], items.ValueOffsets.ToArray());
        StringArray skus = (StringArray)((StructArray)items.Values).Fields[0];
        Assert.Equal(["a", "b", "c"], Enumerable.Range(0, 3).Select(index => skus.GetString(index)));
        ListArray maybe = (ListArray)batch.Column("Maybe");
        Assert.True(maybe.IsNull(0));
        Assert.Equal(1, maybe.GetValueLength(1));
        Assert.True(maybe.Values.IsNull(0));
        MapArray tags = (MapArray)batch.Column("Tags");
        Assert.Equal("k", ((StringArray)tags.Keys).GetString(0));
        Assert.True(tags.Values.IsNull(0));
    }

    [Fact]
    public void Every_leaf_comes_back() => ComeBack(random => random.Leaves());

    [Fact]
    public void Every_nullable_leaf_comes_back() => ComeBack(random => random.NullableLeaves());

    [Fact]
    public void Nested_rows_come_back() => ComeBack(random => random.Order());

    [Fact]
    public void Struct_rows_come_back() => ComeBack(random => random.Point());

    [Fact]
    public void Classes_with_required_members_come_back() => ComeBack(random => random.Maker());

    private void ComeBack<T>(Func<RandomRows, T> make)
        where T : IPolderRow<T>
    {
        TestContext.Current.TestOutputHelper?.WriteLine($"seed {_seed}");
        RandomRows random = new(_seed);
        T[] rows = random.Many(() => make(random), 1500);
        RecordBatch whole = rows.ToBatch();
        Assert.Equal(ArrowTypes.ToSchema(RowShape.Of<T>().Type).FieldsList.Count, whole.ColumnCount);
        Same(rows, whole.ToRows<T>());

        // In batches that fit no chunk, and as slices of a batch.
        List<T> read = [];
        foreach (RecordBatch batch in rows.ToBatches(batchRows: 700))
        {
            Assert.True(batch.Length <= 700);
            read.AddRange(batch.ToRows<T>());
        }

        Same(rows, read);
        Same(rows[131..1377], whole.Slice(131, 1377 - 131).ToRows<T>());
        Assert.Empty(whole.Slice(5, 0).ToRows<T>());
    }

    private static void Same<T>(IEnumerable<T> expected, IEnumerable<T> actual)
    {
        string[] left = [.. expected.Select(RandomRows.Text)];
        string[] right = [.. actual.Select(RandomRows.Text)];
        Assert.Equal(left, right);
    }
}
