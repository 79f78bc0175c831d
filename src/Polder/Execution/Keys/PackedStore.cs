using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using Apache.Arrow;
using Polder.Bytes;
using Polder.Columns;

namespace Polder.Execution.Keys;

/// <summary>Keys in one or two words.</summary>
internal sealed class PackedStore<TKey>(IReadOnlyList<DataType> types, KeyLayout layout, int expectedCount) : KeyStore
    where TKey : unmanaged, IPackedKey<TKey>
{
    private readonly KeyPacker _packer = new(types, layout);
    private readonly PackedTable<TKey> _table = new(expectedCount);
    private readonly KeyScratch _scratch = new();

    public override int Count => _table.Count;

    public override long SizeBytes => _table.SizeBytes;

    public override bool TryFindOrAdd(IReadOnlyList<IArrowArray> columns, Span<int> groups)
    {
        Span<ulong> low = _scratch.Low(groups.Length);
        Span<ulong> high = layout.IsWide ? _scratch.High(groups.Length) : [];
        Span<uint> nulls = _scratch.Nulls(groups.Length);
        if (!_packer.TryPack(columns, low, high, nulls))
        {
            return false;
        }

        _table.FindOrAdd(low, high, nulls, groups);
        return true;
    }

    public override void Find(IReadOnlyList<IArrowArray> columns, Span<int> groups, KeyScratch scratch)
    {
        Span<ulong> low = scratch.Low(groups.Length);
        Span<ulong> high = layout.IsWide ? scratch.High(groups.Length) : [];
        Span<uint> nulls = scratch.Nulls(groups.Length);
        _packer.TryPack(columns, low, high, nulls);
        _table.Find(low, high, nulls, groups);
    }

    public override IArrowArray[] Build(int start, int count)
    {
        IArrowArray[] columns = new IArrowArray[types.Count];
        for (int column = 0; column < columns.Length; column++)
        {
            columns[column] = BuildColumn(types[column], column, _table.Keys.Slice(start, count));
        }

        return columns;
    }

    private IArrowArray BuildColumn(DataType type, int column, ReadOnlySpan<TKey> keys)
    {
        KeyLayout.Place place = layout.Places[column];
        ColumnBuilder builder = ColumnBuilder.Create(type, keys.Length);
        switch (builder)
        {
            case VoidBuilder:
                builder.AppendNulls(keys.Length);
                break;
            case BooleanBuilder booleans:
                foreach (TKey key in keys)
                {
                    AppendBoolean(booleans, IsNull(key, column), Extract(key, place) != 0);
                }

                break;
            case BytesBuilder bytes:
                AppendTexts(bytes, keys, column, place);
                break;
            case FixedBuilder<sbyte> fixedBuilder:
                AppendFixed(fixedBuilder, keys, column, key => (sbyte)Extract(key, place));
                break;
            case FixedBuilder<short> fixedBuilder:
                AppendFixed(fixedBuilder, keys, column, key => (short)Extract(key, place));
                break;
            case FixedBuilder<int> fixedBuilder:
                AppendFixed(fixedBuilder, keys, column, key => (int)Extract(key, place));
                break;
            case FixedBuilder<long> fixedBuilder:
                AppendFixed(fixedBuilder, keys, column, key => (long)Extract(key, place));
                break;
            case FixedBuilder<float> fixedBuilder:
                AppendFixed(
                    fixedBuilder, keys, column, key => BitConverter.UInt32BitsToSingle((uint)Extract(key, place)));
                break;
            case FixedBuilder<double> fixedBuilder:
                AppendFixed(fixedBuilder, keys, column, key => BitConverter.UInt64BitsToDouble(Extract(key, place)));
                break;
            case FixedBuilder<Int128> fixedBuilder:
                AppendFixed(fixedBuilder, keys, column, key => place.Width == 16
                    ? (Int128)new UInt128(key.High, key.Low)
                    : (long)Extract(key, place));
                break;
            default:
                Invariant.Holds(false, $"a packed key of type {type}");
                break;
        }

        return builder.Build();
    }

    private static ulong Extract(TKey key, KeyLayout.Place place) =>
        ((place.Word == 0 ? key.Low : key.High) >> place.Shift) & place.Mask;

    private static bool IsNull(TKey key, int column) => ((key.Nulls >> column) & 1) != 0;

    private static void AppendBoolean(BooleanBuilder builder, bool isNull, bool value)
    {
        if (isNull)
        {
            builder.AppendNull();
        }
        else
        {
            builder.Append(value);
        }
    }

    private static void AppendFixed<T>(
        FixedBuilder<T> builder, ReadOnlySpan<TKey> keys, int column, Func<TKey, T> extract)
        where T : unmanaged
    {
        byte[] validity = new byte[Bitmap.SizeBytes(keys.Length)];
        for (int index = 0; index < keys.Length; index++)
        {
            validity[index >> 3] |= (byte)(IsNull(keys[index], column) ? 0 : 1 << (index & 7));
        }

        Span<T> values = builder.AppendSpan(keys.Length, validity, 0);
        for (int index = 0; index < keys.Length; index++)
        {
            values[index] = extract(keys[index]);
        }
    }

    private static void AppendTexts(
        BytesBuilder builder, ReadOnlySpan<TKey> keys, int column, KeyLayout.Place place)
    {
        Span<byte> text = stackalloc byte[16];
        foreach (TKey key in keys)
        {
            if (IsNull(key, column))
            {
                builder.AppendNull();
                continue;
            }

            ulong first = place.Width == 16 ? key.Low : Extract(key, place);
            BinaryPrimitives.WriteUInt64LittleEndian(text, first);
            BinaryPrimitives.WriteUInt64LittleEndian(text[8..], key.High);
            builder.Append(text[..text[place.Width - 1]]);
        }
    }
}
