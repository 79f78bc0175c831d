using System;
using System.Collections.Generic;
using System.IO.Hashing;
using System.Runtime.CompilerServices;
using Polder.Bytes;
using Polder.Parquet.Format;

namespace Polder.Parquet.Footer;

/// <summary>
/// A split-block bloom filter (BloomFilter.md): says of a value that a chunk does not have it, or that it may. Values
/// are hashed by XXH64 over their PLAIN bytes, byte arrays without their length.
/// </summary>
internal sealed class BloomFilter
{
    private const int WordsPerBlock = 8;
    private const int BlockBytes = WordsPerBlock * sizeof(uint);
    private const int LargestBytes = 128 << 20;

    private readonly uint[] _words;

    private BloomFilter(uint[] words)
    {
        _words = words;
    }

    private static ReadOnlySpan<uint> Salt =>
    [
        0x47b6137b, 0x44974d91, 0x8824ad5b, 0xa2b7289d, 0x705495c7, 0x2df1424b, 0x9efc4947, 0x5c6bfb31,
    ];

    /// <summary>The hash of a value.</summary>
    public static ulong Hash(ReadOnlySpan<byte> plain) => XxHash64.HashToUInt64(plain);

    /// <summary>A filter of some values that one other in a hundred passes.</summary>
    public static BloomFilter Of(IReadOnlyCollection<ulong> hashes)
    {
        // BloomFilter.md, "Sizing": 10.5 bits a value for one in a hundred.
        long blocks = long.Max(1, (long)double.Ceiling(hashes.Count * 10.5 / (BlockBytes * 8)));
        long powerOfTwo = 1;
        while (powerOfTwo < blocks && powerOfTwo < LargestBytes / BlockBytes)
        {
            powerOfTwo *= 2;
        }

        BloomFilter filter = new(new uint[powerOfTwo * WordsPerBlock]);
        foreach (ulong hash in hashes)
        {
            Span<uint> block = filter._words.AsSpan(filter.BlockOf(hash), WordsPerBlock);
            for (int word = 0; word < WordsPerBlock; word++)
            {
                block[word] |= Bit(hash, word);
            }
        }

        return filter;
    }

    /// <summary>Whether a value of this hash may be there.</summary>
    public bool MayContain(ulong hash)
    {
        ReadOnlySpan<uint> block = _words.AsSpan(BlockOf(hash), WordsPerBlock);
        for (int word = 0; word < WordsPerBlock; word++)
        {
            if ((block[word] & Bit(hash, word)) == 0)
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Decodes header and bits.</summary>
    /// <param name="bytes">The bytes from the header on, perhaps not all of them.</param>
    /// <param name="limits">What the input may ask for.</param>
    /// <param name="fileOffset">Where the bytes stand in their file, for messages.</param>
    /// <param name="neededBytes">Bytes that decoding needs; more than were given where it fails for that.</param>
    /// <returns>Null where bytes are missing, or the filter is of a kind yet unknown.</returns>
    /// <exception cref="CorruptFileException">The bytes are no bloom filter.</exception>
    public static BloomFilter? TryDecode(
        ReadOnlySpan<byte> bytes, Limits limits, long fileOffset, out int neededBytes)
    {
        CompactReader reader = new(bytes, limits, fileOffset);
        int sizeBytes = 0;
        bool isKnown = true;
        short fieldId = 0;
        while (reader.ReadField(ref fieldId, out CompactType type))
        {
            switch (fieldId)
            {
                case 1:
                    sizeBytes = reader.ReadInt32(type);
                    break;
                case 2 or 3 or 4:
                    isKnown &= ReadChoice(ref reader, type) == 1;
                    break;
                default:
                    reader.Skip(type);
                    break;
            }
        }

        if (sizeBytes <= 0 || sizeBytes > LargestBytes || sizeBytes % BlockBytes != 0)
        {
            throw reader.Corrupt($"a bloom filter of {sizeBytes} bytes");
        }

        neededBytes = reader.Position + sizeBytes;
        return !isKnown || bytes.Length < neededBytes
            ? null
            : new BloomFilter(ByteCast.As<uint>(bytes.Slice(reader.Position, sizeBytes)).ToArray());
    }

    /// <summary>Appends header and bits.</summary>
    public void Encode(BufferBuilder target)
    {
        CompactWriter writer = new(target);
        writer.WriteInt32(1, _words.Length * sizeof(uint));
        for (int choice = 2; choice <= 4; choice++)
        {
            // Unions of one empty struct each: by blocks, XXH64, uncompressed.
            writer.BeginStruct(choice);
            writer.BeginStruct(1);
            writer.EndStruct();
            writer.EndStruct();
        }

        writer.EndStruct();
        target.Write(ByteCast.ToBytes(_words.AsSpan()));
    }

    private static short ReadChoice(ref CompactReader reader, CompactType structType)
    {
        reader.ExpectStruct(structType);
        short chosen = 0, fieldId = 0;
        while (reader.ReadField(ref fieldId, out CompactType type))
        {
            chosen = fieldId;
            reader.Skip(type);
        }

        return chosen;
    }

    private int BlockOf(ulong hash) =>
        (int)(((hash >> 32) * (ulong)(_words.Length / WordsPerBlock)) >> 32) * WordsPerBlock;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint Bit(ulong hash, int word) => 1u << (int)(((uint)hash * Salt[word]) >> 27);
}
