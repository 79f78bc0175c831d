using System;
using System.Buffers.Binary;
using System.Text;
using Polder.Columns.Values;

namespace Polder.Columns.Variant;

/// <summary>
/// A self-describing value over its two binaries, read where it lies: nothing is copied or allocated. Borrowed: valid
/// while the bytes are. Spec: parquet-format, VariantEncoding.md.
/// </summary>
/// <remarks>
/// Total: bytes are checked as far as they are read, so that any bytes give values or
/// <see cref="CorruptFileException"/>. Who walks a whole value that nobody vouches for also bounds depth and work, as
/// <see cref="Check(Limits?)"/> does: a damaged array may name one element a thousand times.
/// </remarks>
public readonly ref struct VariantValue
{
    /// <summary>From so many fields on a key is searched by halves, as its order allows.</summary>
    private const int LeastFieldsToHalve = 32;

    private readonly ReadOnlySpan<byte> _metadata;
    private readonly ReadOnlySpan<byte> _value;
    private readonly int _idBytes;
    private readonly int _offsetBytes;
    private readonly int _idsStart;
    private readonly int _offsetsStart;

    /// <summary>A value.</summary>
    /// <param name="metadata">Its dictionary of keys.</param>
    /// <param name="value">Its bytes; what is behind them is left alone.</param>
    /// <exception cref="CorruptFileException">The value does not lie in its bytes.</exception>
    /// <exception cref="UnsupportedFeatureException">A type newer than this reader.</exception>
    public VariantValue(ReadOnlySpan<byte> metadata, ReadOnlySpan<byte> value)
    {
        _metadata = metadata;
        byte header = value.IsEmpty ? throw EndsEarly() : value[0];
        int detail = header >> 2;
        long size;
        switch (header & 3)
        {
            case 0:
                (Kind, size) = MeasurePrimitive(detail, value);
                break;
            case 1:
                (Kind, size) = (VariantKind.String, 1 + detail);
                break;
            default:
                bool isObject = (header & 3) == 2;
                Kind = isObject ? VariantKind.Object : VariantKind.Array;
                _offsetBytes = (detail & 3) + 1;
                _idBytes = isObject ? ((detail >> 2) & 3) + 1 : 0;
                int countBytes = (detail & (isObject ? 16 : 4)) != 0 ? 4 : 1;
                Count = ReadUnsigned(value, 1, countBytes);
                _idsStart = 1 + countBytes;
                long offsetsStart = _idsStart + ((long)Count * _idBytes);
                long valuesStart = offsetsStart + ((Count + 1L) * _offsetBytes);
                _offsetsStart = valuesStart <= value.Length ? (int)offsetsStart : throw EndsEarly();
                ValuesStart = (int)valuesStart;
                size = valuesStart + ReadUnsigned(value, ValuesStart - _offsetBytes, _offsetBytes);
                break;
        }

        _value = size <= value.Length ? value[..(int)size] : throw EndsEarly();
    }

    /// <summary>What it is.</summary>
    public VariantKind Kind { get; }

    /// <summary>Fields of an object, elements of an array; otherwise 0.</summary>
    public int Count { get; }

    /// <summary>Whether it is the variant null.</summary>
    public bool IsNull => Kind == VariantKind.Null;

    /// <summary>Whether it is an integer of any width.</summary>
    public bool IsInteger => Kind is >= VariantKind.Int8 and <= VariantKind.Int64;

    /// <summary>The dictionary of keys; borrowed.</summary>
    public ReadOnlySpan<byte> Metadata => _metadata;

    /// <summary>The bytes of this value, no more; borrowed.</summary>
    public ReadOnlySpan<byte> Value => _value;

    /// <summary>Bytes before the values of an object or array: what is its own and not its children's.</summary>
    internal int ValuesStart { get; }

    /// <summary>An element of an array, or the value of a field of an object in the order of its keys.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There are fewer.</exception>
    /// <exception cref="CorruptFileException">The child does not lie in this value.</exception>
    public VariantValue this[int index]
    {
        get
        {
            CheckIndex(index);
            int offset = ReadUnsigned(_value, _offsetsStart + (index * _offsetBytes), _offsetBytes);
            return offset < _value.Length - ValuesStart
                ? new VariantValue(_metadata, _value[(ValuesStart + offset)..])
                : throw EndsEarly();
        }
    }

    /// <summary>The key of a field of an object, as UTF-8; borrowed.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There are fewer.</exception>
    /// <exception cref="CorruptFileException">The dictionary has no such key.</exception>
    public ReadOnlySpan<byte> KeyAt(int index)
    {
        Demand(VariantKind.Object);
        return VariantKeys.At(_metadata, IdAt(index));
    }

    /// <summary>The value of a field of an object; false where it has none of that key, or is no object.</summary>
    /// <param name="key">The key as UTF-8.</param>
    /// <param name="field">The field's value.</param>
    /// <exception cref="CorruptFileException">The value is damaged.</exception>
    public bool TryGetField(ReadOnlySpan<byte> key, out VariantValue field)
    {
        // The field may be read into the very variable that holds the object.
        int index = Kind == VariantKind.Object ? FindField(key) : -1;
        VariantValue found = index >= 0 ? this[index] : default;
        field = found;
        return index >= 0;
    }

    /// <summary>true or false.</summary>
    /// <exception cref="InvalidOperationException">It is of another kind.</exception>
    public bool GetBoolean()
    {
        Demand(VariantKind.Boolean);
        return _value[0] >> 2 == (int)VariantPrimitive.True;
    }

    /// <summary>An integer of any width.</summary>
    /// <exception cref="InvalidOperationException">It is of another kind.</exception>
    public long GetInteger() => Kind switch
    {
        VariantKind.Int8 => (sbyte)_value[1],
        VariantKind.Int16 => BinaryPrimitives.ReadInt16LittleEndian(_value[1..]),
        VariantKind.Int32 => BinaryPrimitives.ReadInt32LittleEndian(_value[1..]),
        VariantKind.Int64 => BinaryPrimitives.ReadInt64LittleEndian(_value[1..]),
        _ => throw Mismatch("an integer"),
    };

    /// <summary>A 32-bit floating point number.</summary>
    /// <exception cref="InvalidOperationException">It is of another kind.</exception>
    public float GetFloat()
    {
        Demand(VariantKind.Float);
        return BinaryPrimitives.ReadSingleLittleEndian(_value[1..]);
    }

    /// <summary>A 64-bit floating point number.</summary>
    /// <exception cref="InvalidOperationException">It is of another kind.</exception>
    public double GetDouble()
    {
        Demand(VariantKind.Double);
        return BinaryPrimitives.ReadDoubleLittleEndian(_value[1..]);
    }

    /// <summary>A decimal with the digits it was written with.</summary>
    /// <exception cref="InvalidOperationException">It is of another kind.</exception>
    /// <exception cref="CorruptFileException">It has more than 38 digits.</exception>
    public VariantDecimal GetDecimal()
    {
        Demand(VariantKind.Decimal);
        Int128 unscaled = _value.Length switch
        {
            6 => BinaryPrimitives.ReadInt32LittleEndian(_value[2..]),
            10 => BinaryPrimitives.ReadInt64LittleEndian(_value[2..]),
            _ => BinaryPrimitives.ReadInt128LittleEndian(_value[2..]),
        };
        int scale = _value[1];
        return scale <= VariantLimits.DecimalDigits && VariantLimits.IsDecimal(unscaled)
            ? new VariantDecimal(unscaled, scale)
            : throw new CorruptFileException("a variant holds a decimal of more than 38 digits");
    }

    /// <summary>Days since 1970-01-01.</summary>
    /// <exception cref="InvalidOperationException">It is of another kind.</exception>
    public int GetDate()
    {
        Demand(VariantKind.Date);
        return BinaryPrimitives.ReadInt32LittleEndian(_value[1..]);
    }

    /// <summary>A time or a timestamp of any sort, in the unit that its kind says.</summary>
    /// <exception cref="InvalidOperationException">It is of another kind.</exception>
    public long GetTime() => Kind is >= VariantKind.Time and <= VariantKind.TimestampNtzNanos
        ? BinaryPrimitives.ReadInt64LittleEndian(_value[1..])
        : throw Mismatch("a time or a timestamp");

    /// <summary>Text as UTF-8, not validated; borrowed.</summary>
    /// <exception cref="InvalidOperationException">It is of another kind.</exception>
    public ReadOnlySpan<byte> GetUtf8()
    {
        Demand(VariantKind.String);
        return (_value[0] & 3) == 1 ? _value[1..] : _value[5..];
    }

    /// <summary>Text.</summary>
    /// <exception cref="InvalidOperationException">It is of another kind.</exception>
    public string GetString() => Encoding.UTF8.GetString(GetUtf8());

    /// <summary>Bytes; borrowed.</summary>
    /// <exception cref="InvalidOperationException">It is of another kind.</exception>
    public ReadOnlySpan<byte> GetBinary()
    {
        Demand(VariantKind.Binary);
        return _value[5..];
    }

    /// <summary>A UUID.</summary>
    /// <exception cref="InvalidOperationException">It is of another kind.</exception>
    public Guid GetUuid()
    {
        Demand(VariantKind.Uuid);
        return new Guid(_value.Slice(1, 16), bigEndian: true);
    }

    /// <summary>Walks the whole value.</summary>
    /// <param name="limits">How deep it may nest; null = the defaults.</param>
    /// <exception cref="CorruptFileException">Any part is damaged, overlaps another or nests too deeply.</exception>
    /// <exception cref="UnsupportedFeatureException">A type newer than this reader.</exception>
    public void Check(Limits? limits = null)
    {
        VariantWalk walk = new(limits ?? Limits.Default, this);
        Check(ref walk);
    }

    /// <summary>
    /// JSON as Spark's to_json has it: dates, times and binaries (in Base64) are strings, instants are in UTC.
    /// </summary>
    /// <exception cref="CorruptFileException">The value is damaged.</exception>
    /// <exception cref="UnsupportedFeatureException">It holds nanoseconds, which Spark has no text for.</exception>
    public string ToJson()
    {
        TextSink sink = new();
        VariantText.Write(this, Zone.Utc, sink);
        return Encoding.UTF8.GetString(sink.Written);
    }

    /// <inheritdoc />
    public override string ToString() => Kind.ToString();

    /// <summary>The position of a key in the dictionary.</summary>
    internal int IdAt(int index)
    {
        CheckIndex(index);
        return ReadUnsigned(_value, _idsStart + (index * _idBytes), _idBytes);
    }

    /// <summary>A little-endian number of 1 to 4 bytes.</summary>
    internal static int ReadUnsigned(ReadOnlySpan<byte> bytes, int start, int width)
    {
        if (start > bytes.Length - width)
        {
            throw EndsEarly();
        }

        uint number = 0;
        for (int index = width - 1; index >= 0; index--)
        {
            number = (number << 8) | bytes[start + index];
        }

        return number <= int.MaxValue ? (int)number : throw new CorruptFileException("a variant is over 2 GiB");
    }

    internal static CorruptFileException EndsEarly() => new("a variant ends before its last value");

    private void Check(ref VariantWalk walk)
    {
        walk.Enter(this);
        for (int index = 0; index < Count; index++)
        {
            if (Kind == VariantKind.Object)
            {
                _ = KeyAt(index);
            }

            this[index].Check(ref walk);
        }

        if (Kind == VariantKind.Decimal)
        {
            _ = GetDecimal();
        }

        walk.Leave();
    }

    private int FindField(ReadOnlySpan<byte> key)
    {
        if (Count < LeastFieldsToHalve)
        {
            for (int index = 0; index < Count; index++)
            {
                if (KeyAt(index).SequenceEqual(key))
                {
                    return index;
                }
            }

            return -1;
        }

        int low = 0, high = Count - 1;
        while (low <= high)
        {
            int middle = (low + high) >>> 1;
            int order = KeyAt(middle).SequenceCompareTo(key);
            if (order == 0)
            {
                return middle;
            }

            (low, high) = order < 0 ? (middle + 1, high) : (low, middle - 1);
        }

        return -1;
    }

    private static (VariantKind Kind, long SizeBytes) MeasurePrimitive(int type, ReadOnlySpan<byte> value) =>
        (VariantPrimitive)type switch
        {
            VariantPrimitive.Null => (VariantKind.Null, 1),
            VariantPrimitive.True or VariantPrimitive.False => (VariantKind.Boolean, 1),
            VariantPrimitive.Int8 => (VariantKind.Int8, 2),
            VariantPrimitive.Int16 => (VariantKind.Int16, 3),
            VariantPrimitive.Int32 => (VariantKind.Int32, 5),
            VariantPrimitive.Int64 => (VariantKind.Int64, 9),
            VariantPrimitive.Double => (VariantKind.Double, 9),
            VariantPrimitive.Decimal4 => (VariantKind.Decimal, 6),
            VariantPrimitive.Decimal8 => (VariantKind.Decimal, 10),
            VariantPrimitive.Decimal16 => (VariantKind.Decimal, 18),
            VariantPrimitive.Date => (VariantKind.Date, 5),
            VariantPrimitive.Timestamp => (VariantKind.Timestamp, 9),
            VariantPrimitive.TimestampNtz => (VariantKind.TimestampNtz, 9),
            VariantPrimitive.Float => (VariantKind.Float, 5),
            VariantPrimitive.Binary => (VariantKind.Binary, 5L + ReadUnsigned(value, 1, 4)),
            VariantPrimitive.String => (VariantKind.String, 5L + ReadUnsigned(value, 1, 4)),
            VariantPrimitive.Time => (VariantKind.Time, 9),
            VariantPrimitive.TimestampNanos => (VariantKind.TimestampNanos, 9),
            VariantPrimitive.TimestampNtzNanos => (VariantKind.TimestampNtzNanos, 9),
            VariantPrimitive.Uuid => (VariantKind.Uuid, 17),
            _ => throw new UnsupportedFeatureException(
                FormattableString.Invariant($"variant primitive type {type}"), "it is newer than this reader"),
        };

    private void CheckIndex(int index)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, Count);
    }

    private void Demand(VariantKind kind)
    {
        if (Kind != kind)
        {
            throw Mismatch(kind.ToString());
        }
    }

    private InvalidOperationException Mismatch(string wanted) => new($"the variant is {Kind}, not {wanted}");
}
