using System;
using System.Buffers.Binary;
using Polder.Bytes;

namespace Polder.Parquet.Write;

/// <summary>
/// Distinct byte arrays in the order of their first occurrence, kept in PLAIN encoding: the dictionary page is the
/// memory itself. A table entry is the high half of the hash and the position plus one.
/// </summary>
internal sealed class BytesDictionary : IDisposable
{
    private const int SmallestTableBits = 8;

    private readonly BufferBuilder _plain;
    private int[] _starts = new int[1 << (SmallestTableBits - 1)];
    private ulong[] _table = new ulong[1 << SmallestTableBits];

    public BytesDictionary(BufferAllocator allocator)
    {
        _plain = new BufferBuilder(0, allocator);
    }

    /// <summary>Distinct values.</summary>
    public int Count { get; private set; }

    /// <summary>The values in PLAIN encoding.</summary>
    public ReadOnlySpan<byte> Plain => _plain.Span;

    /// <summary>A value, borrowed until the next one is added.</summary>
    public ReadOnlySpan<byte> this[int index]
    {
        get
        {
            int start = _starts[index];
            int end = index + 1 < Count ? _starts[index + 1] - sizeof(int) : _plain.Length;
            return _plain.Span[start..end];
        }
    }

    /// <summary>Finds or adds a value; -1 when <see cref="Plain"/> would exceed the given bytes.</summary>
    public int Intern(ReadOnlySpan<byte> value, int maxPlainBytes)
    {
        ulong hash = Hash64.Bytes(value);
        ulong tag = hash & 0xFFFFFFFF00000000;
        ulong[] table = _table;
        int mask = table.Length - 1;
        int slot = (int)hash & mask;
        ulong entry;
        while ((entry = table[slot]) != 0)
        {
            int index = (int)(uint)entry - 1;
            if ((entry & 0xFFFFFFFF00000000) == tag && this[index].SequenceEqual(value))
            {
                return index;
            }

            slot = (slot + 1) & mask;
        }

        return value.Length > maxPlainBytes - sizeof(int) - _plain.Length ? -1 : Add(value, tag, slot);
    }

    /// <summary>Forgets all values; the table keeps its size.</summary>
    public void Clear()
    {
        Array.Clear(_table);
        _plain.Clear();
        Count = 0;
    }

    /// <summary>Gives the memory back.</summary>
    public void Dispose() => _plain.Dispose();

    private int Add(ReadOnlySpan<byte> value, ulong tag, int slot)
    {
        BinaryPrimitives.WriteInt32LittleEndian(_plain.GetSpan(sizeof(int)), value.Length);
        _plain.Advance(sizeof(int));
        _starts[Count++] = _plain.Length;
        _plain.Write(value);
        _table[slot] = tag | (uint)Count;
        if (Count == _starts.Length)
        {
            Grow();
        }

        return Count - 1;
    }

    private void Grow()
    {
        Array.Resize(ref _starts, 2 * _starts.Length);
        _table = new ulong[2 * _starts.Length];
        int mask = _table.Length - 1;
        for (int index = 0; index < Count; index++)
        {
            ulong hash = Hash64.Bytes(this[index]);
            int slot = (int)hash & mask;
            while (_table[slot] != 0)
            {
                slot = (slot + 1) & mask;
            }

            _table[slot] = (hash & 0xFFFFFFFF00000000) | (uint)(index + 1);
        }
    }
}
