using System;
using System.Buffers.Binary;
using Polder.Bytes;
using Polder.Parquet.Encodings;

namespace Polder.Parquet.Levels;

/// <summary>The levels of a V1 page: hybrid-encoded, with a four-byte length before them.</summary>
internal static class LevelEncoder
{
    /// <summary>Appends levels held in bytes.</summary>
    public static void Encode(ReadOnlySpan<byte> levels, int maxLevel, BufferBuilder target)
    {
        int start = Begin(target);
        RleHybridEncoder.Encode(levels, RleHybridEncoder.WidthOf(maxLevel), target);
        End(target, start);
    }

    /// <summary>Appends definition levels of at most 1, from bit 0 of a bitmap.</summary>
    public static void EncodeBits(ReadOnlySpan<byte> bits, int count, int oneCount, BufferBuilder target)
    {
        int start = Begin(target);
        if (oneCount == 0 || oneCount == count)
        {
            RleHybridEncoder.PutRun(count, oneCount == 0 ? 0 : 1, 1, target);
        }
        else
        {
            RleHybridEncoder.EncodeBits(bits, count, target);
        }

        End(target, start);
    }

    private static int Begin(BufferBuilder target)
    {
        target.Reserve(sizeof(int));
        target.Advance(sizeof(int));
        return target.Length;
    }

    private static void End(BufferBuilder target, int start) =>
        BinaryPrimitives.WriteInt32LittleEndian(target.Span[(start - sizeof(int))..], target.Length - start);
}
