using System;
using Polder.Parquet.Encodings;

namespace Polder.Parquet.Values;

/// <summary>Positions in a dictionary: a byte that tells their width, then the hybrid of runs.</summary>
internal struct DictionaryIndexes
{
    /// <summary>Positions unpacked at a time: four kilobytes, so that they stay in the first cache.</summary>
    public const int ChunkValues = 1024;

    private RleHybridDecoder _runs;

    /// <summary>Begins at a page's values.</summary>
    /// <exception cref="CorruptFileException">The width is more than 32 bits.</exception>
    public static DictionaryIndexes Begin(ReadOnlySpan<byte> page, int start, int end)
    {
        // A page of nulls only may have no values, and then not even the width.
        int width = start < end ? page[start] : 0;
        if (width > 32)
        {
            throw new CorruptFileException(
                FormattableString.Invariant($"dictionary positions of {width} bits"));
        }

        return new DictionaryIndexes { _runs = new RleHybridDecoder(int.Min(start + 1, end), end, width) };
    }

    /// <summary>
    /// The next positions, at least one and at most <paramref name="wanted"/>: all alike, or unpacked into the chunk.
    /// </summary>
    /// <returns>How many; <paramref name="repeated"/> is -1 where they are in the chunk.</returns>
    /// <exception cref="CorruptFileException">The page has none left.</exception>
    public int Next(ReadOnlySpan<byte> page, int wanted, Span<uint> chunk, out long repeated)
    {
        int count = int.Min(wanted, _runs.Available(page));
        if (!_runs.IsPacked)
        {
            repeated = _runs.Value;
            _runs.Take(count);
            return count;
        }

        repeated = -1;
        count = int.Min(count, ChunkValues);
        _runs.TakePacked(page, chunk, count);
        return count;
    }

    /// <summary>Steps over positions.</summary>
    /// <exception cref="CorruptFileException">The page has fewer.</exception>
    public void Skip(ReadOnlySpan<byte> page, int count) => _runs.Skip(page, count);

    /// <summary>What is thrown for positions where there is no dictionary.</summary>
    public static CorruptFileException WithoutDictionary() =>
        new("a page of dictionary positions in a chunk without a dictionary");

    /// <summary>What is thrown for a position outside the dictionary.</summary>
    public static CorruptFileException Outside(int entryCount) => new(FormattableString.Invariant(
        $"a position outside the dictionary, which has {entryCount} entries"));
}
