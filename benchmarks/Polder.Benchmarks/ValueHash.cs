using System;
using System.Runtime.InteropServices;
using Apache.Arrow;
using Apache.Arrow.Types;

namespace Polder.Benchmarks;

/// <summary>A hash of every value of a batch: beside an engine that cannot decode without looking.</summary>
internal static class ValueHash
{
    public static ulong Of(RecordBatch batch)
    {
        ulong mixed = 0;
        for (int column = 0; column < batch.ColumnCount; column++)
        {
            mixed ^= Of(batch.Column(column).Data);
        }

        return mixed;
    }

    private static ulong Of(ArrayData data) => data.DataType switch
    {
        StringType or BinaryType => OfBytes(data),
        Decimal128Type => OfWords(data.Buffers[1].Span[..(data.Length * 16)]),
        Int64Type or TimestampType or DoubleType => OfWords(data.Buffers[1].Span[..(data.Length * 8)]),
        FixedWidthType fixedWidth => OfInts(data.Buffers[1].Span[..(data.Length * fixedWidth.BitWidth / 8)]),
        _ => throw new NotSupportedException(data.DataType.Name),
    };

    private static ulong OfWords(ReadOnlySpan<byte> bytes)
    {
        ulong mixed = 0;
        foreach (ulong word in MemoryMarshal.Cast<byte, ulong>(bytes))
        {
            mixed ^= Mix(word);
        }

        return mixed;
    }

    private static ulong OfInts(ReadOnlySpan<byte> bytes)
    {
        ulong mixed = 0;
        foreach (uint word in MemoryMarshal.Cast<byte, uint>(bytes))
        {
            mixed ^= Mix(word);
        }

        return mixed;
    }

    private static ulong OfBytes(ArrayData data)
    {
        ReadOnlySpan<int> offsets = MemoryMarshal.Cast<byte, int>(data.Buffers[1].Span);
        ReadOnlySpan<byte> bytes = data.Buffers[2].Span;
        ulong mixed = 0;
        for (int row = 0; row < data.Length; row++)
        {
            ReadOnlySpan<byte> value = bytes[offsets[row]..offsets[row + 1]];
            ulong hash = (ulong)value.Length;
            while (value.Length >= 8)
            {
                hash = Mix(hash ^ MemoryMarshal.Read<ulong>(value));
                value = value[8..];
            }

            ulong rest = 0;
            foreach (byte item in value)
            {
                rest = (rest << 8) | item;
            }

            mixed ^= Mix(hash ^ rest);
        }

        return mixed;
    }

    // The finaliser of SplitMix64.
    private static ulong Mix(ulong value)
    {
        value = (value ^ (value >> 30)) * 0xbf58476d1ce4e5b9;
        value = (value ^ (value >> 27)) * 0x94d049bb133111eb;
        return value ^ (value >> 31);
    }
}
