using System;
using Apache.Arrow;
using Polder.Bytes;

namespace Polder.Columns.Kernels;

/// <summary>Keeps the rows where a condition is true, in new arrays of plain GC memory.</summary>
public static class Filter
{
    /// <summary>The rows where the condition is true, not false or null; the same array where that is all.</summary>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    public static IArrowArray Rows(IArrowArray array, BooleanArray condition) =>
        Take.Rows(array, Select(condition, array.Length));

    /// <summary>The rows of a batch where the condition is true; the same batch where it is so for all.</summary>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    public static RecordBatch Rows(RecordBatch batch, BooleanArray condition) =>
        Take.Rows(batch, Select(condition, batch.Length));

    /// <summary>The rows where a condition is true, neither false nor null.</summary>
    public static Selection Select(BooleanArray condition)
    {
        byte[] bits = new byte[Bitmap.SizeBytes(condition.Length)];
        Validity validity = Validity.Of(condition);
        if (condition.Length > 0)
        {
            Bitmap.Copy(condition.Data.Buffers[1].Span, condition.Offset, bits, 0, condition.Length);
            if (validity.HasNulls)
            {
                Bitmap.And(bits, 0, validity.Bits, validity.BitOffset, bits, condition.Length);
            }
        }

        return Selection.FromBits(bits, condition.Length);
    }

    /// <summary>The chosen rows.</summary>
    internal static ArrayData Rows(ArrayData source, Selection selection)
    {
        if (selection.Bits.IsEmpty || selection.RowCount != source.Length)
        {
            return Take.Rows(source, selection.Rows);
        }

        switch (ArrayBuffers.LayoutOf(source.DataType))
        {
            case ArrayLayout.Bits:
                return Wrap(source, selection, KeepBits(source.Buffers[1].Span, source.Offset, selection), []);
            case ArrayLayout.Fixed or ArrayLayout.Dictionary or ArrayLayout.View:
                return Wrap(source, selection, KeepFixed(source, selection), source.Buffers.AsSpan(2));
            case ArrayLayout.Bytes when (long)selection.Count * 4 >= (long)source.Length * 3:
                return KeepBytes(source, selection);
            case ArrayLayout.Struct:
                ArrayData[] children = new ArrayData[source.Children.Length];
                for (int fieldIndex = 0; fieldIndex < children.Length; fieldIndex++)
                {
                    children[fieldIndex] = Rows(ArrayBuffers.StructField(source, fieldIndex), selection);
                }

                ValidityBuffer validity = KeepValidity(source, selection);
                return new ArrayData(
                    source.DataType, selection.Count, validity.NullCount, 0, [validity.Bits], children, null);
            default:
                return Take.Rows(source, selection.Rows);
        }
    }

    private static Selection Select(BooleanArray condition, int rowCount) => condition.Length == rowCount
        ? Select(condition)
        : throw new ArgumentException($"a condition of {condition.Length} rows for {rowCount} rows");

    private static ArrayData Wrap(
        ArrayData source, Selection selection, byte[] values, ReadOnlySpan<ArrowBuffer> others)
    {
        ValidityBuffer validity = KeepValidity(source, selection);
        return new ArrayData(
            source.DataType, selection.Count, validity.NullCount, 0,
            [validity.Bits, new ArrowBuffer(values), .. others], null, source.Dictionary);
    }

    private static ValidityBuffer KeepValidity(ArrayData source, Selection selection)
    {
        Validity validity = Validity.Of(source);
        if (!validity.HasNulls)
        {
            return default;
        }

        byte[] bits = KeepBits(validity.Bits, validity.BitOffset, selection);
        int nullCount = selection.Count - Bitmap.CountOnes(bits, 0, selection.Count);
        return nullCount == 0 ? default : new ValidityBuffer(new ArrowBuffer(bits), nullCount);
    }

    private static byte[] KeepBits(ReadOnlySpan<byte> source, int offset, Selection selection)
    {
        byte[] bits = new byte[Bitmap.SizeBytes(selection.Count)];
        FilterKernels.Bits(source, offset, selection.Bits, 0, selection.RowCount, bits);
        return bits;
    }

    // Runs of rows are copied whole, which pays where most rows are kept.
    private static ArrayData KeepBytes(ArrayData source, Selection selection)
    {
        ReadOnlySpan<int> sourceOffsets = ArrayBuffers.Offsets(source);
        byte[] offsets = GC.AllocateUninitializedArray<byte>(checked((selection.Count + 1) * sizeof(int)));
        int total = FilterKernels.Offsets(sourceOffsets, selection.Bits, ByteCast.As<int>(offsets.AsSpan()));
        byte[] bytes = GC.AllocateUninitializedArray<byte>(total);
        FilterKernels.Ranges(source.Buffers[2].Span, sourceOffsets, selection.Bits, bytes);
        return Wrap(source, selection, offsets, [new ArrowBuffer(bytes)]);
    }

    private static byte[] KeepFixed(ArrayData source, Selection selection)
    {
        int width = ArrayBuffers.WidthOf(source.DataType);
        byte[] values = GC.AllocateUninitializedArray<byte>(checked(selection.Count * width));
        switch (width)
        {
            case 1:
                Keep<byte>(source, selection, values);
                break;
            case 2:
                Keep<short>(source, selection, values);
                break;
            case 4:
                Keep<int>(source, selection, values);
                break;
            case 8:
                Keep<long>(source, selection, values);
                break;
            case 16:
                Keep<Int128>(source, selection, values);
                break;
            default:
                Gather.Items(ArrayBuffers.Items(source, width), width, selection.Rows, values);
                break;
        }

        return values;
    }

    private static void Keep<T>(ArrayData source, Selection selection, byte[] values)
        where T : unmanaged =>
        FilterKernels.Values(ArrayBuffers.Values<T>(source), selection.Bits, 0, ByteCast.As<T>(values.AsSpan()));
}
