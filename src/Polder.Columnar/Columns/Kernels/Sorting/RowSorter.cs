using System;

namespace Polder.Columns.Kernels.Sorting;

/// <summary>
/// Sorts rows by their keys, eight bytes at a time: a stable radix sort of a run by one word, then the runs of equal
/// words by the next. Rows with equal keys keep their order.
/// </summary>
internal sealed class RowSorter
{
    /// <summary>Below this the runtime's sort is faster than passes over 256 counters.</summary>
    private const int RadixRows = 512;

    private readonly SortKeys _keys;
    private readonly int[] _rows;
    private readonly int[] _otherRows;
    private readonly ulong[] _words;
    private readonly ulong[] _otherWords;
    private readonly int _keyLength;

    private RowSorter(SortKeys keys)
    {
        _keys = keys;
        _keyLength = keys.MaxLength();
        _rows = new int[keys.Count];
        _words = new ulong[keys.Count];
        _otherRows = new int[keys.Count];
        _otherWords = new ulong[keys.Count];
        for (int row = 0; row < _rows.Length; row++)
        {
            _rows[row] = row;
        }
    }

    /// <summary>Bytes that sorting so many rows takes on top of the keys.</summary>
    public static long ScratchBytes(long rowCount) => 24 * rowCount;

    /// <summary>The rows in order.</summary>
    public static int[] Sort(SortKeys keys)
    {
        RowSorter sorter = new(keys);
        sorter.Sort(0, keys.Count, 0);
        return sorter._rows;
    }

    private void Sort(int start, int count, int offset)
    {
        if (count < 2 || offset >= _keyLength)
        {
            return;
        }

        for (int index = start; index < start + count; index++)
        {
            _words[index] = _keys.Word(_rows[index], offset);
        }

        if (count >= RadixRows)
        {
            SortByRadix(start, count);
        }
        else
        {
            SortSmall(start, count);
        }

        if (offset + 8 >= _keyLength)
        {
            return;
        }

        // Words of the next level overwrite these only inside the run that is done.
        int end = start + count;
        for (int runStart = start; runStart < end;)
        {
            int runEnd = runStart + 1;
            while (runEnd < end && _words[runEnd] == _words[runStart])
            {
                runEnd++;
            }

            Sort(runStart, runEnd - runStart, offset + 8);
            runStart = runEnd;
        }
    }

    private void SortSmall(int start, int count)
    {
        Span<ulong> words = _words.AsSpan(start, count);
        Span<int> rows = _rows.AsSpan(start, count);
        words.Sort(rows);

        // The runtime's sort is not stable; rows arrive in ascending order, so ties are put back into it.
        for (int runStart = 0; runStart < count;)
        {
            int runEnd = runStart + 1;
            while (runEnd < count && words[runEnd] == words[runStart])
            {
                runEnd++;
            }

            if (runEnd - runStart > 1)
            {
                rows[runStart..runEnd].Sort();
            }

            runStart = runEnd;
        }
    }

    private void SortByRadix(int start, int count)
    {
        Span<ulong> words = _words.AsSpan(start, count);
        Span<int> rows = _rows.AsSpan(start, count);
        Span<ulong> otherWords = _otherWords.AsSpan(start, count);
        Span<int> otherRows = _otherRows.AsSpan(start, count);
        ulong varying = 0;
        foreach (ulong word in words)
        {
            varying |= word ^ words[0];
        }

        bool isSwapped = false;
        for (int shift = 0; shift < 64; shift += 8)
        {
            if (((varying >> shift) & 0xFF) == 0)
            {
                continue;
            }

            if (isSwapped)
            {
                Distribute(otherWords, otherRows, words, rows, shift);
            }
            else
            {
                Distribute(words, rows, otherWords, otherRows, shift);
            }

            isSwapped = !isSwapped;
        }

        if (isSwapped)
        {
            otherWords.CopyTo(words);
            otherRows.CopyTo(rows);
        }
    }

    private static void Distribute(
        ReadOnlySpan<ulong> words, ReadOnlySpan<int> rows, Span<ulong> toWords, Span<int> toRows, int shift)
    {
        Span<int> places = stackalloc int[256];
        places.Clear();
        foreach (ulong word in words)
        {
            places[(int)(word >> shift) & 0xFF]++;
        }

        int place = 0;
        for (int bucket = 0; bucket < 256; bucket++)
        {
            int size = places[bucket];
            places[bucket] = place;
            place += size;
        }

        for (int index = 0; index < words.Length; index++)
        {
            int target = places[(int)(words[index] >> shift) & 0xFF]++;
            toWords[target] = words[index];
            toRows[target] = rows[index];
        }
    }
}
