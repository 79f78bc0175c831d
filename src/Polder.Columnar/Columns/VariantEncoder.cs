using System;
using System.Buffers.Binary;
using System.Buffers.Text;
using System.Collections.Generic;
using System.Globalization;
using System.Text.Json;

namespace Polder.Columns;

/// <summary>
/// Encodes JSON as variants, choosing the forms that Spark's parse_json chooses: the shortest integer, decimals for
/// numbers without exponent of up to 38 digits, doubles for the rest. Spec: parquet-format, VariantEncoding.md.
/// Reusable; one thread at a time.
/// </summary>
internal sealed class VariantEncoder
{
    private const int MaxShortStringBytes = 63;
    private const int MaxDecimalDigits = 38;

    private readonly Dictionary<string, int> _idsByKey = new(StringComparer.Ordinal);
    private readonly List<byte[]> _keys = [];
    private byte[] _bytes = new byte[256];
    private int _length;

    private enum Primitive
    {
        Null = 0,
        True = 1,
        False = 2,
        Int8 = 3,
        Int16 = 4,
        Int32 = 5,
        Int64 = 6,
        Double = 7,
        Decimal4 = 8,
        Decimal8 = 9,
        Decimal16 = 10,
        String = 16,
    }

    /// <summary>Appends the value at the reader's token, and leaves the reader at the value's last token.</summary>
    /// <exception cref="JsonException">The text is no JSON, or an object names a key twice.</exception>
    public void Append(ref Utf8JsonReader reader, VariantBuilder builder)
    {
        _idsByKey.Clear();
        _keys.Clear();
        _length = 0;
        Encode(ref reader);
        int valueLength = _length;
        EncodeMetadata();
        builder.Append(_bytes.AsSpan(valueLength, _length - valueLength), _bytes.AsSpan(0, valueLength));
    }

    private void Encode(ref Utf8JsonReader reader)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.StartObject:
                EncodeObject(ref reader);
                break;
            case JsonTokenType.StartArray:
                EncodeArray(ref reader);
                break;
            case JsonTokenType.String:
                EncodeString(ref reader);
                break;
            case JsonTokenType.Number:
                EncodeNumber(reader.ValueSpan);
                break;
            case JsonTokenType.True:
                Header(Primitive.True);
                break;
            case JsonTokenType.False:
                Header(Primitive.False);
                break;
            default:
                Header(Primitive.Null);
                break;
        }
    }

    private void EncodeObject(ref Utf8JsonReader reader)
    {
        int start = _length;
        List<(int Id, int Offset)> fields = [];
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            fields.Add((IdOf(reader.GetString()!), _length - start));
            reader.Read();
            Encode(ref reader);
        }

        fields.Sort((left, right) => _keys[left.Id].AsSpan().SequenceCompareTo(_keys[right.Id]));
        int largestId = 0;
        for (int index = 0; index < fields.Count; index++)
        {
            largestId = int.Max(largestId, fields[index].Id);
            if (index > 0 && fields[index].Id == fields[index - 1].Id)
            {
                throw new JsonException("an object names a key twice");
            }
        }

        int size = _length - start;
        int idBytes = WidthOf(largestId);
        int offsetBytes = WidthOf(size);
        bool isLarge = fields.Count > byte.MaxValue;
        Span<byte> header = Insert(
            start, 1 + (isLarge ? 4 : 1) + (fields.Count * (idBytes + offsetBytes)) + offsetBytes);
        header[0] = (byte)((((isLarge ? 1 : 0) << 4 | (idBytes - 1) << 2 | (offsetBytes - 1)) << 2) | 2);
        Write(ref header, 1, isLarge ? 4 : 1, fields.Count);
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

    private void EncodeArray(ref Utf8JsonReader reader)
    {
        int start = _length;
        List<int> offsets = [];
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            offsets.Add(_length - start);
            Encode(ref reader);
        }

        int size = _length - start;
        int offsetBytes = WidthOf(size);
        bool isLarge = offsets.Count > byte.MaxValue;
        Span<byte> header = Insert(start, 1 + (isLarge ? 4 : 1) + ((offsets.Count + 1) * offsetBytes));
        header[0] = (byte)((((isLarge ? 1 : 0) << 2 | (offsetBytes - 1)) << 2) | 3);
        Write(ref header, 1, isLarge ? 4 : 1, offsets.Count);
        foreach (int offset in offsets)
        {
            Write(ref header, 0, offsetBytes, offset);
        }

        Write(ref header, 0, offsetBytes, size);
    }

    private void EncodeString(ref Utf8JsonReader reader)
    {
        // Unescaping only shortens; the header is put before what came out.
        int start = _length;
        int sizeBytes = reader.CopyString(Reserve(reader.ValueSpan.Length));
        _length = start + sizeBytes;
        if (sizeBytes <= MaxShortStringBytes)
        {
            Insert(start, 1)[0] = (byte)((sizeBytes << 2) | 1);
            return;
        }

        Span<byte> header = Insert(start, 5);
        header[0] = (byte)Primitive.String << 2;
        BinaryPrimitives.WriteInt32LittleEndian(header[1..], sizeBytes);
    }

    private void EncodeNumber(ReadOnlySpan<byte> text)
    {
        if (Utf8Parser.TryParse(text, out long integer, out int consumed) && consumed == text.Length)
        {
            (Primitive type, int width) = integer switch
            {
                >= sbyte.MinValue and <= sbyte.MaxValue => (Primitive.Int8, 1),
                >= short.MinValue and <= short.MaxValue => (Primitive.Int16, 2),
                >= int.MinValue and <= int.MaxValue => (Primitive.Int32, 4),
                _ => (Primitive.Int64, 8),
            };
            Header(type);
            AppendInteger(integer, width);
        }
        else if (TryParseDecimal(text, out Int128 unscaled, out int scale))
        {
            Int128 magnitude = Int128.Abs(unscaled);
            (Primitive type, int width) = scale switch
            {
                <= 9 when magnitude <= 999_999_999 => (Primitive.Decimal4, 4),
                <= 18 when magnitude <= 999_999_999_999_999_999 => (Primitive.Decimal8, 8),
                _ => (Primitive.Decimal16, 16),
            };
            Header(type);
            Reserve(1)[0] = (byte)scale;
            AppendInteger(unscaled, width);
        }
        else
        {
            Header(Primitive.Double);
            double value = double.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture);
            BinaryPrimitives.WriteDoubleLittleEndian(Reserve(8), value);
        }
    }

    private static bool TryParseDecimal(ReadOnlySpan<byte> text, out Int128 unscaled, out int scale)
    {
        unscaled = 0;
        scale = 0;
        int digits = 0;
        bool seenPoint = false;
        foreach (byte character in text)
        {
            if (character is (byte)'e' or (byte)'E')
            {
                return false;
            }

            seenPoint |= character == '.';
            if (character is >= (byte)'0' and <= (byte)'9')
            {
                if (digits == MaxDecimalDigits)
                {
                    return false;
                }

                unscaled = (unscaled * 10) + (character - '0');
                digits += unscaled == 0 ? 0 : 1;
                scale += seenPoint ? 1 : 0;
            }
        }

        unscaled = text[0] == '-' ? -unscaled : unscaled;
        return scale <= MaxDecimalDigits;
    }

    // Header (version 1, size of offsets), count, offsets, keys in the order of their ids.
    private void EncodeMetadata()
    {
        int size = 0;
        foreach (byte[] key in _keys)
        {
            size += key.Length;
        }

        int offsetBytes = WidthOf(int.Max(size, _keys.Count));
        Span<byte> metadata = Reserve(1 + ((_keys.Count + 2) * offsetBytes) + size);
        metadata[0] = (byte)(1 | ((offsetBytes - 1) << 6));
        Write(ref metadata, 1, offsetBytes, _keys.Count);
        int offset = 0;
        foreach (byte[] key in _keys)
        {
            Write(ref metadata, 0, offsetBytes, offset);
            offset += key.Length;
        }

        Write(ref metadata, 0, offsetBytes, offset);
        foreach (byte[] key in _keys)
        {
            key.CopyTo(metadata);
            metadata = metadata[key.Length..];
        }
    }

    private int IdOf(string key)
    {
        if (!_idsByKey.TryGetValue(key, out int id))
        {
            _idsByKey[key] = id = _keys.Count;
            _keys.Add(System.Text.Encoding.UTF8.GetBytes(key));
        }

        return id;
    }

    private void Header(Primitive type) => Reserve(1)[0] = (byte)((int)type << 2);

    private void AppendInteger(Int128 value, int width)
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
        int moved = _length - start;
        Reserve(count);
        _bytes.AsSpan(start, moved).CopyTo(_bytes.AsSpan(start + count));
        return _bytes.AsSpan(start, count);
    }

    private Span<byte> Reserve(int count)
    {
        int needed = checked(_length + count);
        if (needed > _bytes.Length)
        {
            long capacity = long.Max(2L * _bytes.Length, needed);
            System.Array.Resize(ref _bytes, (int)long.Min(capacity, System.Array.MaxLength));
        }

        int start = _length;
        _length = needed;
        return _bytes.AsSpan(start, count);
    }
}
