using System;
using Apache.Arrow;
using Apache.Arrow.Types;
using Polder.Bytes;
using Polder.Columns.Kernels;

namespace Polder.Columns;

/// <summary>Foreign lists (64-bit offsets, fixed sizes, views) and run-end-encoded arrays.</summary>
internal static class ArrowConvertLists
{
    public static ArrayData ToList(ArrayData data, ListType target)
    {
        ArrayData elements = data.Children[0];
        byte[] offsets;
        switch (data.DataType)
        {
            case LargeListType:
                offsets = ArrowConvertBytes.ToOffsets(data, elements.Length, out long first, out int total);
                elements = elements.Slice(checked((int)first), total);
                break;
            case FixedSizeListType fixedSize:
                offsets = ArrowConvertBytes.StepOffsets(data.Length, fixedSize.ListSize);
                elements = elements.Slice(data.Offset * fixedSize.ListSize, data.Length * fixedSize.ListSize);
                break;
            default:
                (offsets, elements) = GatherViews(data, elements);
                break;
        }

        ValidityBuffer validity = Validity.Of(data).ToBuffer();
        return new ArrayData(
            target, data.Length, validity.NullCount, 0, [validity.Bits, new ArrowBuffer(offsets)],
            [ArrowConvert.Convert(elements, target.ValueDataType)], null);
    }

    /// <summary>Runs: children are the ends of the runs (ascending, in rows) and one value a run.</summary>
    public static ArrayData FromRuns(ArrayData data, IArrowType target)
    {
        ArrayData ends = data.Children[0];
        int[] rows = new int[data.Length];
        int run = 0;
        for (int row = 0; row < rows.Length; row++)
        {
            while (ReadInteger(ends, run) <= data.Offset + row)
            {
                run++;
            }

            rows[row] = run;
        }

        return Take.Rows(ArrowConvert.Convert(data.Children[1], target), rows);
    }

    // The ranges of views may overlap and be in any order.
    private static (byte[] Offsets, ArrayData Elements) GatherViews(ArrayData data, ArrayData elements)
    {
        bool isLarge = data.DataType is LargeListViewType;
        Validity validity = Validity.Of(data);
        byte[] buffer = new byte[checked((data.Length + 1) * sizeof(int))];
        Span<int> offsets = ByteCast.As<int>(buffer.AsSpan());
        long total = 0;
        for (int row = 0; row < data.Length; row++)
        {
            total += validity.IsValid(row) ? CheckedSize(data, row, isLarge, elements.Length) : 0;
            offsets[row + 1] = Gather.CheckTotal(total);
        }

        int[] rows = new int[total];
        for (int row = 0; row < data.Length; row++)
        {
            long first = offsets[row + 1] > offsets[row] ? ReadOffset(data, 1, row, isLarge) : 0;
            for (int index = offsets[row]; index < offsets[row + 1]; index++)
            {
                rows[index] = checked((int)(first + index - offsets[row]));
            }
        }

        ArrayData canonical =
            ArrowConvert.Convert(elements, ArrowTypes.ToArrow(ArrowTypes.FromArrow(elements.DataType)));
        return (buffer, Take.Rows(canonical, rows));
    }

    private static long CheckedSize(ArrayData data, int row, bool isLarge, int limit)
    {
        long first = ReadOffset(data, 1, row, isLarge);
        long size = ReadOffset(data, 2, row, isLarge);
        return first >= 0 && size >= 0 && first <= limit && size <= limit - first
            ? size
            : throw new CorruptFileException(
                $"an Arrow array of type {data.DataType.Name} has a view of {size} items from {first}, of {limit}");
    }

    private static long ReadOffset(ArrayData data, int bufferIndex, int row, bool isLarge)
    {
        ReadOnlySpan<byte> bytes = data.Buffers[bufferIndex].Span;
        return isLarge ? ByteCast.As<long>(bytes)[data.Offset + row] : ByteCast.As<int>(bytes)[data.Offset + row];
    }

    private static long ReadInteger(ArrayData data, int row) => data.DataType switch
    {
        Int16Type => ArrayBuffers.Values<short>(data)[row],
        Int32Type => ArrayBuffers.Values<int>(data)[row],
        _ => ArrayBuffers.Values<long>(data)[row],
    };
}
