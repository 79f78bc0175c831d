using System;
using System.Collections.Generic;
using Polder.Delta.Scan;

namespace Polder.Fuzz.Targets;

/// <summary>A deletion vector's bitmap: 64-bit Roaring, portable form.</summary>
internal sealed class DeletionVectorTarget() : FuzzTarget("deletion-vector")
{
    private const int RowCount = 1 << 18;
    private static readonly byte[] Magic = [0xD1, 0xD3, 0x39, 0x64];

    public override IEnumerable<byte[]> Seeds()
    {
        byte[] one = [1, 0, 0, 0, 0, 0, 0, 0];
        byte[] high = [0, 0, 0, 0];

        // An array of 3, a run container, a bitmap container.
        byte[] array = [0x3A, 0x30, 0, 0, 1, 0, 0, 0, 0, 0, 2, 0, 16, 0, 0, 0, 1, 0, 5, 0, 9, 0];
        yield return [.. Magic, .. one, .. high, .. array];
        yield return [.. Magic, .. one, .. high, 0x3B, 0x30, 0, 0, 1, 0, 0, 9, 0, 1, 0, 3, 0, 9, 0];
        byte[] bits = new byte[8192];
        bits.AsSpan().Fill(0xFF);
        yield return [.. Magic, .. one, .. high, 0x3A, 0x30, 0, 0, 1, 0, 0, 0, 1, 0, 0xFF, 0xFF, 16, 0, 0, 0, .. bits];
    }

    public override void Run(ReadOnlySpan<byte> input) => RoaringBitmap.Decode(input, new byte[RowCount / 8], RowCount);
}
