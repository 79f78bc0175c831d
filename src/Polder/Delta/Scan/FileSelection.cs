using System;
using System.Collections;
using System.Collections.Generic;
using System.Linq;
using System.Numerics;
using Polder.Delta.Snapshots;

namespace Polder.Delta.Scan;

/// <summary>Why a file need not be read.</summary>
/// <param name="By">partition or statistics.</param>
/// <param name="Columns">The columns whose values rule it out.</param>
internal sealed record FileSkip(string By, string Columns)
{
    public override string ToString() => $"{By}({Columns})";
}

/// <summary>
/// Which files of a snapshot are read, and why the others are not: for every file a <see cref="FileSkip"/>, or null.
/// Kept as bits, one set for each reason.
/// </summary>
internal sealed class FileSelection : IReadOnlyList<FileSkip?>
{
    private readonly FileSet _files;
    private readonly IReadOnlyList<FileSkip> _reasons;
    private readonly Part[] _parts;

    /// <param name="files">The files.</param>
    /// <param name="reasons">Why files are skipped.</param>
    /// <param name="skipped">
    /// Per chunk of the files and per reason the rows that are skipped by it; a row that is skipped already counts for
    /// the reason before.
    /// </param>
    public FileSelection(FileSet files, IReadOnlyList<FileSkip> reasons, IEnumerable<ulong[][]> skipped)
    {
        _files = files;
        _reasons = reasons;
        _parts = [.. skipped.Select((words, chunk) => new Part(files.Chunks[chunk], words))];
        KeptCount = _parts.Sum(part => part.CountKept());
    }

    /// <summary>All files of the snapshot.</summary>
    public int Count => _files.Count;

    /// <summary>Files that are read.</summary>
    public int KeptCount { get; }

    /// <summary>The files that are read, by position in the snapshot.</summary>
    public IEnumerable<int> Kept => _parts.SelectMany((part, chunk) =>
        part.FindKept().Select(file => _files.GetFirstFile(chunk) + file));

    public FileSkip? this[int index]
    {
        get
        {
            (int chunk, int row) = _files.Find(index);
            int reason = _parts[chunk].FindReason(row);
            return reason < 0 ? null : _reasons[reason];
        }
    }

    public IEnumerator<FileSkip?> GetEnumerator()
    {
        for (int file = 0; file < Count; file++)
        {
            yield return this[file];
        }
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private sealed class Part(FileChunk chunk, ulong[][] skipped)
    {
        public int CountKept()
        {
            int count = 0;
            for (int word = 0; word < WordCount; word++)
            {
                count += BitOperations.PopCount(Kept(word, Active(word)));
            }

            return count;
        }

        /// <summary>The files that are kept, counted from the first active one of the chunk.</summary>
        public IEnumerable<int> FindKept()
        {
            int first = 0;
            for (int word = 0; word < WordCount; word++)
            {
                ulong active = Active(word);
                for (ulong kept = Kept(word, active); kept != 0; kept &= kept - 1)
                {
                    yield return first + BitOperations.PopCount(active & ((kept & (~kept + 1)) - 1));
                }

                first += BitOperations.PopCount(active);
            }
        }

        /// <summary>Why a row is skipped; -1 where it is kept.</summary>
        public int FindReason(int row) =>
            Array.FindIndex(skipped, words => (words[row / RemovalMask.WordBits] >> row & 1) != 0);

        private int WordCount => (chunk.Table.Count + RemovalMask.WordBits - 1) / RemovalMask.WordBits;

        private ulong Active(int word)
        {
            int rows = chunk.Table.Count - (word * RemovalMask.WordBits);
            ulong all = rows >= RemovalMask.WordBits ? ulong.MaxValue : (1UL << rows) - 1;
            return all & ~chunk.Removed.GetWord(word);
        }

        private ulong Kept(int word, ulong active)
        {
            foreach (ulong[] words in skipped)
            {
                active &= ~words[word];
            }

            return active;
        }
    }
}
