using System;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Polder.Bytes;

/// <summary>Byte strings behind four-byte little-endian lengths, taken apart into ends and data.</summary>
internal static class PrefixedBytes
{
    /// <summary>Bytes that must be writable past what is written.</summary>
    public const int Slack = 64;

    /// <summary>Takes as many strings as there are ends.</summary>
    /// <param name="source">Lengths and bytes in turn.</param>
    /// <param name="ends">Where each string ends in <paramref name="data"/>.</param>
    /// <param name="data">Room for all of <paramref name="source"/> and <see cref="Slack"/> after the start.</param>
    /// <param name="start">Where in the data the first one begins.</param>
    /// <returns>Bytes of the source used; -1 where a string would pass the end of the source.</returns>
    public static int TrySplit(ReadOnlySpan<byte> source, Span<int> ends, Span<byte> data, int start)
    {
        Invariant.Holds(
            start >= 0 && data.Length - (long)start >= (long)source.Length + Slack,
            "no room for the strings of a page");
        ref byte from = ref MemoryMarshal.GetReference(source);
        ref byte to = ref MemoryMarshal.GetReference(data);
        int position = 0;
        int end = start;
        for (int index = 0; index < ends.Length; index++)
        {
            if (source.Length - position < sizeof(uint))
            {
                return -1;
            }

            uint length = Unsafe.ReadUnaligned<uint>(ref Unsafe.Add(ref from, position));
            position += sizeof(uint);
            int left = source.Length - position;
            if (length > (uint)left)
            {
                return -1;
            }

            // Sound because: the length was compared with what is left, and the data has room for all that is left.
            ref byte value = ref Unsafe.Add(ref from, position);
            ref byte target = ref Unsafe.Add(ref to, end);
            if (length <= Slack && left >= Slack)
            {
                // More than is wanted, without a branch on how much: the next value writes over the rest.
                Vector256.LoadUnsafe(ref value).StoreUnsafe(ref target);
                Vector256.LoadUnsafe(ref value, 32).StoreUnsafe(ref target, 32);
            }
            else
            {
                Unsafe.CopyBlockUnaligned(ref target, ref value, length);
            }

            position += (int)length;
            end += (int)length;
            ends[index] = end;
        }

        return position;
    }

    /// <summary>Steps over strings; bytes used, or -1 as above.</summary>
    public static int TrySkip(ReadOnlySpan<byte> source, int count)
    {
        int position = 0;
        for (int index = 0; index < count; index++)
        {
            if (source.Length - position < sizeof(uint))
            {
                return -1;
            }

            uint length = MemoryMarshal.Read<uint>(source[position..]);
            position += sizeof(uint);
            if (length > (uint)(source.Length - position))
            {
                return -1;
            }

            position += (int)length;
        }

        return position;
    }
}
