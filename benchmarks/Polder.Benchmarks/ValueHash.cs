using System;
using System.Collections.Generic;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Apache.Arrow;
using Apache.Arrow.Types;

namespace Polder.Benchmarks;

/// <summary>
/// A hash of every value, all of them joined by exclusive or: beside an engine that cannot decode without looking.
/// Entries of a dictionary are hashed once for all batches that share it, and looked up for every row.
/// </summary>
internal sealed class ValueHash
{
    private const ulong First = 0xbf58476d1ce4e5b9;
    private const ulong Second = 0x94d049bb133111eb;

    private readonly Dictionary<int, (ArrayData Entries, ulong[] Hashes)> _dictionaries = [];

    /// <summary>The joined hashes so far.</summary>
    public ulong Mixed { get; private set; }

    /// <summary>Adds every value of a batch.</summary>
    public void Add(RecordBatch batch)
    {
        for (int column = 0; column < batch.ColumnCount; column++)
        {
            ArrayData data = batch.Column(column).Data;
            Mixed ^= data.Dictionary is null ? Of(data) : OfPositions(column, data);
        }
    }

    private static ulong Of(ArrayData data) => data.DataType switch
    {
        StringType or BinaryType => OfBytes(data, []),
        Decimal128Type => OfWords(data.Buffers[1].Span[..(data.Length * 16)]),
        Int64Type or TimestampType or DoubleType => OfWords(data.Buffers[1].Span[..(data.Length * 8)]),
        FixedWidthType fixedWidth => OfInts(data.Buffers[1].Span[..(data.Length * fixedWidth.BitWidth / 8)]),
        _ => throw new NotSupportedException(data.DataType.Name),
    };

    private ulong OfPositions(int column, ArrayData data)
    {
        if (!_dictionaries.TryGetValue(column, out (ArrayData Entries, ulong[] Hashes) known) ||
            known.Entries != data.Dictionary)
        {
            ulong[] hashes = new ulong[data.Dictionary.Length];
            OfBytes(data.Dictionary, hashes);
            known = (data.Dictionary, hashes);
            _dictionaries[column] = known;
        }

        ulong mixed = 0;
        foreach (int position in MemoryMarshal.Cast<byte, int>(data.Buffers[1].Span)[..data.Length])
        {
            mixed ^= known.Hashes[position];
        }

        return mixed;
    }

    private static ulong OfWords(ReadOnlySpan<byte> bytes)
    {
        ReadOnlySpan<ulong> words = MemoryMarshal.Cast<byte, ulong>(bytes);
        ulong mixed = 0;
        if (Vector512.IsHardwareAccelerated)
        {
            Vector512<ulong> wide = Vector512<ulong>.Zero;
            for (; words.Length >= Vector512<ulong>.Count; words = words[Vector512<ulong>.Count..])
            {
                wide ^= Mix(Vector512.Create(words));
            }

            mixed = Join(wide);
        }

        foreach (ulong word in words)
        {
            mixed ^= Mix(word);
        }

        return mixed;
    }

    private static ulong OfInts(ReadOnlySpan<byte> bytes)
    {
        ReadOnlySpan<uint> words = MemoryMarshal.Cast<byte, uint>(bytes);
        ulong mixed = 0;
        if (Vector512.IsHardwareAccelerated)
        {
            Vector512<ulong> wide = Vector512<ulong>.Zero;
            for (; words.Length >= Vector512<uint>.Count; words = words[Vector512<uint>.Count..])
            {
                (Vector512<ulong> lower, Vector512<ulong> upper) = Vector512.Widen(Vector512.Create(words));
                wide ^= Mix(lower) ^ Mix(upper);
            }

            mixed = Join(wide);
        }

        foreach (uint word in words)
        {
            mixed ^= Mix(word);
        }

        return mixed;
    }

    private static ulong OfBytes(ArrayData data, Span<ulong> hashes)
    {
        ReadOnlySpan<int> offsets = MemoryMarshal.Cast<byte, int>(data.Buffers[1].Span);
        ReadOnlySpan<byte> bytes = data.Buffers[2].Span;
        ulong mixed = 0;
        for (int row = 0; row < data.Length; row++)
        {
            ulong hash = Of(bytes[offsets[row]..offsets[row + 1]]);
            mixed ^= hash;
            if (!hashes.IsEmpty)
            {
                hashes[row] = hash;
            }
        }

        return mixed;
    }

    // Eight bytes a step, the last of them once more with those before: every byte counts.
    private static ulong Of(ReadOnlySpan<byte> value)
    {
        ulong hash = (ulong)value.Length * Second;
        if (value.Length >= sizeof(ulong))
        {
            ulong last = MemoryMarshal.Read<ulong>(value[^sizeof(ulong)..]);
            for (; value.Length > sizeof(ulong); value = value[sizeof(ulong)..])
            {
                hash = Fold(hash ^ MemoryMarshal.Read<ulong>(value));
            }

            return Mix(hash ^ last);
        }

        ulong rest = 0;
        if (value.Length >= sizeof(uint))
        {
            rest = ((ulong)MemoryMarshal.Read<uint>(value) << 32) | MemoryMarshal.Read<uint>(value[^sizeof(uint)..]);
        }
        else
        {
            foreach (byte item in value)
            {
                rest = (rest << 8) | item;
            }
        }

        return Mix(hash ^ rest);
    }

    private static ulong Fold(ulong value)
    {
        ulong upper = Math.BigMul(value, First, out ulong lower);
        return upper ^ lower;
    }

    // The finaliser of SplitMix64.
    private static ulong Mix(ulong value)
    {
        value = (value ^ (value >> 30)) * First;
        value = (value ^ (value >> 27)) * Second;
        return value ^ (value >> 31);
    }

    private static Vector512<ulong> Mix(Vector512<ulong> values)
    {
        values = (values ^ (values >>> 30)) * First;
        values = (values ^ (values >>> 27)) * Second;
        return values ^ (values >>> 31);
    }

    private static ulong Join(Vector512<ulong> values)
    {
        ulong mixed = 0;
        for (int lane = 0; lane < Vector512<ulong>.Count; lane++)
        {
            mixed ^= values.GetElement(lane);
        }

        return mixed;
    }
}
