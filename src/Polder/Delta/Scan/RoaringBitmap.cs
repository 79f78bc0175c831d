using System;
using System.Buffers.Binary;
using System.Numerics;

namespace Polder.Delta.Scan;

/// <summary>
/// PROTOCOL "Deletion Vector Format": decodes the portable form of a 64-bit Roaring bitmap (RoaringFormatSpec,
/// "extension for 64-bit implementations") into a plain bitmap.
/// </summary>
internal static class RoaringBitmap
{
    private const uint Magic = 1681511377;
    private const int ContainersWithoutOffsets = 4;
    private const int LargestArray = 4096;
    private const int ContainerBits = 1 << 16;
    private const ushort CookieWithRuns = 12347;
    private const uint CookieWithoutRuns = 12346;

    /// <summary>Sets the bits of a bitmap that is large enough for <paramref name="rowCount"/> rows.</summary>
    /// <returns>How many bits were set.</returns>
    /// <exception cref="CorruptFileException">It is no such bitmap, or names rows beyond the last.</exception>
    public static long Decode(ReadOnlySpan<byte> data, byte[] bits, long rowCount)
    {
        Reader reader = new(data);
        if (reader.ReadUInt32() != Magic)
        {
            throw new CorruptFileException("the deletion vector does not begin with its magic number");
        }

        ulong bitmapCount = reader.ReadUInt64();
        long previous = -1;
        for (ulong index = 0; index < bitmapCount; index++)
        {
            uint key = reader.ReadUInt32();
            if (key <= previous || key > int.MaxValue)
            {
                throw new CorruptFileException($"the deletion vector's bitmap {key} stands behind {previous}");
            }

            previous = key;
            DecodeBitmap(ref reader, (long)key << 32, bits, rowCount);
        }

        long count = 0;
        foreach (byte part in bits)
        {
            count += BitOperations.PopCount(part);
        }

        return count;
    }

    private static void DecodeBitmap(ref Reader reader, long high, byte[] bits, long rowCount)
    {
        uint cookie = reader.ReadUInt32();
        bool hasRuns = (cookie & 0xFFFF) == CookieWithRuns;
        if (!hasRuns && cookie != CookieWithoutRuns)
        {
            throw new CorruptFileException($"a bitmap of the deletion vector has the unknown cookie {cookie}");
        }

        int containerCount = hasRuns ? (int)(cookie >> 16) + 1 : (int)uint.Min(reader.ReadUInt32(), ContainerBits);
        ReadOnlySpan<byte> runFlags = hasRuns ? reader.Read((containerCount + 7) / 8) : default;
        ReadOnlySpan<byte> headers = reader.Read(containerCount * 4);
        if (!hasRuns || containerCount >= ContainersWithoutOffsets)
        {
            reader.Read(containerCount * 4);
        }

        int previous = -1;
        for (int index = 0; index < containerCount; index++)
        {
            int key = BinaryPrimitives.ReadUInt16LittleEndian(headers[(index * 4)..]);

            // Ascending, as the specification has it: a few bytes could else set the same bits for ever.
            if (key <= previous)
            {
                throw new CorruptFileException($"the deletion vector's container {key} stands behind {previous}");
            }

            previous = key;
            long first = high + ((long)key << 16);
            int cardinality = BinaryPrimitives.ReadUInt16LittleEndian(headers[((index * 4) + 2)..]) + 1;
            bool isRun = hasRuns && (runFlags[index / 8] & (1 << (index % 8))) != 0;
            DecodeContainer(ref reader, first, cardinality, isRun, new Target(bits, rowCount));
        }
    }

    private static void DecodeContainer(ref Reader reader, long first, int cardinality, bool isRun, Target target)
    {
        if (isRun)
        {
            int runCount = reader.ReadUInt16();
            int previousEnd = 0;
            for (int run = 0; run < runCount; run++)
            {
                int start = reader.ReadUInt16(), length = reader.ReadUInt16() + 1;
                if (start < previousEnd || start + length > ContainerBits)
                {
                    throw new CorruptFileException($"the deletion vector has a run of {length} rows at {start}");
                }

                previousEnd = start + length;
                for (int value = start; value < start + length; value++)
                {
                    target.Set(first + value);
                }
            }
        }
        else if (cardinality <= LargestArray)
        {
            for (int index = 0; index < cardinality; index++)
            {
                target.Set(first + reader.ReadUInt16());
            }
        }
        else
        {
            ReadOnlySpan<byte> words = reader.Read(ContainerBits / 8);
            for (int value = 0; value < ContainerBits; value++)
            {
                if ((words[value / 8] & (1 << (value % 8))) != 0)
                {
                    target.Set(first + value);
                }
            }
        }
    }

    private readonly struct Target(byte[] bits, long rowCount)
    {
        public void Set(long row)
        {
            if (row >= rowCount)
            {
                throw new CorruptFileException($"the deletion vector deletes row {row} of {rowCount}");
            }

            bits[row / 8] |= (byte)(1 << (int)(row % 8));
        }
    }

    private ref struct Reader(ReadOnlySpan<byte> data)
    {
        private ReadOnlySpan<byte> _rest = data;

        public ReadOnlySpan<byte> Read(int length)
        {
            if (length > _rest.Length)
            {
                throw new CorruptFileException("the deletion vector ends in the middle of a bitmap");
            }

            ReadOnlySpan<byte> read = _rest[..length];
            _rest = _rest[length..];
            return read;
        }

        public ushort ReadUInt16() => BinaryPrimitives.ReadUInt16LittleEndian(Read(sizeof(ushort)));

        public uint ReadUInt32() => BinaryPrimitives.ReadUInt32LittleEndian(Read(sizeof(uint)));

        public ulong ReadUInt64() => BinaryPrimitives.ReadUInt64LittleEndian(Read(sizeof(ulong)));
    }
}
