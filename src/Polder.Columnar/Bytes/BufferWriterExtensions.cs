using System;
using System.Buffers;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Polder.Bytes;

/// <summary>Numbers written to anything that takes bytes, a <see cref="BufferBuilder"/> among them.</summary>
public static class BufferWriterExtensions
{
    /// <summary>A number in <c>sizeof(T)</c> bytes, the lowest first.</summary>
    public static void WriteLittleEndian<T>(this IBufferWriter<byte> writer, T value)
        where T : unmanaged, IBinaryNumber<T> => WriteNumber(writer, value, !BitConverter.IsLittleEndian);

    /// <summary>A number in <c>sizeof(T)</c> bytes, the highest first.</summary>
    public static void WriteBigEndian<T>(this IBufferWriter<byte> writer, T value)
        where T : unmanaged, IBinaryNumber<T> => WriteNumber(writer, value, BitConverter.IsLittleEndian);

    /// <summary>The low 0 to 8 bytes of a number, the lowest first. Signed numbers go through a cast.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The number of bytes is not 0 to 8.</exception>
    public static void WriteUInt64LittleEndian(this IBufferWriter<byte> writer, ulong value, int byteCount)
    {
        Span<byte> bytes = Reserve(writer, byteCount);
        for (int index = 0; index < byteCount; index++)
        {
            bytes[index] = (byte)(value >> (8 * index));
        }

        writer.Advance(byteCount);
    }

    /// <summary>The low 0 to 8 bytes of a number, the highest first. Signed numbers go through a cast.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The number of bytes is not 0 to 8.</exception>
    public static void WriteUInt64BigEndian(this IBufferWriter<byte> writer, ulong value, int byteCount)
    {
        Span<byte> bytes = Reserve(writer, byteCount);
        for (int index = 0; index < byteCount; index++)
        {
            bytes[byteCount - 1 - index] = (byte)(value >> (8 * index));
        }

        writer.Advance(byteCount);
    }

    /// <summary>One byte many times.</summary>
    public static void WriteRepeated(this IBufferWriter<byte> writer, byte value, int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        while (count > 0)
        {
            Span<byte> room = writer.GetSpan();
            int filled = int.Min(room.Length, count);
            room[..filled].Fill(value);
            writer.Advance(filled);
            count -= filled;
        }
    }

    /// <summary>A copy of what a reader has left; the reader ends at its end.</summary>
    public static void WriteAll(this IBufferWriter<byte> writer, ref BufferReader source)
    {
        while (source.Remaining > 0)
        {
            ReadOnlySpan<byte> piece = source.CurrentSpan;
            writer.Write(piece);
            source.Advance(piece.Length);
        }
    }

    private static Span<byte> Reserve(IBufferWriter<byte> writer, int byteCount)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(byteCount);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(byteCount, sizeof(ulong));
        return writer.GetSpan(byteCount);
    }

    private static void WriteNumber<T>(IBufferWriter<byte> writer, T value, bool isReversed)
        where T : unmanaged
    {
        int size = Unsafe.SizeOf<T>();
        Span<byte> bytes = writer.GetSpan(size)[..size];
        MemoryMarshal.Write(bytes, value);
        if (isReversed)
        {
            bytes.Reverse();
        }

        writer.Advance(size);
    }
}
