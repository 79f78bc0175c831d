using System;
using System.Collections.Generic;
using Apache.Arrow;
using Polder.Columns;
using Polder.Columns.Kernels;
using Polder.Columns.Kernels.Sorting;

namespace Polder.Execution.Aggregates;

/// <summary>
/// min and max of strings, binaries, arrays and structs: per group a byte-comparable key, and for nested types the
/// row it was made of.
/// </summary>
internal sealed class KeyedExtremes(DataType type, bool isMaximum) : Accumulator
{
    private readonly bool _isNested = !ValueWidth.IsBytes(type);
    private byte[]?[] _keys = [];
    private IArrowArray?[] _rows = [];
    private long _heldBytes;

    public override long SizeBytes => _heldBytes + (sizeof(long) * ((long)_keys.Length + _rows.Length));

    public override void Resize(int groupCount)
    {
        if (groupCount > _keys.Length)
        {
            int capacity = int.Max(groupCount, 2 * _keys.Length);
            System.Array.Resize(ref _keys, capacity);
            if (_isNested)
            {
                System.Array.Resize(ref _rows, capacity);
            }
        }
    }

    public override void Add(IReadOnlyList<IArrowArray> arguments, RowGroups groups)
    {
        IArrowArray argument = arguments[0];
        Validity validity = Validity.Of(argument);
        if (_isNested)
        {
            SortKeyEncoder encoder = new([new SortColumn(type, false, true)]);
            SortKeys keys = encoder.Encode([argument], argument.Length);
            for (int row = 0; row < groups.RowCount; row++)
            {
                if (validity.IsValid(row))
                {
                    int group = groups.IsSingle ? 0 : groups.Ids[row];
                    if (TryReplace(group, keys[row]))
                    {
                        _rows[group] = Take.Rows(argument, [row]);
                    }
                }
            }

            return;
        }

        ReadOnlySpan<int> offsets = ColumnValues.Offsets(argument);
        ReadOnlySpan<byte> bytes = argument.Length == 0 ? [] : ColumnValues.Bytes(argument);
        for (int row = 0; row < groups.RowCount; row++)
        {
            if (validity.IsValid(row))
            {
                TryReplace(groups.IsSingle ? 0 : groups.Ids[row], bytes[offsets[row]..offsets[row + 1]]);
            }
        }
    }

    public override void Merge(Accumulator other, ReadOnlySpan<int> groups)
    {
        KeyedExtremes others = (KeyedExtremes)other;
        for (int group = 0; group < groups.Length; group++)
        {
            byte[]? key = others._keys[group];
            if (key is not null && TryReplace(groups[group], key) && _isNested)
            {
                _rows[groups[group]] = others._rows[group];
            }
        }
    }

    public override IArrowArray Build(int start, int count)
    {
        if (_isNested)
        {
            IArrowArray missing = Constants.Repeat(null, type, 1);
            List<IArrowArray> rows = [ColumnBuilder.Create(type).Build()];
            for (int group = start; group < start + count; group++)
            {
                rows.Add(_rows[group] ?? missing);
            }

            return Concat.Arrays(rows);
        }

        BytesBuilder builder = (BytesBuilder)ColumnBuilder.Create(type, count);
        foreach (byte[]? key in _keys.AsSpan(start, count))
        {
            if (key is null)
            {
                builder.AppendNull();
            }
            else
            {
                builder.Append(key);
            }
        }

        return builder.Build();
    }

    private bool TryReplace(int group, ReadOnlySpan<byte> key)
    {
        byte[]? former = _keys[group];
        if (former is not null)
        {
            int order = key.SequenceCompareTo(former);
            if (isMaximum ? order <= 0 : order >= 0)
            {
                return false;
            }
        }

        _heldBytes += key.Length - (former?.Length ?? -24);
        _keys[group] = key.ToArray();
        return true;
    }
}
