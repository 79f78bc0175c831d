using System;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Polder.Bytes;

/// <summary>BYTE_STREAM_SPLIT, the first bytes of all values, then the second bytes, …: put together.</summary>
internal static class StreamSplit
{
    /// <summary>Puts a run of values together.</summary>
    /// <param name="streams">All streams, each <paramref name="streamLength"/> bytes.</param>
    /// <param name="streamLength">Values in all.</param>
    /// <param name="start">The first value wanted.</param>
    /// <param name="width">Bytes of a value: the number of streams.</param>
    /// <param name="destination">As many values as are wanted, back to back.</param>
    public static void Join(
        ReadOnlySpan<byte> streams, int streamLength, int start, int width, Span<byte> destination)
    {
        int count = width == 0 ? 0 : destination.Length / width;
        Invariant.Holds(
            start >= 0 && count <= streamLength - start && (long)streamLength * width <= streams.Length,
            "split streams were not measured");
        int done = 0;
        if (Vector128.IsHardwareAccelerated && width == 4)
        {
            done = JoinFour(streams, streamLength, start, destination, count);
        }
        else if (Vector128.IsHardwareAccelerated && width == 8)
        {
            done = JoinEight(streams, streamLength, start, destination, count);
        }

        for (int stream = 0; stream < width; stream++)
        {
            ReadOnlySpan<byte> bytes = streams.Slice((stream * streamLength) + start, count);
            for (int index = done; index < bytes.Length; index++)
            {
                destination[(index * width) + stream] = bytes[index];
            }
        }
    }

    // Sound because: the caller checked that every stream has the bytes and the destination holds the values.
    private static int JoinFour(
        ReadOnlySpan<byte> streams, int streamLength, int start, Span<byte> destination, int count)
    {
        ref byte from = ref MemoryMarshal.GetReference(streams);
        ref byte to = ref MemoryMarshal.GetReference(destination);
        int done = 0;
        for (; done + 16 <= count; done += 16)
        {
            nuint at = (nuint)(start + done);
            Vector128<byte> first = Vector128.LoadUnsafe(ref from, at);
            Vector128<byte> second = Vector128.LoadUnsafe(ref from, at + (nuint)streamLength);
            Vector128<byte> third = Vector128.LoadUnsafe(ref from, at + (2 * (nuint)streamLength));
            Vector128<byte> fourth = Vector128.LoadUnsafe(ref from, at + (3 * (nuint)streamLength));
            (Vector128<byte> evenLow, Vector128<byte> evenHigh) = Zip(first, third);
            (Vector128<byte> oddLow, Vector128<byte> oddHigh) = Zip(second, fourth);
            nuint target = (nuint)(done * 4);
            (Vector128<byte> low, Vector128<byte> high) = Zip(evenLow, oddLow);
            low.StoreUnsafe(ref to, target);
            high.StoreUnsafe(ref to, target + 16);
            (low, high) = Zip(evenHigh, oddHigh);
            low.StoreUnsafe(ref to, target + 32);
            high.StoreUnsafe(ref to, target + 48);
        }

        return done;
    }

    // As four streams twice: bytes 0, 2, 4, 6 and 1, 3, 5, 7 of each value, then zipped.
    private static int JoinEight(
        ReadOnlySpan<byte> streams, int streamLength, int start, Span<byte> destination, int count)
    {
        ref byte from = ref MemoryMarshal.GetReference(streams);
        ref byte to = ref MemoryMarshal.GetReference(destination);
        nuint stride = (nuint)streamLength;
        int done = 0;
        for (; done + 16 <= count; done += 16)
        {
            nuint at = (nuint)(start + done);
            Vector128<byte> s0 = Vector128.LoadUnsafe(ref from, at);
            Vector128<byte> s1 = Vector128.LoadUnsafe(ref from, at + stride);
            Vector128<byte> s2 = Vector128.LoadUnsafe(ref from, at + (2 * stride));
            Vector128<byte> s3 = Vector128.LoadUnsafe(ref from, at + (3 * stride));
            Vector128<byte> s4 = Vector128.LoadUnsafe(ref from, at + (4 * stride));
            Vector128<byte> s5 = Vector128.LoadUnsafe(ref from, at + (5 * stride));
            Vector128<byte> s6 = Vector128.LoadUnsafe(ref from, at + (6 * stride));
            Vector128<byte> s7 = Vector128.LoadUnsafe(ref from, at + (7 * stride));
            (Vector128<byte> s04Low, Vector128<byte> s04High) = Zip(s0, s4);
            (Vector128<byte> s26Low, Vector128<byte> s26High) = Zip(s2, s6);
            (Vector128<byte> s15Low, Vector128<byte> s15High) = Zip(s1, s5);
            (Vector128<byte> s37Low, Vector128<byte> s37High) = Zip(s3, s7);
            nuint target = (nuint)(done * 8);
            StoreEight(ref to, target, s04Low, s26Low, s15Low, s37Low);
            StoreEight(ref to, target + 64, s04High, s26High, s15High, s37High);
        }

        return done;
    }

    private static void StoreEight(
        ref byte to, nuint target, Vector128<byte> s04, Vector128<byte> s26, Vector128<byte> s15, Vector128<byte> s37)
    {
        (Vector128<byte> evenLow, Vector128<byte> evenHigh) = Zip(s04, s26);
        (Vector128<byte> oddLow, Vector128<byte> oddHigh) = Zip(s15, s37);
        (Vector128<byte> low, Vector128<byte> high) = Zip(evenLow, oddLow);
        low.StoreUnsafe(ref to, target);
        high.StoreUnsafe(ref to, target + 16);
        (low, high) = Zip(evenHigh, oddHigh);
        low.StoreUnsafe(ref to, target + 32);
        high.StoreUnsafe(ref to, target + 48);
    }

    private static (Vector128<byte> Low, Vector128<byte> High) Zip(Vector128<byte> even, Vector128<byte> odd)
    {
        if (Sse2.IsSupported)
        {
            return (Sse2.UnpackLow(even, odd), Sse2.UnpackHigh(even, odd));
        }

        (Vector128<ushort> evenLow, Vector128<ushort> evenHigh) = Vector128.Widen(even);
        (Vector128<ushort> oddLow, Vector128<ushort> oddHigh) = Vector128.Widen(odd);
        return ((evenLow | (oddLow << 8)).AsByte(), (evenHigh | (oddHigh << 8)).AsByte());
    }
}
