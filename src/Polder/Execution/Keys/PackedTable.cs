using System;
using System.Numerics;
using System.Runtime.InteropServices;

namespace Polder.Execution.Keys;

/// <summary>
/// An open-addressing table of packed keys: key and group stand in the slot itself, so that a hit touches one cache
/// line. Groups are numbered in the order of first appearance.
/// </summary>
internal sealed class PackedTable<TKey>
    where TKey : unmanaged, IPackedKey<TKey>
{
    private const int SmallestCapacity = 64;

    private Slot[] _slots;
    private TKey[] _keys;

    /// <summary>Makes an empty table with room for some keys.</summary>
    public PackedTable(int expectedCount)
    {
        int capacity = int.Max(SmallestCapacity, (int)BitOperations.RoundUpToPowerOf2((uint)expectedCount * 2));
        _slots = new Slot[capacity];
        _keys = new TKey[capacity / 2];
    }

    /// <summary>Number of groups.</summary>
    public int Count { get; private set; }

    /// <summary>The key of each group.</summary>
    public ReadOnlySpan<TKey> Keys => _keys.AsSpan(0, Count);

    /// <summary>Bytes held.</summary>
    public long SizeBytes =>
        ((long)_slots.Length * (TKey.SizeBytes + sizeof(int))) + ((long)_keys.Length * TKey.SizeBytes);

    /// <summary>The group of each key; a new one for a key not seen before.</summary>
    public void FindOrAdd(ReadOnlySpan<ulong> low, ReadOnlySpan<ulong> high, ReadOnlySpan<uint> nulls, Span<int> groups)
    {
        Slot[] slots = _slots;
        int mask = slots.Length - 1;
        for (int row = 0; row < groups.Length; row++)
        {
            TKey key = TKey.Create(low[row], high.IsEmpty ? 0 : high[row], nulls[row]);
            int index = (int)key.Hash & mask;
            while (true)
            {
                ref Slot slot = ref slots[index];
                if (slot.GroupNumber == 0)
                {
                    slot.Key = key;
                    groups[row] = Append(key);
                    slot.GroupNumber = Count;
                    if (Count > slots.Length / 2)
                    {
                        Grow();
                        slots = _slots;
                        mask = slots.Length - 1;
                    }

                    break;
                }

                if (slot.Key.Equals(key))
                {
                    groups[row] = slot.GroupNumber - 1;
                    break;
                }

                index = (index + 1) & mask;
            }
        }
    }

    /// <summary>The group of each key; -1 where there is none.</summary>
    public void Find(ReadOnlySpan<ulong> low, ReadOnlySpan<ulong> high, ReadOnlySpan<uint> nulls, Span<int> groups)
    {
        Slot[] slots = _slots;
        int mask = slots.Length - 1;
        for (int row = 0; row < groups.Length; row++)
        {
            TKey key = TKey.Create(low[row], high.IsEmpty ? 0 : high[row], nulls[row]);
            int index = (int)key.Hash & mask;
            while (slots[index].GroupNumber != 0 && !slots[index].Key.Equals(key))
            {
                index = (index + 1) & mask;
            }

            groups[row] = slots[index].GroupNumber - 1;
        }
    }

    private int Append(TKey key)
    {
        if (Count == _keys.Length)
        {
            Array.Resize(ref _keys, 2 * _keys.Length);
        }

        _keys[Count] = key;
        return Count++;
    }

    private void Grow()
    {
        Slot[] slots = new Slot[checked(2 * _slots.Length)];
        int mask = slots.Length - 1;
        for (int group = 0; group < Count; group++)
        {
            TKey key = _keys[group];
            int index = (int)key.Hash & mask;
            while (slots[index].GroupNumber != 0)
            {
                index = (index + 1) & mask;
            }

            slots[index] = new Slot { Key = key, GroupNumber = group + 1 };
        }

        _slots = slots;
    }

    [StructLayout(LayoutKind.Sequential, Pack = 4)]
    private struct Slot
    {
        public TKey Key;

        /// <summary>Group + 1; 0 = empty.</summary>
        public int GroupNumber;
    }
}
