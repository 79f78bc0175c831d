using System;
using System.Runtime.CompilerServices;
using System.Text;
using Polder.Bytes;

namespace Polder.Parquet.Format;

/// <summary>
/// Writes Thrift's compact protocol. Fields go in ascending order of their ids; every <see cref="BeginStruct"/>,
/// <see cref="BeginElement"/> and the outermost struct are closed by <see cref="EndStruct"/>.
/// </summary>
internal ref struct CompactWriter
{
    private const int LongestVarint = 10;

    private readonly BufferBuilder _target;
    private EnclosingFields _enclosing;
    private int _depth;
    private int _lastFieldId;

    public CompactWriter(BufferBuilder target)
    {
        _target = target;
    }

    public void WriteBool(int fieldId, bool value) =>
        WriteHeader(fieldId, value ? CompactType.True : CompactType.False);

    public void WriteByte(int fieldId, sbyte value)
    {
        WriteHeader(fieldId, CompactType.Byte);
        PutByte((byte)value);
    }

    public void WriteInt16(int fieldId, short value)
    {
        WriteHeader(fieldId, CompactType.Int16);
        PutZigZag(value);
    }

    public void WriteInt32(int fieldId, int value)
    {
        WriteHeader(fieldId, CompactType.Int32);
        PutZigZag(value);
    }

    public void WriteInt64(int fieldId, long value)
    {
        WriteHeader(fieldId, CompactType.Int64);
        PutZigZag(value);
    }

    public void WriteBinary(int fieldId, ReadOnlySpan<byte> value)
    {
        WriteHeader(fieldId, CompactType.Binary);
        PutBinary(value);
    }

    public void WriteString(int fieldId, string value)
    {
        WriteHeader(fieldId, CompactType.Binary);
        PutString(value);
    }

    public void BeginStruct(int fieldId)
    {
        WriteHeader(fieldId, CompactType.Struct);
        BeginElement();
    }

    /// <summary>Starts a struct that is an element of a list: it has no header.</summary>
    public void BeginElement()
    {
        _enclosing[_depth++] = _lastFieldId;
        _lastFieldId = 0;
    }

    public void EndStruct()
    {
        PutByte((byte)CompactType.Stop);
        _lastFieldId = _depth == 0 ? 0 : _enclosing[--_depth];
    }

    /// <summary>A struct without fields, as unions use it.</summary>
    public void WriteEmptyStruct(int fieldId)
    {
        WriteHeader(fieldId, CompactType.Struct);
        PutByte((byte)CompactType.Stop);
    }

    public void BeginList(int fieldId, CompactType elementType, int count)
    {
        WriteHeader(fieldId, CompactType.List);
        if (count < 15)
        {
            PutByte((byte)((count << 4) | (int)elementType));
        }
        else
        {
            PutByte((byte)(0xF0 | (int)elementType));
            PutVarint((ulong)count);
        }
    }

    public void PutBool(bool element) => PutByte((byte)(element ? CompactType.True : CompactType.False));

    public void PutZigZag(long element) => PutVarint((ulong)((element << 1) ^ (element >> 63)));

    public void PutString(string element)
    {
        int length = Encoding.UTF8.GetByteCount(element);
        PutVarint((ulong)length);
        Encoding.UTF8.GetBytes(element, _target.GetSpan(length));
        _target.Advance(length);
    }

    public void PutBinary(ReadOnlySpan<byte> element)
    {
        PutVarint((ulong)element.Length);
        _target.Write(element);
    }

    private void WriteHeader(int fieldId, CompactType type)
    {
        int delta = fieldId - _lastFieldId;
        Invariant.Holds(delta > 0, "Thrift fields are written out of order");
        if (delta <= 15)
        {
            PutByte((byte)((delta << 4) | (int)type));
        }
        else
        {
            PutByte((byte)type);
            PutZigZag(fieldId);
        }

        _lastFieldId = fieldId;
    }

    private void PutByte(byte value)
    {
        _target.GetSpan(1)[0] = value;
        _target.Advance(1);
    }

    private void PutVarint(ulong value)
    {
        Span<byte> span = _target.GetSpan(LongestVarint);
        int length = 0;
        while (value >= 0x80)
        {
            span[length++] = (byte)(value | 0x80);
            value >>= 7;
        }

        span[length++] = (byte)value;
        _target.Advance(length);
    }

    [InlineArray(16)]
    private struct EnclosingFields
    {
        private int _first;
    }
}
