using System;
using System.Collections.Generic;
using System.Linq;
using Polder.Bytes;
using Polder.Parquet.Footer;

namespace Polder.Fuzz.Targets;

/// <summary>A bloom filter, header and bits; the first eight bytes are the hash that is looked for.</summary>
internal sealed class BloomFilterTarget() : FuzzTarget("bloom-filter")
{
    public override IEnumerable<byte[]> Seeds()
    {
        foreach (int count in (int[])[0, 1, 100])
        {
            using BufferBuilder bytes = new();
            BloomFilter.Of([.. Enumerable.Range(0, count).Select(Hash)]).Encode(bytes);
            yield return [.. BitConverter.GetBytes(Hash(0)), .. bytes.Span];
            yield return [.. BitConverter.GetBytes(Hash(0)), .. bytes.Span[..^1]];
        }
    }

    public override void Run(ReadOnlySpan<byte> input)
    {
        if (input.Length < sizeof(ulong))
        {
            return;
        }

        ReadOnlySpan<byte> bytes = input[sizeof(ulong)..];
        BloomFilter? filter = BloomFilter.TryDecode(bytes, Limits.Default, 0, out int neededBytes);
        if (filter is null)
        {
            return;
        }

        if (neededBytes > bytes.Length)
        {
            throw new BrokenContractException("decoded a filter whose bytes are not all there");
        }

        // What is written of it is read again, and answers alike.
        ulong hash = BitConverter.ToUInt64(input);
        using BufferBuilder copy = new();
        filter.Encode(copy);
        BloomFilter? again = BloomFilter.TryDecode(copy.Span, Limits.Default, 0, out int copyBytes);
        if (again is null || copyBytes != copy.Length || again.MayContain(hash) != filter.MayContain(hash))
        {
            throw new BrokenContractException("a filter that was written is another one");
        }
    }

    private static ulong Hash(int value) => BloomFilter.Hash(BitConverter.GetBytes(value));
}
