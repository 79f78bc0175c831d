using System;
using System.Numerics;

namespace Polder.Parquet.Write;

/// <summary>
/// Distinct values of a fixed width in the order of their first occurrence, compared bit by bit. Open addressing with
/// linear probing, at most half full; a table entry is the value's position plus one.
/// </summary>
internal sealed class FixedDictionary<T>
    where T : unmanaged, IBinaryInteger<T>
{
    private const int SmallestTableBits = 8;

    private T[] _values = new T[1 << (SmallestTableBits - 1)];
    private int[] _table = new int[1 << SmallestTableBits];
    private int _tableBits = SmallestTableBits;

    /// <summary>Distinct values.</summary>
    public int Count { get; private set; }

    /// <summary>The values.</summary>
    public ReadOnlySpan<T> Values => _values.AsSpan(0, Count);

    /// <summary>Finds or adds values; false when there would be more than <paramref name="maxCount"/>.</summary>
    public bool TryIntern(ReadOnlySpan<T> values, Span<int> indices, int maxCount)
    {
        indices = indices[..values.Length];
        int[] table = _table;
        T[] known = _values;
        int shift = 64 - _tableBits;
        T last = default;
        int lastIndex = -1;
        for (int position = 0; position < values.Length; position++)
        {
            T value = values[position];
            if (value == last && lastIndex >= 0)
            {
                indices[position] = lastIndex;
                continue;
            }

            int slot = (int)(Hash(value) >> shift);
            int entry;
            while ((entry = table[slot & (table.Length - 1)]) != 0 && known[entry - 1] != value)
            {
                slot++;
            }

            if (entry == 0)
            {
                if (Count >= maxCount)
                {
                    return false;
                }

                entry = Add(value, slot);
                table = _table;
                known = _values;
                shift = 64 - _tableBits;
            }

            last = value;
            lastIndex = entry - 1;
            indices[position] = lastIndex;
        }

        return true;
    }

    /// <summary>Forgets all values; the table keeps its size.</summary>
    public void Clear()
    {
        Array.Clear(_table);
        Count = 0;
    }

    private static ulong Hash(T value)
    {
        ulong bits = ulong.CreateTruncating(value);
        if (typeof(T) == typeof(Int128))
        {
            bits ^= ulong.CreateTruncating(value >> 64) * 0xC2B2AE3D27D4EB4F;
        }

        // The product's high bits depend on all of the value; doubles of few digits differ in their high bits only.
        return (bits ^ (bits >> 32)) * 0x9E3779B97F4A7C15;
    }

    private int Add(T value, int slot)
    {
        _values[Count++] = value;
        _table[slot & (_table.Length - 1)] = Count;
        if (Count == _values.Length)
        {
            Grow();
        }

        return Count;
    }

    private void Grow()
    {
        _tableBits++;
        Array.Resize(ref _values, 1 << (_tableBits - 1));
        _table = new int[1 << _tableBits];
        for (int index = 0; index < Count; index++)
        {
            int slot = (int)(Hash(_values[index]) >> (64 - _tableBits));
            while (_table[slot & (_table.Length - 1)] != 0)
            {
                slot++;
            }

            _table[slot & (_table.Length - 1)] = index + 1;
        }
    }
}
