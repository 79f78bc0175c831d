using System;
using System.Buffers.Binary;
using System.Collections.Generic;

namespace Polder.Columns.Variant;

/// <summary>Bytes of variants as they grow: the encoding itself, without a dictionary.</summary>
internal sealed class VariantBuffer
{
    private const int MaxShortStringBytes = 63;

    private byte[] _bytes = new byte[256];

    /// <summary>Bytes so far.</summary>
    public int Length { get; private set; }

    /// <summary>The bytes so far; borrowed until the next append.</summary>
    public ReadOnlySpan<byte> Written => _bytes.AsSpan(0, Length);

    /// <summary>Forgets bytes from a position on.</summary>
    public void Truncate(int length) => Length = length;

    /// <summary>Appends bytes that are a value already.</summary>
    public void AppendRaw(ReadOnlySpan<byte> bytes) => bytes.CopyTo(Reserve(bytes.Length));

    public void AppendHeader(VariantPrimitive type) => Reserve(1)[0] = (byte)((int)type << 2);

    public void AppendBoolean(bool value) => AppendHeader(value ? VariantPrimitive.True : VariantPrimitive.False);

    /// <summary>Appends an integer in the shortest form that holds it, as Spark does.</summary>
    public void AppendInteger(long value)
    {
        VariantPrimitive type = value switch
        {
            >= sbyte.MinValue and <= sbyte.MaxValue => VariantPrimitive.Int8,
            >= short.MinValue and <= short.MaxValue => VariantPrimitive.Int16,
            >= int.MinValue and <= int.MaxValue => VariantPrimitive.Int32,
            _ => VariantPrimitive.Int64,
        };
        AppendNumber(type, value);
    }

    /// <summary>Appends a primitive whose value is a little-endian integer: all but strings, binaries, UUIDs.</summary>
    public void AppendNumber(VariantPrimitive type, long value)
    {
        int width = type switch
        {
            VariantPrimitive.Int8 => 1,
            VariantPrimitive.Int16 => 2,
            VariantPrimitive.Int32 or VariantPrimitive.Date or VariantPrimitive.Float => 4,
            _ => 8,
        };
        AppendHeader(type);
        AppendLittleEndian(value, width);
    }

    public void AppendFloat(float value) =>
        AppendNumber(VariantPrimitive.Float, BitConverter.SingleToInt32Bits(value));

    public void AppendDouble(double value) =>
        AppendNumber(VariantPrimitive.Double, BitConverter.DoubleToInt64Bits(value));

    /// <summary>Appends a decimal in the shortest form that holds its digits and its scale, as Spark does.</summary>
    public void AppendDecimal(Int128 unscaled, int scale)
    {
        Int128 magnitude = Int128.Abs(unscaled);
        VariantPrimitive type = scale switch
        {
            <= 9 when magnitude <= 999_999_999 => VariantPrimitive.Decimal4,
            <= 18 when magnitude <= 999_999_999_999_999_999 => VariantPrimitive.Decimal8,
            _ => VariantPrimitive.Decimal16,
        };
        AppendDecimal(type, unscaled, scale);
    }

    public void AppendDecimal(VariantPrimitive type, Int128 unscaled, int scale)
    {
        AppendHeader(type);
        Reserve(1)[0] = (byte)scale;
        AppendLittleEndian(
            unscaled, type switch { VariantPrimitive.Decimal4 => 4, VariantPrimitive.Decimal8 => 8, _ => 16 });
    }

    public void AppendUtf8(ReadOnlySpan<byte> text)
    {
        if (text.Length <= MaxShortStringBytes)
        {
            Reserve(1)[0] = (byte)((text.Length << 2) | 1);
            AppendRaw(text);
            return;
        }

        AppendBytes(VariantPrimitive.String, text);
    }

    public void AppendBinary(ReadOnlySpan<byte> bytes) => AppendBytes(VariantPrimitive.Binary, bytes);

    public void AppendUuid(Guid value)
    {
        AppendHeader(VariantPrimitive.Uuid);
        value.TryWriteBytes(Reserve(16), bigEndian: true, out _);
    }

    /// <summary>Puts the header of an object before the values of its fields.</summary>
    /// <param name="start">Where the values begin.</param>
    /// <param name="fields">Ids and where values begin, counted from there; in the order of keys.</param>
    public void EndObject(int start, ReadOnlySpan<(int Id, int Offset)> fields)
    {
        int largestId = 0;
        foreach ((int id, _) in fields)
        {
            largestId = int.Max(largestId, id);
        }

        int size = Length - start;
        int idBytes = WidthOf(largestId);
        int offsetBytes = WidthOf(size);
        bool isLarge = fields.Length > byte.MaxValue;
        Span<byte> header = Insert(
            start, checked(1 + (isLarge ? 4 : 1) + (fields.Length * (idBytes + offsetBytes)) + offsetBytes));
        header[0] = (byte)((((isLarge ? 1 : 0) << 4 | (idBytes - 1) << 2 | (offsetBytes - 1)) << 2) | 2);
        Write(ref header, 1, isLarge ? 4 : 1, fields.Length);
        foreach ((int id, _) in fields)
        {
            Write(ref header, 0, idBytes, id);
        }

        foreach ((_, int offset) in fields)
        {
            Write(ref header, 0, offsetBytes, offset);
        }

        Write(ref header, 0, offsetBytes, size);
    }

    /// <summary>Puts the header of an array before its elements.</summary>
    /// <param name="start">Where the elements begin.</param>
    /// <param name="offsets">Where each begins, counted from there.</param>
    public void EndArray(int start, ReadOnlySpan<int> offsets)
    {
        int size = Length - start;
        int offsetBytes = WidthOf(size);
        bool isLarge = offsets.Length > byte.MaxValue;
        Span<byte> header = Insert(
            start, checked(1 + (isLarge ? 4 : 1) + ((offsets.Length + 1) * offsetBytes)));
        header[0] = (byte)((((isLarge ? 1 : 0) << 2 | (offsetBytes - 1)) << 2) | 3);
        Write(ref header, 1, isLarge ? 4 : 1, offsets.Length);
        foreach (int offset in offsets)
        {
            Write(ref header, 0, offsetBytes, offset);
        }

        Write(ref header, 0, offsetBytes, size);
    }

    /// <summary>Appends a dictionary: version and size of offsets, count, offsets, keys in the order of ids.</summary>
    public void AppendMetadata(IReadOnlyList<byte[]> keys)
    {
        int size = 0;
        for (int id = 0; id < keys.Count; id++)
        {
            size = checked(size + keys[id].Length);
        }

        int offsetBytes = WidthOf(int.Max(size, keys.Count));
        Span<byte> metadata = Reserve(checked(1 + ((keys.Count + 2) * offsetBytes) + size));
        metadata[0] = (byte)(1 | ((offsetBytes - 1) << 6));
        Write(ref metadata, 1, offsetBytes, keys.Count);
        int offset = 0;
        for (int id = 0; id < keys.Count; id++)
        {
            Write(ref metadata, 0, offsetBytes, offset);
            offset += keys[id].Length;
        }

        Write(ref metadata, 0, offsetBytes, offset);
        for (int id = 0; id < keys.Count; id++)
        {
            keys[id].CopyTo(metadata);
            metadata = metadata[keys[id].Length..];
        }
    }

    /// <summary>Room for bytes at the end.</summary>
    public Span<byte> Reserve(int count)
    {
        int needed = checked(Length + count);
        if (needed > _bytes.Length)
        {
            long capacity = long.Max(2L * _bytes.Length, needed);
            System.Array.Resize(ref _bytes, (int)long.Min(capacity, System.Array.MaxLength));
        }

        int start = Length;
        Length = needed;
        return _bytes.AsSpan(start, count);
    }

    private void AppendBytes(VariantPrimitive type, ReadOnlySpan<byte> bytes)
    {
        AppendHeader(type);
        BinaryPrimitives.WriteInt32LittleEndian(Reserve(4), bytes.Length);
        AppendRaw(bytes);
    }

    private void AppendLittleEndian(Int128 value, int width)
    {
        Span<byte> target = Reserve(width);
        for (int index = 0; index < width; index++)
        {
            target[index] = (byte)(value >> (8 * index));
        }
    }

    private static void Write(ref Span<byte> target, int skip, int width, int value)
    {
        for (int index = 0; index < width; index++)
        {
            target[skip + index] = (byte)(value >> (8 * index));
        }

        target = target[(skip + width)..];
    }

    private static int WidthOf(int number) => number switch
    {
        <= 0xFF => 1,
        <= 0xFFFF => 2,
        <= 0xFF_FFFF => 3,
        _ => 4,
    };

    /// <summary>Opens a gap before bytes already written.</summary>
    private Span<byte> Insert(int start, int count)
    {
        int moved = Length - start;
        Reserve(count);
        _bytes.AsSpan(start, moved).CopyTo(_bytes.AsSpan(start + count));
        return _bytes.AsSpan(start, count);
    }
}
