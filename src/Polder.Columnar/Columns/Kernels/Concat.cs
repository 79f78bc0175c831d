using System;
using System.Collections.Generic;
using System.Linq;
using Apache.Arrow;
using Polder.Bytes;

namespace Polder.Columns.Kernels;

/// <summary>Puts arrays or batches of one type after each other, in plain GC memory.</summary>
public static class Concat
{
    /// <summary>The rows of all arrays in order; a single array is returned as it is.</summary>
    /// <param name="arrays">At least one, all of the type of the first.</param>
    /// <exception cref="InvalidOperationException">The bytes of a string or list column exceed 2 GiB.</exception>
    public static IArrowArray Arrays(IReadOnlyList<IArrowArray> arrays)
    {
        ArgumentOutOfRangeException.ThrowIfZero(arrays.Count);
        return arrays.Count == 1
            ? arrays[0]
            : ArrowArrayFactory.BuildArray(Join([.. arrays.Select(array => array.Data)]));
    }

    /// <summary>The rows of all batches in order, columns by position; a single batch is returned as it is.</summary>
    /// <param name="batches">At least one; the schema of the first is taken.</param>
    public static RecordBatch Batches(IReadOnlyList<RecordBatch> batches)
    {
        ArgumentOutOfRangeException.ThrowIfZero(batches.Count);
        if (batches.Count == 1)
        {
            return batches[0];
        }

        IArrowArray[] columns = new IArrowArray[batches[0].ColumnCount];
        for (int columnIndex = 0; columnIndex < columns.Length; columnIndex++)
        {
            int column = columnIndex;
            columns[columnIndex] = Arrays([.. batches.Select(batch => batch.Column(column))]);
        }

        return new RecordBatch(batches[0].Schema, columns, checked(batches.Sum(batch => batch.Length)));
    }

    internal static ArrayData Join(ArrayData[] parts)
    {
        ArrayData first = parts[0];
        if (parts.Length == 1)
        {
            return first;
        }

        int length = 0;
        foreach (ArrayData part in parts)
        {
            if (part.DataType.TypeId != first.DataType.TypeId)
            {
                throw new ArgumentException($"a {part.DataType.Name} array among {first.DataType.Name} arrays");
            }

            length = checked(length + part.Length);
        }

        ArrayLayout layout = ArrayBuffers.LayoutOf(first.DataType);
        if (layout == ArrayLayout.Null)
        {
            return new ArrayData(first.DataType, length, length, 0, System.Array.Empty<ArrowBuffer>(), null, null);
        }

        ValidityBuffer validity = JoinValidity(parts, length);
        if (layout == ArrayLayout.Dictionary)
        {
            return ConcatDictionaries.Join(parts, length, validity, JoinFixed(parts, length));
        }

        (ArrowBuffer[] buffers, ArrayData[]? children) = layout switch
        {
            ArrayLayout.Bits => ([validity.Bits, JoinBits(parts, length)], null),
            ArrayLayout.Fixed => ([validity.Bits, new ArrowBuffer(JoinFixed(parts, length))], null),
            ArrayLayout.View => (ConcatViews.Join(parts, validity, JoinFixed(parts, length)), null),
            ArrayLayout.Bytes => JoinBytes(parts, length, validity),
            ArrayLayout.List => JoinLists(parts, length, validity),
            _ => JoinFields(parts, validity),
        };
        return new ArrayData(first.DataType, length, validity.NullCount, 0, buffers, children, null);
    }

    private static ValidityBuffer JoinValidity(ArrayData[] parts, int length)
    {
        int nullCount = parts.Sum(part => Validity.Of(part).NullCount);
        if (nullCount == 0)
        {
            return default;
        }

        byte[] bits = new byte[Bitmap.SizeBytes(length)];
        int row = 0;
        foreach (ArrayData part in parts)
        {
            Validity validity = Validity.Of(part);
            if (validity.HasNulls)
            {
                Bitmap.Copy(validity.Bits, validity.BitOffset, bits, row, part.Length);
            }
            else
            {
                Bitmap.Fill(bits, row, part.Length, true);
            }

            row += part.Length;
        }

        return new ValidityBuffer(new ArrowBuffer(bits), nullCount);
    }

    private static ArrowBuffer JoinBits(ArrayData[] parts, int length)
    {
        byte[] bits = new byte[Bitmap.SizeBytes(length)];
        int row = 0;
        foreach (ArrayData part in parts)
        {
            Bitmap.Copy(part.Buffers[1].Span, part.Offset, bits, row, part.Length);
            row += part.Length;
        }

        return new ArrowBuffer(bits);
    }

    private static byte[] JoinFixed(ArrayData[] parts, int length)
    {
        int width = ArrayBuffers.WidthOf(parts[0].DataType);
        byte[] values = GC.AllocateUninitializedArray<byte>(checked(length * width));
        int written = 0;
        foreach (ArrayData part in parts)
        {
            ReadOnlySpan<byte> items = ArrayBuffers.Items(part, width);
            items.CopyTo(values.AsSpan(written));
            written += items.Length;
        }

        return values;
    }

    private static (ArrowBuffer[] Buffers, ArrayData[]? Children) JoinBytes(
        ArrayData[] parts, int length, ValidityBuffer validity)
    {
        ArrowBuffer offsets = JoinOffsets(parts, length, out int total);
        byte[] bytes = GC.AllocateUninitializedArray<byte>(total);
        int written = 0;
        foreach (ArrayData part in parts)
        {
            ReadOnlySpan<int> partOffsets = ArrayBuffers.Offsets(part);
            ReadOnlySpan<byte> partBytes = part.Buffers[2].Span[partOffsets[0]..partOffsets[^1]];
            partBytes.CopyTo(bytes.AsSpan(written));
            written += partBytes.Length;
        }

        return ([validity.Bits, offsets, new ArrowBuffer(bytes)], null);
    }

    private static (ArrowBuffer[] Buffers, ArrayData[]? Children) JoinLists(
        ArrayData[] parts, int length, ValidityBuffer validity)
    {
        ArrowBuffer offsets = JoinOffsets(parts, length, out _);
        ArrayData[] elements = new ArrayData[parts.Length];
        for (int partIndex = 0; partIndex < parts.Length; partIndex++)
        {
            ReadOnlySpan<int> partOffsets = ArrayBuffers.Offsets(parts[partIndex]);
            elements[partIndex] = parts[partIndex].Children[0].Slice(partOffsets[0], partOffsets[^1] - partOffsets[0]);
        }

        return ([validity.Bits, offsets], [Join(elements)]);
    }

    private static (ArrowBuffer[] Buffers, ArrayData[]? Children) JoinFields(
        ArrayData[] parts, ValidityBuffer validity)
    {
        ArrayData[] children = new ArrayData[parts[0].Children.Length];
        for (int fieldIndex = 0; fieldIndex < children.Length; fieldIndex++)
        {
            int field = fieldIndex;
            children[fieldIndex] = Join([.. parts.Select(part => ArrayBuffers.StructField(part, field))]);
        }

        return ([validity.Bits], children);
    }

    private static ArrowBuffer JoinOffsets(ArrayData[] parts, int length, out int total)
    {
        byte[] buffer = GC.AllocateUninitializedArray<byte>(checked((length + 1) * sizeof(int)));
        Span<int> offsets = ByteCast.As<int>(buffer.AsSpan());
        offsets[0] = 0;
        int row = 0;
        long end = 0;
        foreach (ArrayData part in parts)
        {
            ReadOnlySpan<int> partOffsets = ArrayBuffers.Offsets(part);
            int shift = (int)end - partOffsets[0];
            end += partOffsets[^1] - partOffsets[0];
            Gather.CheckTotal(end);
            for (int index = 1; index < partOffsets.Length; index++)
            {
                offsets[++row] = partOffsets[index] + shift;
            }
        }

        total = (int)end;
        return new ArrowBuffer(buffer);
    }
}
