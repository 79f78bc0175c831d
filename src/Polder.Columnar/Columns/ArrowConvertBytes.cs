using System;
using Apache.Arrow;
using Apache.Arrow.Types;
using Polder.Bytes;

namespace Polder.Columns;

/// <summary>Foreign strings and binaries: views, 64-bit offsets, fixed sizes.</summary>
internal static class ArrowConvertBytes
{
    /// <summary>Views: 16 bytes a row, length first, then the bytes or their prefix, buffer and offset.</summary>
    public static ArrayData FromViews(ArrayData data, IArrowType target)
    {
        ReadOnlySpan<byte> views = ArrayBuffers.Items(data, ArrayBuffers.ViewBytes);
        ReadOnlySpan<int> words = ByteCast.As<int>(views);
        Validity validity = Validity.Of(data);
        byte[] offsetsBuffer = new byte[checked((data.Length + 1) * sizeof(int))];
        Span<int> offsets = ByteCast.As<int>(offsetsBuffer.AsSpan());
        long total = 0;
        for (int row = 0; row < data.Length; row++)
        {
            total += validity.IsValid(row) ? words[row * 4] : 0;
            offsets[row + 1] = (int)total;
        }

        byte[] bytes = GC.AllocateUninitializedArray<byte>(Gather.CheckTotal(total));
        for (int row = 0; row < data.Length; row++)
        {
            Span<byte> value = bytes.AsSpan(offsets[row]..offsets[row + 1]);
            if (value.Length <= ArrayBuffers.MaxInlineBytes)
            {
                views.Slice((row * ArrayBuffers.ViewBytes) + 4, value.Length).CopyTo(value);
            }
            else
            {
                data.Buffers[2 + words[(row * 4) + 2]].Span.Slice(words[(row * 4) + 3], value.Length).CopyTo(value);
            }
        }

        return Wrap(data, target, offsetsBuffer, new ArrowBuffer(bytes));
    }

    /// <summary>64-bit offsets: the bytes stay where they are, the offsets become relative to the first.</summary>
    public static ArrayData FromLarge(ArrayData data, IArrowType target)
    {
        byte[] offsets = ToOffsets(data, data.Buffers[2].Length, out long first, out int total);
        return Wrap(data, target, offsets, new ArrowBuffer(data.Buffers[2].Memory.Slice(checked((int)first), total)));
    }

    public static ArrayData FromFixed(ArrayData data, IArrowType target)
    {
        int width = ArrayBuffers.WidthOf(data.DataType);
        byte[] offsets = StepOffsets(data.Length, width);
        ReadOnlyMemory<byte> bytes = data.Buffers[1].Memory.Slice(data.Offset * width, data.Length * width);
        return Wrap(data, target, offsets, new ArrowBuffer(bytes));
    }

    /// <summary>64-bit offsets as 32-bit ones from 0.</summary>
    /// <exception cref="CorruptFileException">The offsets are too few, descend or leave the limit.</exception>
    internal static byte[] ToOffsets(ArrayData data, long limit, out long first, out int total)
    {
        ReadOnlySpan<long> source = ByteCast.As<long>(data.Buffers[1].Span);
        source = data.Length == 0 && source.Length <= data.Offset ? [0L] : Checked(data, source, limit);
        first = source[0];
        total = Gather.CheckTotal(source[^1] - first);
        byte[] buffer = GC.AllocateUninitializedArray<byte>(checked(source.Length * sizeof(int)));
        Span<int> offsets = ByteCast.As<int>(buffer.AsSpan());
        for (int index = 0; index < offsets.Length; index++)
        {
            offsets[index] = (int)(source[index] - first);
        }

        return buffer;
    }

    private static ReadOnlySpan<long> Checked(ArrayData data, ReadOnlySpan<long> source, long limit)
    {
        bool areEnough = source.Length > (long)data.Offset + data.Length;
        ReadOnlySpan<long> offsets = areEnough ? source.Slice(data.Offset, data.Length + 1) : [];
        long last = 0;
        bool areSound = areEnough;
        foreach (long offset in offsets)
        {
            areSound &= offset >= last && offset <= limit;
            last = offset;
        }

        return areSound
            ? offsets
            : throw new CorruptFileException(
                $"an Arrow array of type {data.DataType.Name} has too few offsets, or some that leave its values");
    }

    /// <summary>Offsets of rows that are all of one length.</summary>
    internal static byte[] StepOffsets(int rowCount, int step)
    {
        Gather.CheckTotal((long)rowCount * step);
        byte[] buffer = GC.AllocateUninitializedArray<byte>(checked((rowCount + 1) * sizeof(int)));
        Span<int> offsets = ByteCast.As<int>(buffer.AsSpan());
        for (int index = 0; index < offsets.Length; index++)
        {
            offsets[index] = index * step;
        }

        return buffer;
    }

    private static ArrayData Wrap(ArrayData data, IArrowType target, byte[] offsets, ArrowBuffer bytes)
    {
        ValidityBuffer validity = Validity.Of(data).ToBuffer();
        return new ArrayData(
            target, data.Length, validity.NullCount, 0, [validity.Bits, new ArrowBuffer(offsets), bytes], null, null);
    }
}
