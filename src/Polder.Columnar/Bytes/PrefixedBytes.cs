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

    /// <summary>Takes strings: as many as there are ends, the source holds whole and the data has room for.</summary>
    /// <param name="source">Lengths and bytes in turn.</param>
    /// <param name="ends">Where each string ends in <paramref name="data"/>.</param>
    /// <param name="data">Room for strings, and for <see cref="Slack"/> behind them.</param>
    /// <param name="start">Where in the data the first one begins.</param>
    /// <param name="taken">Strings taken.</param>
    /// <returns>Bytes of the source used.</returns>
    public static int Split(ReadOnlySpan<byte> source, Span<int> ends, Span<byte> data, int start, out int taken)
    {
        int room = data.Length - Slack;
        Invariant.Holds((uint)start <= (uint)room, "no room for strings and slack");
        ref byte from = ref MemoryMarshal.GetReference(source);
        ref byte to = ref MemoryMarshal.GetReference(data);
        int position = 0;
        int end = start;
        int index = 0;
        for (; index < ends.Length && source.Length - position >= sizeof(uint); index++)
        {
            uint length = Unsafe.ReadUnaligned<uint>(ref Unsafe.Add(ref from, position));
            int left = source.Length - position - sizeof(uint);
            if (length > (uint)int.Min(left, room - end))
            {
                break;
            }

            // Sound because: the length was compared with what is left, and with the room, behind which there is slack.
            position += sizeof(uint);
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

        taken = index;
        return position;
    }

    /// <summary>The length before a string; -1 where the source ends before the string does.</summary>
    public static int NextLength(ReadOnlySpan<byte> source)
    {
        if (source.Length < sizeof(uint))
        {
            return -1;
        }

        uint length = MemoryMarshal.Read<uint>(source);
        return length <= (uint)(source.Length - sizeof(uint)) ? (int)length : -1;
    }

    /// <summary>Steps over strings; bytes used, or -1 where a string would pass the end of the source.</summary>
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
