using System;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Polder.Bytes;

/// <summary>Entries of a dictionary at positions that a file gave: one check for all, then plain loads.</summary>
internal static class DictionaryGather
{
    /// <summary>Bytes that must be readable and writable past the ends in <see cref="Ranges"/>.</summary>
    public const int Slack = 32;

    /// <summary>The greatest position; 0 of none.</summary>
    public static uint Max(ReadOnlySpan<uint> indexes)
    {
        uint greatest = 0;
        int position = 0;
        if (Vector256.IsHardwareAccelerated && indexes.Length >= Vector256<uint>.Count)
        {
            ref uint first = ref MemoryMarshal.GetReference(indexes);
            Vector256<uint> wide = Vector256<uint>.Zero;
            for (; position + Vector256<uint>.Count <= indexes.Length; position += Vector256<uint>.Count)
            {
                wide = Vector256.Max(wide, Vector256.LoadUnsafe(ref first, (nuint)position));
            }

            for (int lane = 0; lane < Vector256<uint>.Count; lane++)
            {
                greatest = uint.Max(greatest, wide.GetElement(lane));
            }
        }

        for (; position < indexes.Length; position++)
        {
            greatest = uint.Max(greatest, indexes[position]);
        }

        return greatest;
    }

    /// <summary>The entries at the positions; false, and nothing written, where one is outside.</summary>
    public static bool TryValues<T>(ReadOnlySpan<T> dictionary, ReadOnlySpan<uint> indexes, Span<T> destination)
        where T : unmanaged
    {
        if (indexes.IsEmpty)
        {
            return true;
        }

        if (Max(indexes) >= (uint)dictionary.Length || destination.Length < indexes.Length)
        {
            return false;
        }

        // Sound because: every position was compared with the dictionary's length, the destination with their count.
        ref T entries = ref MemoryMarshal.GetReference(dictionary);
        ref T to = ref MemoryMarshal.GetReference(destination);
        ref uint from = ref MemoryMarshal.GetReference(indexes);
        nint position = 0;
        for (; position + 4 <= indexes.Length; position += 4)
        {
            T first = Unsafe.Add(ref entries, Unsafe.Add(ref from, position));
            T second = Unsafe.Add(ref entries, Unsafe.Add(ref from, position + 1));
            T third = Unsafe.Add(ref entries, Unsafe.Add(ref from, position + 2));
            T fourth = Unsafe.Add(ref entries, Unsafe.Add(ref from, position + 3));
            Unsafe.Add(ref to, position) = first;
            Unsafe.Add(ref to, position + 1) = second;
            Unsafe.Add(ref to, position + 2) = third;
            Unsafe.Add(ref to, position + 3) = fourth;
        }

        for (; position < indexes.Length; position++)
        {
            Unsafe.Add(ref to, position) = Unsafe.Add(ref entries, Unsafe.Add(ref from, position));
        }

        return true;
    }

    /// <summary>
    /// Where the entries at the positions will end when put one after the other; -1 where one is outside the
    /// dictionary, else their bytes in sum (which may exceed what the ends can hold: check before using them).
    /// </summary>
    /// <param name="dictionaryOffsets">One more than entries.</param>
    /// <param name="indexes">The positions.</param>
    /// <param name="start">Where the first entry will begin.</param>
    /// <param name="ends">As long as the positions.</param>
    public static long TryEnds(
        ReadOnlySpan<int> dictionaryOffsets, ReadOnlySpan<uint> indexes, int start, Span<int> ends)
    {
        if (indexes.IsEmpty)
        {
            return 0;
        }

        if ((long)Max(indexes) + 1 >= dictionaryOffsets.Length || ends.Length < indexes.Length)
        {
            return -1;
        }

        // Sound because: as above.
        ref int offsets = ref MemoryMarshal.GetReference(dictionaryOffsets);
        ref int to = ref MemoryMarshal.GetReference(ends);
        ref uint from = ref MemoryMarshal.GetReference(indexes);
        long end = start;
        for (nint position = 0; position < indexes.Length; position++)
        {
            ref int offset = ref Unsafe.Add(ref offsets, Unsafe.Add(ref from, position));
            end += Unsafe.Add(ref offset, 1) - offset;
            Unsafe.Add(ref to, position) = (int)end;
        }

        return end - start;
    }

    /// <summary>
    /// The entries at the positions, none longer than <paramref name="longest"/>, put one after the other in one pass.
    /// Data and destination must have <see cref="Slack"/> bytes more.
    /// </summary>
    /// <param name="dictionaryOffsets">One more than entries.</param>
    /// <param name="dictionaryData">The entries' bytes.</param>
    /// <param name="longest">Bytes of the longest entry, measured by the caller; at most <see cref="Slack"/>.</param>
    /// <param name="indexes">The positions.</param>
    /// <param name="start">Where in the destination the first entry begins.</param>
    /// <param name="ends">Where each ends; as long as the positions.</param>
    /// <param name="destination">Where to: with room for the longest entry at every position.</param>
    /// <returns>The last end; -1, and nothing written, where a position is outside.</returns>
    public static int TryShort(
        ReadOnlySpan<int> dictionaryOffsets, ReadOnlySpan<byte> dictionaryData, int longest,
        ReadOnlySpan<uint> indexes, int start, Span<int> ends, Span<byte> destination)
    {
        if (indexes.IsEmpty)
        {
            return start;
        }

        if ((long)Max(indexes) + 1 >= dictionaryOffsets.Length)
        {
            return -1;
        }

        Invariant.Holds(
            (uint)longest <= Slack && ends.Length >= indexes.Length && start >= 0 &&
            destination.Length - (long)start >= ((long)indexes.Length * longest) + Slack &&
            dictionaryData.Length >= dictionaryOffsets[^1] + Slack,
            "no slack behind a dictionary or its destination");
        ref int offsets = ref MemoryMarshal.GetReference(dictionaryOffsets);
        ref byte data = ref MemoryMarshal.GetReference(dictionaryData);
        ref byte target = ref Unsafe.Add(ref MemoryMarshal.GetReference(destination), start);
        ref int to = ref MemoryMarshal.GetReference(ends);
        ref uint from = ref MemoryMarshal.GetReference(indexes);
        int end = start;

        // Benefit: about half the time of measuring first (./bench, "dictionary strings").
        // Sound because: positions were compared with the dictionary's length, offsets ascend up to the data's end, and
        // the destination has room for the longest entry at every position, and slack.
        for (nint position = 0; position < indexes.Length; position++)
        {
            ref int offset = ref Unsafe.Add(ref offsets, Unsafe.Add(ref from, position));
            int length = Unsafe.Add(ref offset, 1) - offset;
            Vector256.LoadUnsafe(ref Unsafe.Add(ref data, offset)).StoreUnsafe(ref target);
            target = ref Unsafe.Add(ref target, length);
            end += length;
            Unsafe.Add(ref to, position) = end;
        }

        return end;
    }

    /// <summary>
    /// Copies the entries that <see cref="TryEnds"/> measured, 32 bytes at a time where they are short: data and
    /// destination must have <see cref="Slack"/> bytes more.
    /// </summary>
    public static void Ranges(
        ReadOnlySpan<int> dictionaryOffsets, ReadOnlySpan<byte> dictionaryData, ReadOnlySpan<uint> indexes, int start,
        ReadOnlySpan<int> ends, Span<byte> destination)
    {
        if (indexes.IsEmpty)
        {
            return;
        }

        Invariant.Holds(
            ends.Length >= indexes.Length && destination.Length >= ends[indexes.Length - 1] + Slack &&
            dictionaryData.Length >= dictionaryOffsets[^1] + Slack,
            "no slack behind a dictionary or its destination");
        ref int offsets = ref MemoryMarshal.GetReference(dictionaryOffsets);
        ref byte data = ref MemoryMarshal.GetReference(dictionaryData);
        ref byte to = ref MemoryMarshal.GetReference(destination);
        ref uint from = ref MemoryMarshal.GetReference(indexes);
        int end = start;

        // Sound because: TryEnds checked the positions; offsets ascend up to the data's end, and both ends have slack.
        for (nint position = 0; position < indexes.Length; position++)
        {
            ref int offset = ref Unsafe.Add(ref offsets, Unsafe.Add(ref from, position));
            int length = Unsafe.Add(ref offset, 1) - offset;
            ref byte source = ref Unsafe.Add(ref data, offset);
            ref byte target = ref Unsafe.Add(ref to, end);
            Vector256.LoadUnsafe(ref source).StoreUnsafe(ref target);
            if (length > Vector256<byte>.Count)
            {
                Unsafe.CopyBlockUnaligned(ref target, ref source, (uint)length);
            }

            end += length;
        }
    }
}
