using System;
using System.Collections.Generic;
using System.Numerics;
using Apache.Arrow;
using Apache.Arrow.Scalars;
using Polder.Bytes;
using Polder.Columns;

namespace Polder.Execution.Keys;

/// <summary>Keys of any types and lengths, held as one run of bytes each, with their hashes.</summary>
internal sealed class BytesStore(IReadOnlyList<DataType> types, int expectedCount) : KeyStore
{
    private const int SmallestCapacity = 64;

    private readonly KeyScratch _scratch = new();
    private Slot[] _slots = new Slot[CapacityFor(expectedCount)];
    private ulong[] _hashes = new ulong[CapacityFor(expectedCount) / 2];
    private int[] _ends = new int[CapacityFor(expectedCount) / 2];
    private byte[] _bytes = new byte[1024];
    private int _count;
    private int _usedBytes;

    public override int Count => _count;

    public override long SizeBytes =>
        (8L * _slots.Length) + (12L * _hashes.Length) + _bytes.Length;

    public override bool TryFindOrAdd(IReadOnlyList<IArrowArray> columns, Span<int> groups)
    {
        RowBuffer rows = _scratch.Rows;
        rows.Encode(types, columns, groups.Length);
        for (int row = 0; row < groups.Length; row++)
        {
            ReadOnlySpan<byte> key = rows[row];
            ulong hash = Hash64.Bytes(key);
            int index = FindSlot(key, hash);
            if (_slots[index].GroupNumber == 0)
            {
                _slots[index] = new Slot((uint)(hash >> 32), _count + 1);
                groups[row] = _count;
                Append(key, hash);
            }
            else
            {
                groups[row] = _slots[index].GroupNumber - 1;
            }
        }

        return true;
    }

    public override void Find(IReadOnlyList<IArrowArray> columns, Span<int> groups, KeyScratch scratch)
    {
        scratch.Rows.Encode(types, columns, groups.Length);
        for (int row = 0; row < groups.Length; row++)
        {
            ReadOnlySpan<byte> key = scratch.Rows[row];
            groups[row] = _slots[FindSlot(key, Hash64.Bytes(key))].GroupNumber - 1;
        }
    }

    public override IArrowArray[] Build(int start, int count)
    {
        int[] cursors = new int[count];
        for (int index = 0; index < count; index++)
        {
            cursors[index] = StartOf(start + index);
        }

        IArrowArray[] columns = new IArrowArray[types.Count];
        for (int column = 0; column < columns.Length; column++)
        {
            columns[column] = BuildColumn(types[column], cursors);
        }

        return columns;
    }

    private IArrowArray BuildColumn(DataType type, int[] cursors)
    {
        int width = RowBuffer.WidthOf(type);
        ColumnBuilder builder = ColumnBuilder.Create(type, cursors.Length);
        for (int index = 0; index < cursors.Length; index++)
        {
            int cursor = cursors[index];
            bool isValid = _bytes[cursor++] != 0;
            int length = width;
            if (width < 0)
            {
                length = ByteCast.As<int>(_bytes.AsSpan(cursor, sizeof(int)))[0];
                cursor += sizeof(int);
            }

            cursors[index] = cursor + length;
            if (isValid)
            {
                AppendValue(builder, _bytes.AsSpan(cursor, length));
            }
            else
            {
                builder.AppendNull();
            }
        }

        return builder.Build();
    }

    private static void AppendValue(ColumnBuilder builder, ReadOnlySpan<byte> value)
    {
        switch (builder)
        {
            case BooleanBuilder booleans:
                booleans.Append(value[0] != 0);
                break;
            case BytesBuilder bytes:
                bytes.Append(value);
                break;
            case FixedBuilder<sbyte> numbers:
                numbers.Append((sbyte)value[0]);
                break;
            case FixedBuilder<short> numbers:
                numbers.Append(ByteCast.As<short>(value)[0]);
                break;
            case FixedBuilder<int> numbers:
                numbers.Append(ByteCast.As<int>(value)[0]);
                break;
            case FixedBuilder<long> numbers:
                numbers.Append(ByteCast.As<long>(value)[0]);
                break;
            case FixedBuilder<float> numbers:
                numbers.Append(ByteCast.As<float>(value)[0]);
                break;
            case FixedBuilder<double> numbers:
                numbers.Append(ByteCast.As<double>(value)[0]);
                break;
            case FixedBuilder<Int128> numbers:
                numbers.Append(ByteCast.As<Int128>(value)[0]);
                break;
            case FixedBuilder<MonthDayNanosecondInterval> numbers:
                numbers.Append(ByteCast.As<MonthDayNanosecondInterval>(value)[0]);
                break;
            default:
                builder.AppendValue(NestedKeys.Decode(builder.Type, ref value));
                break;
        }
    }

    private static int CapacityFor(int count) =>
        int.Max(SmallestCapacity, (int)BitOperations.RoundUpToPowerOf2((uint)count * 2));

    private int StartOf(int group) => group == 0 ? 0 : _ends[group - 1];

    // The slot of the key, or the empty one where it belongs.
    private int FindSlot(ReadOnlySpan<byte> key, ulong hash)
    {
        Slot[] slots = _slots;
        int mask = slots.Length - 1;
        int index = (int)hash & mask;
        uint tag = (uint)(hash >> 32);
        while (true)
        {
            Slot slot = slots[index];
            if (slot.GroupNumber == 0)
            {
                return index;
            }

            if (slot.Tag == tag)
            {
                int start = StartOf(slot.GroupNumber - 1);
                if (key.SequenceEqual(_bytes.AsSpan(start, _ends[slot.GroupNumber - 1] - start)))
                {
                    return index;
                }
            }

            index = (index + 1) & mask;
        }
    }

    private void Append(ReadOnlySpan<byte> key, ulong hash)
    {
        if (_count == _hashes.Length)
        {
            System.Array.Resize(ref _hashes, 2 * _count);
            System.Array.Resize(ref _ends, 2 * _count);
        }

        long needed = (long)_usedBytes + key.Length;
        if (needed > _bytes.Length)
        {
            if (needed > System.Array.MaxLength)
            {
                throw new UnsupportedFeatureException(
                    "keys of more than 2 GiB", "group or join by fewer or shorter columns");
            }

            long grown = long.Max(needed, 2L * _bytes.Length);
            System.Array.Resize(ref _bytes, (int)long.Min(System.Array.MaxLength, grown));
        }

        key.CopyTo(_bytes.AsSpan(_usedBytes));
        _usedBytes += key.Length;
        _hashes[_count] = hash;
        _ends[_count++] = _usedBytes;
        if (_count > _slots.Length / 2)
        {
            Grow();
        }
    }

    private void Grow()
    {
        Slot[] slots = new Slot[checked(2 * _slots.Length)];
        int mask = slots.Length - 1;
        for (int group = 0; group < _count; group++)
        {
            int index = (int)_hashes[group] & mask;
            while (slots[index].GroupNumber != 0)
            {
                index = (index + 1) & mask;
            }

            slots[index] = new Slot((uint)(_hashes[group] >> 32), group + 1);
        }

        _slots = slots;
    }

    private readonly record struct Slot(uint Tag, int GroupNumber);
}
