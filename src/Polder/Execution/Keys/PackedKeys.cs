using System;
using System.Runtime.InteropServices;
using Polder.Bytes;

namespace Polder.Execution.Keys;

/// <summary>A key packed into words, with one flag per null column.</summary>
internal interface IPackedKey<TSelf> : IEquatable<TSelf>
    where TSelf : unmanaged, IPackedKey<TSelf>
{
    /// <summary>The first word.</summary>
    ulong Low { get; }

    /// <summary>The second word, or 0.</summary>
    ulong High { get; }

    /// <summary>Bit c is set where column c is null.</summary>
    uint Nulls { get; }

    /// <summary>A well-mixed hash.</summary>
    ulong Hash { get; }

    /// <summary>Bytes a key takes.</summary>
    static abstract int SizeBytes { get; }

    /// <summary>Makes a key.</summary>
    static abstract TSelf Create(ulong low, ulong high, uint nulls);
}

/// <summary>A key of one word. Packed so that a slot of the table has 16 bytes.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 4)]
internal readonly struct NarrowKey(ulong low, uint nulls) : IPackedKey<NarrowKey>
{
    public ulong Low { get; } = low;

    public ulong High => 0;

    public uint Nulls { get; } = nulls;

    public ulong Hash => Hash64.Words(Low, Nulls);

    public static int SizeBytes => 12;

    public static NarrowKey Create(ulong low, ulong high, uint nulls) => new(low, nulls);

    public bool Equals(NarrowKey other) => Low == other.Low && Nulls == other.Nulls;

    public override bool Equals(object? obj) => obj is NarrowKey other && Equals(other);

    public override int GetHashCode() => (int)Hash;
}

/// <summary>A key of two words.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 4)]
internal readonly struct WideKey(ulong low, ulong high, uint nulls) : IPackedKey<WideKey>
{
    public ulong Low { get; } = low;

    public ulong High { get; } = high;

    public uint Nulls { get; } = nulls;

    public ulong Hash => Hash64.Words(Low, Hash64.Words(High, Nulls));

    public static int SizeBytes => 20;

    public static WideKey Create(ulong low, ulong high, uint nulls) => new(low, high, nulls);

    public bool Equals(WideKey other) => Low == other.Low && High == other.High && Nulls == other.Nulls;

    public override bool Equals(object? obj) => obj is WideKey other && Equals(other);

    public override int GetHashCode() => (int)Hash;
}
