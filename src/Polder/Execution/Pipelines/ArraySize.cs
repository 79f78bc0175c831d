using System;
using Apache.Arrow;
using Apache.Arrow.Types;
using Polder.Columns;

namespace Polder.Execution.Pipelines;

/// <summary>Bytes that the rows of arrays take; of a slice only its own rows.</summary>
internal static class ArraySize
{
    public static long Of(RecordBatch batch)
    {
        long size = 0;
        foreach (IArrowArray column in batch.Arrays)
        {
            size += Of(column.Data);
        }

        return size;
    }

    public static long Of(ArrayData data) => data.DataType switch
    {
        NullType => 0,
        FixedWidthType type => (long)data.Length * (type.BitWidth + 1) / 8,
        StringType or BinaryType => OfOffsets(data, out _, out int byteCount) + byteCount,
        ListType or MapType => OfOffsets(data, out int start, out int count) + Of(data.Children[0].Slice(start, count)),
        StructType => OfFields(data),
        _ => throw new UnsupportedFeatureException($"Arrow type {data.DataType.Name}", "convert it to canonical form"),
    };

    private static long OfOffsets(ArrayData data, out int start, out int count)
    {
        ReadOnlySpan<int> offsets = ColumnValues.Offsets(ArrowArrayFactory.BuildArray(data));
        start = offsets[0];
        count = offsets[^1] - start;
        return (sizeof(int) * (long)data.Length) + (data.Length / 8);
    }

    private static long OfFields(ArrayData data)
    {
        long size = data.Length / 8;
        foreach (ArrayData child in data.Children)
        {
            size += Of(child.Length == data.Length ? child : child.Slice(data.Offset, data.Length));
        }

        return size;
    }
}
