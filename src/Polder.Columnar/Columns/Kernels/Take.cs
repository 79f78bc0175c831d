using System;
using Apache.Arrow;
using Polder.Bytes;

namespace Polder.Columns.Kernels;

/// <summary>Copies chosen rows into new arrays of plain GC memory.</summary>
public static class Take
{
    /// <summary>The rows at the given 0-based positions, in that order; position -1 gives null.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A position is neither -1 nor inside the array.</exception>
    public static IArrowArray Rows(IArrowArray array, ReadOnlySpan<int> rows) =>
        ArrowArrayFactory.BuildArray(Rows(array.Data, rows));

    /// <summary>The chosen rows of a column; the same array where all are chosen.</summary>
    public static IArrowArray Rows(IArrowArray array, Selection selection) =>
        selection.IsAll && selection.Count == array.Length
            ? array
            : ArrowArrayFactory.BuildArray(Filter.Rows(array.Data, selection));

    /// <summary>The chosen rows of a batch; the same batch where all are chosen.</summary>
    public static RecordBatch Rows(RecordBatch batch, Selection selection)
    {
        if (selection.IsAll && selection.Count == batch.Length)
        {
            return batch;
        }

        IArrowArray[] columns = new IArrowArray[batch.ColumnCount];
        for (int columnIndex = 0; columnIndex < columns.Length; columnIndex++)
        {
            columns[columnIndex] = Rows(batch.Column(columnIndex), selection);
        }

        return new RecordBatch(batch.Schema, columns, selection.Count);
    }

    /// <summary>The rows of a batch at the given positions, in that order; position -1 gives a row of nulls.</summary>
    public static RecordBatch Rows(RecordBatch batch, ReadOnlySpan<int> rows)
    {
        IArrowArray[] columns = new IArrowArray[batch.ColumnCount];
        for (int columnIndex = 0; columnIndex < columns.Length; columnIndex++)
        {
            columns[columnIndex] = Rows(batch.Column(columnIndex), rows);
        }

        return new RecordBatch(batch.Schema, columns, rows.Length);
    }

    internal static ArrayData Rows(ArrayData source, ReadOnlySpan<int> rows)
    {
        ArrayLayout layout = ArrayBuffers.LayoutOf(source.DataType);
        if (layout == ArrayLayout.Null)
        {
            return new ArrayData(
                source.DataType, rows.Length, rows.Length, 0, System.Array.Empty<ArrowBuffer>(), null, null);
        }

        ValidityBuffer validity = TakeValidity(source, rows);
        (ArrowBuffer[] buffers, ArrayData[]? children) = layout switch
        {
            ArrayLayout.Bits => ([validity.Bits, TakeBits(source, rows)], null),
            ArrayLayout.Fixed or ArrayLayout.Dictionary => ([validity.Bits, TakeFixed(source, rows)], null),
            ArrayLayout.View => ([validity.Bits, TakeFixed(source, rows), .. source.Buffers.AsSpan(2)], null),
            ArrayLayout.Bytes => TakeBytes(source, rows, validity),
            ArrayLayout.List => TakeLists(source, rows, validity),
            _ => TakeFields(source, rows, validity),
        };
        return new ArrayData(
            source.DataType, rows.Length, validity.NullCount, 0, buffers, children, source.Dictionary);
    }

    private static ValidityBuffer TakeValidity(ArrayData source, ReadOnlySpan<int> rows)
    {
        Validity validity = Validity.Of(source);
        bool anyMissing = rows.Contains(-1);
        if (!validity.HasNulls && !anyMissing)
        {
            return default;
        }

        byte[] bits = new byte[Bitmap.SizeBytes(rows.Length)];
        int validCount = 0;
        if (validity.HasNulls)
        {
            validCount = Bitmap.Gather(validity.Bits, validity.BitOffset, source.Length, rows, bits);
        }
        else
        {
            for (int position = 0; position < rows.Length; position++)
            {
                if (rows[position] >= 0)
                {
                    Bitmap.Set(bits, position);
                    validCount++;
                }
            }
        }

        return validCount == rows.Length
            ? default
            : new ValidityBuffer(new ArrowBuffer(bits), rows.Length - validCount);
    }

    private static ArrowBuffer TakeBits(ArrayData source, ReadOnlySpan<int> rows)
    {
        byte[] bits = new byte[Bitmap.SizeBytes(rows.Length)];
        Bitmap.Gather(source.Buffers[1].Span, source.Offset, source.Length, rows, bits);
        return new ArrowBuffer(bits);
    }

    private static ArrowBuffer TakeFixed(ArrayData source, ReadOnlySpan<int> rows)
    {
        int width = ArrayBuffers.WidthOf(source.DataType);
        byte[] values = GC.AllocateUninitializedArray<byte>(checked(rows.Length * width));
        switch (width)
        {
            case 1:
                Gather.Values(ArrayBuffers.Values<byte>(source), rows, values);
                break;
            case 2:
                Gather.Values(ArrayBuffers.Values<short>(source), rows, ByteCast.As<short>(values.AsSpan()));
                break;
            case 4:
                Gather.Values(ArrayBuffers.Values<int>(source), rows, ByteCast.As<int>(values.AsSpan()));
                break;
            case 8:
                Gather.Values(ArrayBuffers.Values<long>(source), rows, ByteCast.As<long>(values.AsSpan()));
                break;
            case 16:
                Gather.Values(ArrayBuffers.Values<Int128>(source), rows, ByteCast.As<Int128>(values.AsSpan()));
                break;
            default:
                Gather.Items(ArrayBuffers.Items(source, width), width, rows, values);
                break;
        }

        return new ArrowBuffer(values);
    }

    private static (ArrowBuffer[] Buffers, ArrayData[]? Children) TakeBytes(
        ArrayData source, ReadOnlySpan<int> rows, ValidityBuffer validity)
    {
        ReadOnlySpan<int> sourceOffsets = ArrayBuffers.Offsets(source);
        byte[] offsets = GC.AllocateUninitializedArray<byte>(checked((rows.Length + 1) * sizeof(int)));
        int total = Gather.Offsets(sourceOffsets, rows, ByteCast.As<int>(offsets.AsSpan()));
        byte[] bytes = GC.AllocateUninitializedArray<byte>(total);
        Gather.Ranges(source.Buffers[2].Span, sourceOffsets, rows, bytes);
        return ([validity.Bits, new ArrowBuffer(offsets), new ArrowBuffer(bytes)], null);
    }

    private static (ArrowBuffer[] Buffers, ArrayData[]? Children) TakeLists(
        ArrayData source, ReadOnlySpan<int> rows, ValidityBuffer validity)
    {
        ReadOnlySpan<int> sourceOffsets = ArrayBuffers.Offsets(source);
        byte[] offsets = GC.AllocateUninitializedArray<byte>(checked((rows.Length + 1) * sizeof(int)));
        int total = Gather.Offsets(sourceOffsets, rows, ByteCast.As<int>(offsets.AsSpan()));
        int[] elements = GC.AllocateUninitializedArray<int>(total);
        Gather.RangeIndexes(sourceOffsets, rows, elements);
        return ([validity.Bits, new ArrowBuffer(offsets)], [Rows(source.Children[0], elements)]);
    }

    private static (ArrowBuffer[] Buffers, ArrayData[]? Children) TakeFields(
        ArrayData source, ReadOnlySpan<int> rows, ValidityBuffer validity)
    {
        ArrayData[] children = new ArrayData[source.Children.Length];
        for (int fieldIndex = 0; fieldIndex < children.Length; fieldIndex++)
        {
            children[fieldIndex] = Rows(ArrayBuffers.StructField(source, fieldIndex), rows);
        }

        return ([validity.Bits], children);
    }
}
