using System;
using System.Collections.Generic;
using System.Linq;
using Apache.Arrow;
using Apache.Arrow.Types;
using Polder.Columns;
using Polder.Columns.Rows;
using Xunit;

namespace Polder.Tests.Columns.Rows;

[PolderRow]
public partial record Named([PolderColumn("full name")] string Name, long Count, List<string>? Tags, Point? At);

[PolderRow]
public partial record Strict(string Name);

[PolderRow]
public partial record Priced(decimal Amount, [property: PolderColumn(Type = "decimal(12,4)")] Int128 Cents);

/// <summary>Batches from elsewhere: other widths, encodings and orders of columns; what does not fit is said.</summary>
public sealed class RowBindingTests
{
    [Fact]
    public void Columns_are_found_by_name_in_any_order_and_case_and_others_are_not_looked_at()
    {
        RecordBatch batch = Batch(
            ("extra", Column(DataType.Struct(new StructField("x", DataType.Long)), [new object?[] { 1L }])),
            ("COUNT", Column(DataType.Integer, [7])),
            ("full name", Column(DataType.String, ["n"])));
        Named row = Assert.Single(batch.ToRows<Named>());
        Assert.Equal(("n", 7L, null, null), (row.Name, row.Count, row.Tags, row.At));
    }

    [Fact]
    public void A_missing_column_is_null_where_its_member_may_be_and_said_otherwise()
    {
        RecordBatch batch = Batch(("full name", Column(DataType.String, ["n"])));
        RowMismatchException mismatch = Assert.Throws<RowMismatchException>(batch.ToRows<Named>);
        Assert.Equal(
            ("Named.Count", "long", "Count", "missing"),
            (mismatch.Member, mismatch.ClrType, mismatch.Column, mismatch.ColumnType));
    }

    [Fact]
    public void A_null_that_a_member_does_not_allow_is_said_with_its_place()
    {
        RecordBatch batch = Batch(("Name", Column(DataType.String, ["a", "b", null])));
        RowMismatchException mismatch = Assert.Throws<RowMismatchException>(batch.ToRows<Strict>);
        Assert.Equal(
            "value 2 is null, which the member does not allow (column Name: string, member Strict.Name: string)",
            mismatch.Message);
        Assert.Equal(["a", "b"], batch.Slice(0, 2).ToRows<Strict>().Select(row => row.Name));
    }

    [Fact]
    public void A_nested_column_that_does_not_fit_is_named_by_its_path()
    {
        DataType items = DataType.Array(DataType.Struct(new StructField("X", DataType.String)));
        RecordBatch batch = Batch(("Points", Column(items, [System.Array.Empty<object?>()])));
        RowMismatchException mismatch = Assert.Throws<RowMismatchException>(batch.ToRows<Plotted>);
        Assert.Equal(
            ("Point.X", "Points.element.X", "string"), (mismatch.Member, mismatch.Column, mismatch.ColumnType));
    }

    [Fact]
    public void A_null_in_a_row_that_may_not_be_null_is_said_when_it_is_written()
    {
        ArgumentException exception = Assert.Throws<ArgumentException>(() => new[] { new Strict(null!) }.ToBatch());
        Assert.Contains("Strict.Name is null", exception.Message);
        Assert.Throws<ArgumentNullException>(() => new Strict[] { null! }.ToBatch());
        RowBatchBuilder<Strict> builder = new();
        builder.Append(new Strict("a"));
        Assert.Throws<ArgumentException>(() => builder.Append(new Strict(null!)));
        Assert.Throws<InvalidOperationException>(builder.Build);
        Assert.Throws<InvalidOperationException>(() => builder.Append([new Strict("a")]));
    }

    [Fact]
    public void Decimals_of_another_scale_are_read_exactly_or_refused()
    {
        RecordBatch batch = Batch(
            ("Amount", Column(DataType.Decimal(38, 20), [(Int128)150_000_000_000 * 1_000_000_000])),
            ("Cents", Column(DataType.Decimal(10, 2), [(Int128)(-1250)])));
        Assert.Equal(new Priced(1.5m, -125000), Assert.Single(batch.ToRows<Priced>()));
        RecordBatch tooFine = Batch(
            ("Amount", Column(DataType.Decimal(38, 0), [Int128.Parse("99999999999999999999999999999999999999")])),
            ("Cents", Column(DataType.Decimal(10, 2), [(Int128)1])));
        Assert.Contains("more digits", Assert.Throws<RowMismatchException>(tooFine.ToRows<Priced>).Message);
        RecordBatch tooWide = Batch(
            ("Amount", Column(DataType.Decimal(1, 0), [(Int128)1])),
            ("Cents", Column(DataType.Decimal(12, 5), [(Int128)1])));
        Assert.Throws<RowMismatchException>(tooWide.ToRows<Priced>);
        Assert.Throws<ArgumentException>(() => new[] { new Priced(1e-19m, 0) }.ToBatch());
        Assert.Throws<ArgumentException>(() => new[] { new Priced(decimal.MaxValue, 0) }.ToBatch());
        Assert.Throws<ArgumentException>(() => new[] { new Priced(0, 1_000_000_000_000) }.ToBatch());
    }

    [Fact]
    public void Dictionaries_views_and_large_arrays_are_read()
    {
        StringArray values = new StringArray.Builder().Append("no").Append("yes").Build();
        Int8Array indexes = new Int8Array.Builder().Append(1).Append(0).Append(1).Build();
        DictionaryArray dictionary = new(
            new DictionaryType(Int8Type.Default, StringType.Default, false), indexes, values);
        Assert.Equal(
            ["yes", "no", "yes"], Batch(("Name", dictionary)).ToRows<Strict>().Select(row => row.Name));
        StringViewArray views = new StringViewArray.Builder()
            .Append("short").Append("longer than twelve bytes").Build();
        Assert.Equal(
            ["short", "longer than twelve bytes"],
            Batch(("Name", views)).ToRows<Strict>().Select(row => row.Name));
    }

    [Fact]
    public void Elements_below_a_null_list_belong_to_no_row()
    {
        // list 0 is null and covers a null element, which would not be allowed in a list that is there.
        StringArray elements = new StringArray.Builder().AppendNull().Append("kept").Build();
        ListArray lists = new(
            new ListType(new Field("element", StringType.Default, true)), 2,
            new ArrowBuffer.Builder<int>().AppendRange([0, 1, 2]).Build(), elements,
            new ArrowBuffer(new byte[] { 0b10 }), 1);
        RecordBatch batch = Batch(
            ("full name", Column(DataType.String, ["a", "b"])), ("Count", Column(DataType.Long, [1L, 2L])),
            ("Tags", lists));
        Named[] rows = batch.ToRows<Named>();
        Assert.Null(rows[0].Tags);
        Assert.Equal(["kept"], rows[1].Tags);
    }

    [Fact]
    public void Broken_offsets_are_a_corrupt_input()
    {
        ArrowBuffer offsets = new ArrowBuffer.Builder<int>().AppendRange([0, 9, 2]).Build();
        StringArray broken = new(2, offsets, new ArrowBuffer(new byte[] { 1, 2 }), ArrowBuffer.Empty);
        Assert.Throws<CorruptFileException>(Batch(("Name", broken)).ToRows<Strict>);
    }

    [Fact]
    public void Null_empty_and_missing_stay_apart()
    {
        Named[] rows =
        [
            new("", 0, null, null), new("a", 1, [], new Point(1, null)), new("b", 2, [""], new Point(2, 0)),
        ];
        Assert.Equal(
            rows.Select(RandomRows.Text), rows.ToBatch().ToRows<Named>().Select(RandomRows.Text));
    }

    private static IArrowArray Column(DataType type, object?[] values)
    {
        ColumnBuilder builder = ColumnBuilder.Create(type);
        foreach (object? value in values)
        {
            builder.AppendValue(value);
        }

        return builder.Build();
    }

    private static RecordBatch Batch(params (string Name, IArrowArray Array)[] columns) => new(
        new Schema(columns.Select(column => new Field(column.Name, column.Array.Data.DataType, true)), null),
        columns.Select(column => column.Array),
        columns[0].Array.Length);
}

[PolderRow]
public partial record Plotted(Point[] Points);
