using System;
using System.Collections.Generic;
using System.Numerics;
using Apache.Arrow;
using Polder.Bytes;
using Polder.Columns;

namespace Polder.Execution.Keys;

/// <summary>
/// One integer key whose values lie close together: the group stands in an array at the value minus the smallest.
/// </summary>
internal sealed class DirectStore(DataType type) : KeyStore
{
    /// <summary>A span of values that is worth an array whatever the number of groups.</summary>
    private const long SmallSpan = 1 << 18;

    /// <summary>Entries of the array per group above that.</summary>
    private const long EntriesPerGroup = 16;

    /// <summary>Entries of the array at most.</summary>
    private const long MaxSpan = 1 << 28;

    private int[] _groupNumbers = [];
    private long[] _values = new long[64];
    private long _first;
    private int _count;
    private int _nullGroup = -1;
    private long[] _scratch = [];

    public override int Count => _count;

    public override long SizeBytes => (4L * _groupNumbers.Length) + (8L * _values.Length);

    /// <summary>Whether keys of a type can be held so.</summary>
    public static bool Takes(DataType type) => type.IsIntegral || type.Kind is TypeKind.Date;

    public override bool TryFindOrAdd(IReadOnlyList<IArrowArray> columns, Span<int> groups)
    {
        ReadOnlySpan<long> values = Widen(columns[0], ref _scratch);
        Validity validity = Validity.Of(columns[0]);
        if (!TryCover(values, validity))
        {
            return false;
        }

        int[] groupNumbers = _groupNumbers;
        for (int row = 0; row < groups.Length; row++)
        {
            if (validity.IsNull(row))
            {
                _nullGroup = _nullGroup < 0 ? Append(0) : _nullGroup;
                groups[row] = _nullGroup;
                continue;
            }

            ref int groupNumber = ref groupNumbers[(int)(values[row] - _first)];
            if (groupNumber == 0)
            {
                groupNumber = Append(values[row]) + 1;
            }

            groups[row] = groupNumber - 1;
        }

        return true;
    }

    public override void Find(IReadOnlyList<IArrowArray> columns, Span<int> groups, KeyScratch scratch)
    {
        ReadOnlySpan<long> values = Widen(columns[0], ref scratch.Integers);
        Validity validity = Validity.Of(columns[0]);
        int[] groupNumbers = _groupNumbers;
        for (int row = 0; row < groups.Length; row++)
        {
            ulong index = (ulong)values[row] - (ulong)_first;
            groups[row] = validity.IsNull(row)
                ? _nullGroup
                : index < (ulong)groupNumbers.Length ? groupNumbers[(int)index] - 1 : -1;
        }
    }

    public override IArrowArray[] Build(int start, int count)
    {
        ReadOnlySpan<long> values = _values.AsSpan(start, count);
        int nullRow = _nullGroup >= start && _nullGroup < start + count ? _nullGroup - start : -1;
        ColumnBuilder builder = ColumnBuilder.Create(type, count);
        switch (builder)
        {
            case FixedBuilder<sbyte> narrow:
                Append(narrow, values, nullRow);
                break;
            case FixedBuilder<short> narrow:
                Append(narrow, values, nullRow);
                break;
            case FixedBuilder<int> narrow:
                Append(narrow, values, nullRow);
                break;
            default:
                Append((FixedBuilder<long>)builder, values, nullRow);
                break;
        }

        return [builder.Build()];
    }

    private static void Append<T>(FixedBuilder<T> builder, ReadOnlySpan<long> values, int nullRow)
        where T : unmanaged, IBinaryInteger<T>
    {
        byte[] validity = new byte[Bitmap.SizeBytes(values.Length)];
        Bitmap.Fill(validity, 0, values.Length, true);
        if (nullRow >= 0)
        {
            Bitmap.Clear(validity, nullRow);
        }

        ConvertKernels.Integers(values, builder.AppendSpan(values.Length, validity, 0));
    }

    // Makes the array reach over all values; false where it would be mostly empty.
    private bool TryCover(ReadOnlySpan<long> values, Validity validity)
    {
        if (validity.NullCount == values.Length)
        {
            return true;
        }

        MinMax.OfIntegers(values, validity.Bits, validity.BitOffset, out long smallest, out long largest);
        if (_groupNumbers.Length > 0)
        {
            smallest = long.Min(smallest, _first);
            largest = long.Max(largest, _first + _groupNumbers.Length - 1);
        }

        Int128 span = (Int128)largest - smallest + 1;
        if (span == _groupNumbers.Length)
        {
            return true;
        }

        if (span > long.Min(MaxSpan, SmallSpan + (EntriesPerGroup * (_count + values.Length))))
        {
            return false;
        }

        Stretch(smallest, (int)span);
        return true;
    }

    // Room is left in the direction of growth, so that ascending or descending keys seldom copy the array.
    private void Stretch(long smallest, int span)
    {
        int former = _groupNumbers.Length;
        int length = former == 0 ? span : (int)BitOperations.RoundUpToPowerOf2((uint)span);
        long first = smallest;
        if (former > 0 && smallest < _first)
        {
            first = long.Max(long.MinValue + (length - 1), smallest + (span - 1)) - (length - 1);
        }
        else if (smallest > long.MaxValue - length)
        {
            length = span;
        }

        int[] stretched = new int[length];
        _groupNumbers.CopyTo(stretched, former == 0 ? 0 : (int)(_first - first));
        _groupNumbers = stretched;
        _first = first;
    }

    private int Append(long value)
    {
        if (_count == _values.Length)
        {
            System.Array.Resize(ref _values, 2 * _count);
        }

        _values[_count] = value;
        return _count++;
    }

    private static ReadOnlySpan<long> Widen(IArrowArray column, ref long[] scratch)
    {
        if (column is Int64Array)
        {
            return ColumnValues.Fixed<long>(column);
        }

        if (scratch.Length < column.Length)
        {
            scratch = new long[column.Length];
        }

        Span<long> widened = scratch.AsSpan(0, column.Length);
        switch (column)
        {
            case Int8Array:
                ConvertKernels.Integers(ColumnValues.Fixed<sbyte>(column), widened);
                break;
            case Int16Array:
                ConvertKernels.Integers(ColumnValues.Fixed<short>(column), widened);
                break;
            default:
                ConvertKernels.Integers(ColumnValues.Fixed<int>(column), widened);
                break;
        }

        return widened;
    }
}
