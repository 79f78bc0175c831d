using System;
using Apache.Arrow;
using Polder.Bytes;

namespace Polder.Columns;

/// <summary>Checks arrays that came from outside: after it, reading any row stays inside the buffers.</summary>
public static class ArrayValidation
{
    /// <summary>Checks the buffers of an array in canonical form, nested ones included.</summary>
    /// <exception cref="CorruptFileException">A buffer is too short, or offsets are wrong.</exception>
    public static void Check(IArrowArray array) => Check(array.Data);

    internal static void Check(ArrayData data)
    {
        Require(data.Length >= 0 && data.Offset >= 0, data, "a negative length");
        ArrayLayout layout = ArrayBuffers.LayoutOf(data.DataType);
        if (layout == ArrayLayout.Null)
        {
            return;
        }

        long end = (long)data.Offset + data.Length;
        int bitmapBytes = data.Buffers[0].Length;
        Require(bitmapBytes == 0 || bitmapBytes >= (end + 7) / 8, data, "a validity bitmap that is too short");
        switch (layout)
        {
            case ArrayLayout.Bits:
                Require(data.Buffers[1].Length >= (end + 7) / 8, data, "a buffer that is too short");
                break;
            case ArrayLayout.Fixed or ArrayLayout.Dictionary or ArrayLayout.View:
                long needed = end * ArrayBuffers.WidthOf(data.DataType);
                Require(data.Buffers[1].Length >= needed, data, "a buffer that is too short");
                if (layout == ArrayLayout.Dictionary)
                {
                    CheckIndexes(data);
                }
                else if (layout == ArrayLayout.View)
                {
                    CheckViews(data);
                }

                break;
            case ArrayLayout.Bytes:
                CheckOffsets(data, end, data.Buffers[2].Length);
                break;
            case ArrayLayout.List:
                CheckOffsets(data, end, data.Children[0].Length);
                Check(data.Children[0]);
                break;
            default:
                foreach (ArrayData child in data.Children)
                {
                    Require(child.Length >= end, data, "a field with fewer rows");
                    Check(child);
                }

                break;
        }
    }

    private static void CheckIndexes(ArrayData data)
    {
        Require(data.Dictionary is not null, data, "no dictionary");
        Check(data.Dictionary!);
        int[] rows = new int[data.Length];
        try
        {
            ArrowConvert.ReadIndexes(data, rows);
        }
        catch (OverflowException)
        {
            Require(false, data, "a position outside its dictionary");
        }

        foreach (int row in rows)
        {
            Require(row >= -1 && row < data.Dictionary!.Length, data, "a position outside its dictionary");
        }
    }

    private static void CheckViews(ArrayData data)
    {
        Validity validity = Validity.Of(data);
        ReadOnlySpan<int> words = ByteCast.As<int>(ArrayBuffers.Items(data, ArrayBuffers.ViewBytes));
        for (int row = 0; row < data.Length; row++)
        {
            ReadOnlySpan<int> view = words.Slice(4 * row, 4);
            if (validity.IsNull(row) || (view[0] >= 0 && view[0] <= ArrayBuffers.MaxInlineBytes))
            {
                continue;
            }

            bool isInside = view[0] > 0 && view[2] >= 0 && view[2] < data.Buffers.Length - 2 && view[3] >= 0 &&
                (long)view[3] + view[0] <= data.Buffers[2 + view[2]].Length;
            Require(isInside, data, "a view outside its buffers");
        }
    }

    internal static void CheckOffsets(ArrayData data, long end, int limit)
    {
        if (data.Length == 0)
        {
            return;
        }

        ReadOnlySpan<int> all = ByteCast.As<int>(data.Buffers[1].Span);
        Require(all.Length > end, data, "too few offsets");
        int last = 0;
        foreach (int offset in all.Slice(data.Offset, data.Length + 1))
        {
            Require(offset >= last, data, "offsets that descend");
            last = offset;
        }

        Require(last <= limit, data, "offsets beyond its values");
    }

    private static void Require(bool condition, ArrayData data, string defect)
    {
        if (!condition)
        {
            throw new CorruptFileException($"an Arrow array of type {data.DataType.Name} has {defect}");
        }
    }
}
