using System;
using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;
using Polder.Bytes;
using Polder.Storage;

namespace Polder.Files;

/// <summary>Ranged reads of a file whose size is known: all of the bytes, or an error.</summary>
internal static class ExactReads
{
    /// <summary>Bytes between ranges that cost less to read with them than another request.</summary>
    public const int UsualGapBytes = 64 << 10;

    /// <summary>Pieces are not joined beyond this.</summary>
    private const int LargestJoinedBytes = 8 << 20;

    /// <summary>Reads a range. The caller owns the slice.</summary>
    /// <exception cref="CorruptFileException">The file ends inside the range.</exception>
    public static async ValueTask<BufferSlice> ReadAsync(
        IObjectStore store, StorePath path, ByteRange range, BufferAllocator allocator, CancellationToken cancellation)
    {
        BufferSlice slice = await store.ReadAsync(path, range, allocator, cancellation).ConfigureAwait(false);
        if (slice.Length == range.Length)
        {
            return slice;
        }

        int length = slice.Length;
        slice.Dispose();
        throw new CorruptFileException(
            $"the file ends {range.Length - length} bytes before its size says", null, range.Offset + length);
    }

    /// <summary>
    /// Reads several ranges with few requests: those no further apart than the gap in one piece, of which each gets its
    /// part. The caller owns the slices, which are in the order of the ranges.
    /// </summary>
    /// <exception cref="CorruptFileException">The file ends inside a range.</exception>
    public static async ValueTask<BufferSlice[]> ReadAllAsync(
        IObjectStore store,
        StorePath path,
        IReadOnlyList<ByteRange> ranges,
        int largestGapBytes,
        BufferAllocator allocator,
        CancellationToken cancellation)
    {
        List<(ByteRange Range, List<int> Members)> pieces = Coalesce(ranges, largestGapBytes);
        BufferSlice[] parts = new BufferSlice[ranges.Count];
        Array.Fill(parts, BufferSlice.Empty);
        Task[] reads = new Task[pieces.Count];
        for (int pieceIndex = 0; pieceIndex < reads.Length; pieceIndex++)
        {
            reads[pieceIndex] = ReadPieceAsync(pieces[pieceIndex].Range, pieces[pieceIndex].Members);
        }

        try
        {
            await Task.WhenAll(reads).ConfigureAwait(false);
            return parts;
        }
        catch
        {
            foreach (BufferSlice part in parts)
            {
                part.Dispose();
            }

            throw;
        }

        async Task ReadPieceAsync(ByteRange range, List<int> members)
        {
            using BufferSlice piece = await ReadAsync(store, path, range, allocator, cancellation)
                .ConfigureAwait(false);
            foreach (int member in members)
            {
                parts[member] = piece.RetainSlice(
                    (int)(ranges[member].Offset - range.Offset), ranges[member].Length);
            }
        }
    }

    private static List<(ByteRange Range, List<int> Members)> Coalesce(
        IReadOnlyList<ByteRange> ranges, int largestGapBytes)
    {
        int[] order = new int[ranges.Count];
        for (int index = 0; index < order.Length; index++)
        {
            order[index] = index;
        }

        Array.Sort(order, (left, right) => ranges[left].Offset.CompareTo(ranges[right].Offset));
        List<(ByteRange Range, List<int> Members)> pieces = [];
        foreach (int index in order)
        {
            ByteRange range = ranges[index];
            if (range.Length == 0)
            {
                continue;
            }

            if (pieces.Count > 0)
            {
                (ByteRange last, List<int> members) = pieces[^1];
                long end = long.Max(last.End, range.End);
                if (range.Offset - last.End <= largestGapBytes && end - last.Offset <= LargestJoinedBytes)
                {
                    members.Add(index);
                    pieces[^1] = (new ByteRange(last.Offset, (int)(end - last.Offset)), members);
                    continue;
                }
            }

            pieces.Add((range, [index]));
        }

        return pieces;
    }
}
