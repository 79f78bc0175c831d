using System;
using System.Numerics;

namespace Polder.Columns.Values;

/// <summary>The unscaled digits of a wide decimal as Arrow holds them: 256 bits in two's complement.</summary>
/// <param name="Low">The low half.</param>
/// <param name="High">The high half, with the sign.</param>
internal readonly record struct Int256(UInt128 Low, Int128 High)
{
    /// <summary>Bytes of a value.</summary>
    public const int SizeBytes = 32;

    /// <summary>One of many values back to back.</summary>
    public static BigInteger ToBigInteger(ReadOnlySpan<byte> values, int row) =>
        new(values.Slice(row * SizeBytes, SizeBytes));
}
