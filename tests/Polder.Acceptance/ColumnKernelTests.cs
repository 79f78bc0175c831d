using System.Linq;
using Apache.Arrow;
using Polder.Columns;
using Polder.Columns.Kernels;
using Xunit;

namespace Polder.Acceptance;

/// <summary>The kernels over columns, as somebody uses them who has nothing but the public surface.</summary>
public sealed class ColumnKernelTests
{
    [Fact]
    public void Columns_are_compared_filtered_sorted_cast_and_summed_up_without_a_table()
    {
        IArrowArray origin = Column(DataType.String, "SEA", "SFO", "SEA", null, "SAN", "SEA");
        IArrowArray delay = Column(DataType.Integer, 70, 90, 5, 61, null, 300);
        RecordBatch flights = new(
            ArrowTypes.ToSchema(DataType.Struct(
                new StructField("origin", DataType.String), new StructField("delay", DataType.Integer))),
            [origin, delay],
            6);

        RecordBatch late = Filter.Rows(flights, Compare.Value(delay, 60, Relation.Greater));
        int[] order = Sort.Rows([late.Column(0), late.Column(1)], default, new SortDirection(Descending: true));
        RecordBatch sorted = Take.Rows(late, order);
        Assert.Equal([null, "SEA", "SEA", "SFO"], Read(sorted.Column(0), DataType.String));
        Assert.Equal([61, 300, 70, 90], Read(sorted.Column(1), DataType.Integer));

        RecordBatch seattle = Filter.Rows(flights, Compare.StartsWith(origin, "SE"u8));
        Assert.Equal([70, 5, 300], Read(Concat.Batches([seattle]).Column(1), DataType.Integer));
        Assert.Equal(new ColumnBounds(5, 300, 1, 0), ColumnBounds.Of(delay));
        IArrowArray narrow = NumberCast.To(delay, DataType.Byte, NumberOverflow.Null);
        Assert.Equal([(sbyte)70, (sbyte)90, (sbyte)5, (sbyte)61, null, null], Read(narrow, DataType.Byte));

        ulong[] hashes = new ulong[6];
        RowHash.Compute([origin], hashes);
        Assert.Equal(4, hashes.Distinct().Count());
    }

    private static IArrowArray Column(DataType type, params object?[] values)
    {
        ColumnBuilder builder = ColumnBuilder.Create(type, values.Length);
        foreach (object? value in values)
        {
            builder.AppendValue(value);
        }

        return builder.Build();
    }

    private static object?[] Read(IArrowArray column, DataType type) =>
        [.. Enumerable.Range(0, column.Length).Select(row => ColumnValues.Get(column, row, type))];
}
