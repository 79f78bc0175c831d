using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using Polder.Parquet.Footer;

namespace Polder.Parquet.Write;

/// <summary>Gathers the values of a chunk for its bloom filter.</summary>
internal sealed class BloomBuilder
{
    private readonly HashSet<ulong> _hashes = [];

    /// <summary>Adds values in PLAIN encoding, back to back.</summary>
    /// <param name="plain">The values.</param>
    /// <param name="width">Bytes of each; -1 where each begins with its length.</param>
    public void Add(ReadOnlySpan<byte> plain, int width)
    {
        while (!plain.IsEmpty)
        {
            int start = width < 0 ? sizeof(int) : 0;
            int length = width < 0 ? BinaryPrimitives.ReadInt32LittleEndian(plain) : width;
            _hashes.Add(BloomFilter.Hash(plain.Slice(start, length)));
            plain = plain[(start + length)..];
        }
    }

    /// <summary>The filter of the values so far; starts anew.</summary>
    public BloomFilter Finish()
    {
        BloomFilter filter = BloomFilter.Of(_hashes);
        _hashes.Clear();
        return filter;
    }
}
