using System;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Polder.Bytes;

/// <summary>Copies chosen values out of a span. Index -1 stands for a missing value.</summary>
public static class Gather
{
    /// <summary>The values at the indexes; the default value where the index is -1.</summary>
    /// <exception cref="ArgumentOutOfRangeException">An index is neither -1 nor inside the source.</exception>
    public static void Values<T>(ReadOnlySpan<T> source, ReadOnlySpan<int> indexes, Span<T> destination)
        where T : unmanaged
    {
        destination = destination[..indexes.Length];
        if (DictionaryGather.TryValues(source, MemoryMarshal.Cast<int, uint>(indexes), destination))
        {
            return;
        }

        // Some are -1, or one is wrong.
        for (int position = 0; position < indexes.Length; position++)
        {
            int index = indexes[position];
            if ((uint)index < (uint)source.Length)
            {
                destination[position] = source[index];
            }
            else
            {
                CheckMissing(index, source.Length);
                destination[position] = default;
            }
        }
    }

    /// <summary>The fixed-width items at the indexes; zeros where the index is -1.</summary>
    /// <exception cref="ArgumentOutOfRangeException">An index is neither -1 nor inside the source.</exception>
    public static void Items(
        ReadOnlySpan<byte> source, int itemBytes, ReadOnlySpan<int> indexes, Span<byte> destination)
    {
        int sourceCount = itemBytes == 0 ? int.MaxValue : source.Length / itemBytes;
        for (int position = 0; position < indexes.Length; position++)
        {
            Span<byte> target = destination.Slice(position * itemBytes, itemBytes);
            int index = indexes[position];
            if ((uint)index < (uint)sourceCount)
            {
                source.Slice(index * itemBytes, itemBytes).CopyTo(target);
            }
            else
            {
                CheckMissing(index, sourceCount);
                target.Clear();
            }
        }
    }

    /// <summary>
    /// Where the chosen ranges will end: destination offsets, one more than indexes, from 0. Range i of the source is
    /// from offset i to offset i+1; index -1 is an empty range. Returns the total length.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">An index is neither -1 nor inside the source.</exception>
    /// <exception cref="InvalidOperationException">The total exceeds 2 GiB.</exception>
    public static int Offsets(ReadOnlySpan<int> sourceOffsets, ReadOnlySpan<int> indexes, Span<int> destination)
    {
        int sourceCount = sourceOffsets.Length - 1;
        long end = 0;
        destination[0] = 0;
        Span<int> ends = destination.Slice(1, indexes.Length);
        for (int position = 0; position < indexes.Length; position++)
        {
            int index = indexes[position];
            if ((uint)index < (uint)sourceCount)
            {
                end += sourceOffsets[index + 1] - sourceOffsets[index];
            }
            else
            {
                CheckMissing(index, sourceCount);
            }

            ends[position] = (int)end;
        }

        return CheckTotal(end);
    }

    /// <summary>
    /// The bytes of the chosen ranges, one after the other; indexes as in <see cref="Offsets"/>. What follows the last
    /// range in the destination is undefined.
    /// </summary>
    public static void Ranges(
        ReadOnlySpan<byte> source, ReadOnlySpan<int> sourceOffsets, ReadOnlySpan<int> indexes, Span<byte> destination)
    {
        int written = 0;
        for (int position = 0; position < indexes.Length; position++)
        {
            int index = indexes[position];
            if (index >= 0)
            {
                int start = sourceOffsets[index];
                ReadOnlySpan<byte> range = source[start..sourceOffsets[index + 1]];
                CopyRange(range, source.Length - start, destination[written..]);
                written += range.Length;
            }
        }
    }

    /// <summary>The indexes inside the chosen ranges, in turn: what to gather from a list's elements.</summary>
    public static void RangeIndexes(
        ReadOnlySpan<int> sourceOffsets, ReadOnlySpan<int> indexes, Span<int> destination)
    {
        int written = 0;
        for (int position = 0; position < indexes.Length; position++)
        {
            int index = indexes[position];
            if (index >= 0)
            {
                for (int item = sourceOffsets[index]; item < sourceOffsets[index + 1]; item++)
                {
                    destination[written++] = item;
                }
            }
        }
    }

    // Benefit: a gather of short strings takes a third less time than with a copy of the exact length.
    // Sound because: 32 bytes are read only where the source has them from the range's start on, and written only where
    // the destination has them; what is written beyond the range, the next ranges overwrite.
    private static void CopyRange(ReadOnlySpan<byte> range, int sourceRest, Span<byte> destination)
    {
        if (range.Length > 2 * Vector128<byte>.Count || int.Min(sourceRest, destination.Length) < 32)
        {
            range.CopyTo(destination);
            return;
        }

        ref byte from = ref MemoryMarshal.GetReference(range);
        ref byte to = ref MemoryMarshal.GetReference(destination);
        Vector128.LoadUnsafe(ref from).StoreUnsafe(ref to);
        if (range.Length > Vector128<byte>.Count)
        {
            Vector128.LoadUnsafe(ref from, 16).StoreUnsafe(ref to, 16);
        }
    }

    internal static void CheckMissing(int index, int sourceCount)
    {
        if (index != -1)
        {
            throw new ArgumentOutOfRangeException(
                nameof(index), index, $"a row is -1 or from 0 to {sourceCount - 1}");
        }
    }

    internal static int CheckTotal(long total) => total <= int.MaxValue
        ? (int)total
        : throw new InvalidOperationException($"a column of {total} bytes exceeds what 32-bit offsets can hold");
}
