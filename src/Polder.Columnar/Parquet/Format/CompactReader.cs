using System;
using System.Buffers.Binary;
using System.Text;

namespace Polder.Parquet.Format;

/// <summary>Types of Thrift's compact protocol, as they stand in field and list headers.</summary>
internal enum CompactType
{
    Stop = 0,
    True = 1,
    False = 2,
    Byte = 3,
    Int16 = 4,
    Int32 = 5,
    Int64 = 6,
    Double = 7,
    Binary = 8,
    List = 9,
    Set = 10,
    Map = 11,
    Struct = 12,
    Uuid = 13,
}

/// <summary>
/// A cursor over Thrift's compact protocol. Untrusted input: every count is bounded by the bytes that are left and by
/// the limits before anything is allocated for it.
/// </summary>
/// <remarks>
/// A struct is read as <c>short id = 0; while (reader.ReadField(ref id, out type)) switch (id) …</c>, ending in
/// <see cref="Skip(CompactType)"/> for fields unknown. When made with <c>mayEndEarly</c>, running out of bytes is no
/// error: the reader says <see cref="IsExhausted"/> and answers Stop, zero or empty from there on.
/// </remarks>
internal ref struct CompactReader
{
    private readonly ReadOnlySpan<byte> _bytes;
    private readonly Limits _limits;
    private readonly long _fileOffset;
    private readonly bool _mayEndEarly;
    private int _position;

    /// <param name="bytes">The serialised struct, perhaps with bytes after it.</param>
    /// <param name="limits">What the input may ask for.</param>
    /// <param name="fileOffset">Where the bytes stand in their file, for messages.</param>
    /// <param name="mayEndEarly">Whether the bytes may be the front of something longer.</param>
    public CompactReader(ReadOnlySpan<byte> bytes, Limits limits, long fileOffset = 0, bool mayEndEarly = false)
    {
        _bytes = bytes;
        _limits = limits;
        _fileOffset = fileOffset;
        _mayEndEarly = mayEndEarly;
    }

    /// <summary>Bytes read so far.</summary>
    public readonly int Position => _position;

    /// <summary>Whether more bytes were needed than there are.</summary>
    public bool IsExhausted { get; private set; }

    /// <summary>Where the bytes stand in their file.</summary>
    public readonly long FileOffset => _fileOffset;

    /// <summary>What the input may ask for.</summary>
    public readonly Limits Limits => _limits;

    private readonly int Remaining => _bytes.Length - _position;

    /// <summary>Reads a field header.</summary>
    /// <param name="fieldId">The id of the field before (0 at the start); becomes this one's.</param>
    /// <param name="type">The type; a boolean's value is in it.</param>
    /// <returns>False at the end of the struct.</returns>
    public bool ReadField(ref short fieldId, out CompactType type)
    {
        int header = ReadByte();
        type = (CompactType)(header & 0x0F);
        if (type == CompactType.Stop)
        {
            return false;
        }

        int delta = header >> 4;
        long id = delta != 0 ? fieldId + delta : ReadZigZag();
        if (id is < 0 or > short.MaxValue)
        {
            throw Corrupt($"field id {id}");
        }

        fieldId = (short)id;
        return !IsExhausted;
    }

    /// <summary>The value of a boolean field.</summary>
    public readonly bool ReadBool(CompactType type) => type switch
    {
        CompactType.True => true,
        CompactType.False => false,
        _ => throw Corrupt($"expected a boolean, found {type}"),
    };

    /// <summary>An integer field that fits in 32 bits, whatever width it was written with.</summary>
    public int ReadInt32(CompactType type)
    {
        long value = ReadInt64(type);
        return value is >= int.MinValue and <= int.MaxValue
            ? (int)value
            : throw Corrupt($"{value} where 32 bits were expected");
    }

    /// <summary>An integer field.</summary>
    public long ReadInt64(CompactType type) => type switch
    {
        CompactType.Byte => (sbyte)ReadByte(),
        CompactType.Int16 or CompactType.Int32 or CompactType.Int64 => ReadZigZag(),
        _ => throw Corrupt($"expected an integer, found {type}"),
    };

    /// <summary>A count or a size: an integer that is not negative.</summary>
    public long ReadCount(CompactType type)
    {
        long value = ReadInt64(type);
        return value >= 0 ? value : throw Corrupt($"negative count {value}");
    }

    /// <summary>A field of IEEE 754, 64 bits.</summary>
    public double ReadDouble(CompactType type)
    {
        if (type != CompactType.Double)
        {
            throw Corrupt($"expected a double, found {type}");
        }

        if (!Has(sizeof(double)))
        {
            return 0;
        }

        double value = BinaryPrimitives.ReadDoubleLittleEndian(_bytes[_position..]);
        _position += sizeof(double);
        return value;
    }

    /// <summary>A binary or string field, borrowed.</summary>
    public ReadOnlySpan<byte> ReadBinary(CompactType type)
    {
        (int start, int length) = ReadBinaryRange(type);
        return _bytes.Slice(start, length);
    }

    /// <summary>Where a binary field's bytes stand in the bytes this reader was made with.</summary>
    public (int Start, int Length) ReadBinaryRange(CompactType type)
    {
        if (type != CompactType.Binary)
        {
            throw Corrupt($"expected bytes, found {type}");
        }

        ulong length = ReadVarint();
        if (length > (ulong)_limits.StringBytes)
        {
            throw Corrupt($"a string of {length} bytes");
        }

        if (!Has((long)length))
        {
            return (_position, 0);
        }

        int start = _position;
        _position += (int)length;
        return (start, (int)length);
    }

    /// <summary>A string field.</summary>
    public string ReadString(CompactType type) => Encoding.UTF8.GetString(ReadBinary(type));

    /// <summary>The head of a list: how many elements of which type follow.</summary>
    public int ReadListHeader(CompactType type, out CompactType elementType)
    {
        if (type is not (CompactType.List or CompactType.Set))
        {
            throw Corrupt($"expected a list, found {type}");
        }

        int header = ReadByte();
        elementType = (CompactType)(header & 0x0F);
        ulong count = (ulong)header >> 4;
        if (count == 15)
        {
            count = ReadVarint();
        }

        // Every element takes at least a byte, so a count above what is left is a lie (or the bytes end early).
        if (count > (ulong)_limits.ListItems)
        {
            throw Corrupt($"a list of {count} items");
        }

        return Has((long)count) ? (int)count : 0;
    }

    /// <summary>A list whose elements are structs; zero for an empty list of whatever type.</summary>
    public int ReadStructListHeader(CompactType type)
    {
        int count = ReadListHeader(type, out CompactType elementType);
        return count == 0 || elementType == CompactType.Struct
            ? count
            : throw Corrupt($"expected a list of structs, found one of {elementType}");
    }

    /// <summary>An element of a list of booleans: one byte, unlike a field.</summary>
    public bool ReadBoolElement() => ReadByte() == (int)CompactType.True;

    /// <summary>Passes over a value of any type.</summary>
    public void Skip(CompactType type)
    {
        // What is unusual in any way is gone over again, by the careful way, which says what is wrong.
        int end = type == CompactType.Struct ? CompactSkip.TryStruct(_bytes, _position, _limits.NestingDepth) : -1;
        if (end >= 0)
        {
            _position = end;
            return;
        }

        Skip(type, _limits.NestingDepth);
    }

    /// <summary>The exception for damage at the current position.</summary>
    public readonly CorruptFileException Corrupt(string found) =>
        new($"the Thrift metadata is broken: {found}", null, _fileOffset + _position);

    /// <summary>A struct must be there: throws where a struct field has another type.</summary>
    public readonly void ExpectStruct(CompactType type)
    {
        if (type != CompactType.Struct)
        {
            throw Corrupt($"expected a struct, found {type}");
        }
    }

    private void Skip(CompactType type, int depthLeft)
    {
        if (depthLeft == 0)
        {
            throw Corrupt($"nested deeper than {_limits.NestingDepth} levels");
        }

        switch (type)
        {
            case CompactType.True or CompactType.False:
                break;
            case CompactType.Byte:
                ReadByte();
                break;
            case CompactType.Int16 or CompactType.Int32 or CompactType.Int64:
                ReadVarint();
                break;
            case CompactType.Double:
                SkipBytes(8);
                break;
            case CompactType.Uuid:
                SkipBytes(16);
                break;
            case CompactType.Binary:
                ReadBinaryRange(type);
                break;
            case CompactType.List or CompactType.Set:
                int count = ReadListHeader(type, out CompactType elementType);
                SkipElements(count, elementType, depthLeft);
                break;
            case CompactType.Map:
                SkipMap(depthLeft);
                break;
            case CompactType.Struct:
                short fieldId = 0;
                while (ReadField(ref fieldId, out CompactType fieldType))
                {
                    Skip(fieldType, depthLeft - 1);
                }

                break;
            default:
                throw Corrupt($"type {(int)type}");
        }
    }

    private void SkipElements(int count, CompactType elementType, int depthLeft)
    {
        for (int elementIndex = 0; elementIndex < count && !IsExhausted; elementIndex++)
        {
            SkipElement(elementType, depthLeft);
        }
    }

    private void SkipElement(CompactType type, int depthLeft)
    {
        if (type is CompactType.True or CompactType.False)
        {
            ReadByte();
        }
        else
        {
            Skip(type, depthLeft - 1);
        }
    }

    private void SkipMap(int depthLeft)
    {
        ulong count = ReadVarint();
        if (count > (ulong)_limits.ListItems)
        {
            throw Corrupt($"a map of {count} entries");
        }

        if (count == 0 || !Has((long)count))
        {
            return;
        }

        int types = ReadByte();
        for (ulong entryIndex = 0; entryIndex < count && !IsExhausted; entryIndex++)
        {
            SkipElement((CompactType)(types >> 4), depthLeft);
            SkipElement((CompactType)(types & 0x0F), depthLeft);
        }
    }

    private void SkipBytes(int count)
    {
        if (Has(count))
        {
            _position += count;
        }
    }

    private bool Has(long count)
    {
        if (count <= Remaining)
        {
            return true;
        }

        if (!_mayEndEarly)
        {
            throw Corrupt($"{count} bytes wanted, {Remaining} left");
        }

        IsExhausted = true;
        _position = _bytes.Length;
        return false;
    }

    private int ReadByte()
    {
        if (_position < _bytes.Length)
        {
            return _bytes[_position++];
        }

        Has(1);
        return 0;
    }

    private long ReadZigZag()
    {
        ulong value = ReadVarint();
        return (long)(value >> 1) ^ -(long)(value & 1);
    }

    private ulong ReadVarint()
    {
        ulong value = 0;
        for (int shift = 0; shift < 70; shift += 7)
        {
            int next = ReadByte();
            value |= (ulong)(next & 0x7F) << shift;
            if (next < 0x80)
            {
                return value;
            }
        }

        throw Corrupt("an integer of more than ten bytes");
    }
}
