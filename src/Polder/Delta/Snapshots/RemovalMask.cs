using System;
using System.Numerics;
using Polder.Bytes;

namespace Polder.Delta.Snapshots;

/// <summary>
/// A set of rows, immutable, that shares with the set it was made from all but the pages that differ: taking a row out
/// of millions copies a few hundred bytes.
/// </summary>
internal sealed class RemovalMask
{
    public const int WordBits = 64;

    private const int PageShift = 12;
    private const int PageRows = 1 << PageShift;
    private const int PageWords = PageRows / WordBits;

    private static readonly ulong[] NoRows = new ulong[PageWords];

    private readonly ulong[][] _pages;
    private readonly int[] _countBefore;

    private RemovalMask(ulong[][] pages, int[] countBefore)
    {
        _pages = pages;
        _countBefore = countBefore;
    }

    public static RemovalMask Empty { get; } = new([], [0]);

    /// <summary>Rows in the set.</summary>
    public int Count => _countBefore[^1];

    public bool Contains(int row) =>
        row >> PageShift < _pages.Length && (_pages[row >> PageShift][(row % PageRows) / WordBits] >> row & 1) != 0;

    /// <summary>64 rows as bits; <paramref name="word"/> counts them from row 0.</summary>
    public ulong GetWord(int word) => word / PageWords < _pages.Length ? _pages[word / PageWords][word % PageWords] : 0;

    /// <summary>The n-th row, from 0, that is not in the set.</summary>
    public int FindOther(int index)
    {
        if (Count == 0)
        {
            return index;
        }

        int low = 0, high = _pages.Length;
        while (low < high)
        {
            int middle = (low + high + 1) / 2;
            (low, high) = (middle * PageRows) - _countBefore[middle] <= index ? (middle, high) : (low, middle - 1);
        }

        int left = index - ((low * PageRows) - _countBefore[low]);
        for (int word = low * PageWords; ; word++)
        {
            ulong others = ~GetWord(word);
            int count = BitOperations.PopCount(others);
            if (left < count)
            {
                return (word * WordBits) + BitOperations.TrailingZeroCount(BitMask.Deposit(1UL << left, others));
            }

            left -= count;
        }
    }

    /// <summary>Makes a set from another.</summary>
    internal sealed class Builder(RemovalMask source)
    {
        private readonly ulong[][] _source = source._pages;
        private ulong[][] _pages = (ulong[][])source._pages.Clone();

        /// <summary>Rows in the set.</summary>
        public int Count { get; private set; } = source.Count;

        public bool Contains(int row) =>
            row >> PageShift < _pages.Length && (_pages[row >> PageShift][(row % PageRows) / WordBits] >> row & 1) != 0;

        /// <summary>Adds a row; false where it is there already.</summary>
        public bool Add(int row)
        {
            int page = row >> PageShift;
            if (page >= _pages.Length)
            {
                int known = _pages.Length;
                Array.Resize(ref _pages, page + 1);
                Array.Fill(_pages, NoRows, known, page + 1 - known);
            }

            ulong bit = 1UL << row;
            ref ulong word = ref _pages[page][(row % PageRows) / WordBits];
            if ((word & bit) != 0)
            {
                return false;
            }

            if (ReferenceEquals(_pages[page], NoRows) ||
                (page < _source.Length && ReferenceEquals(_pages[page], _source[page])))
            {
                _pages[page] = (ulong[])_pages[page].Clone();
                word = ref _pages[page][(row % PageRows) / WordBits];
            }

            word |= bit;
            Count++;
            return true;
        }

        public RemovalMask Build()
        {
            int[] countBefore = new int[_pages.Length + 1];
            for (int page = 0; page < _pages.Length; page++)
            {
                int count = 0;
                foreach (ulong word in _pages[page])
                {
                    count += BitOperations.PopCount(word);
                }

                countBefore[page + 1] = countBefore[page] + count;
            }

            return new RemovalMask(_pages, countBefore);
        }
    }
}
