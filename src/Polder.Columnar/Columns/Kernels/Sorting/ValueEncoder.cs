using System;
using System.Buffers;
using System.Collections.Generic;
using Apache.Arrow;

namespace Polder.Columns.Kernels.Sorting;

/// <summary>Appends the values of one column to keys of variable length; nested values element by element.</summary>
internal sealed class ValueEncoder
{
    private readonly SortColumn _column;
    private readonly IArrowArray _array;
    private readonly OrderedWords? _words;
    private readonly List<ValueEncoder> _children = [];

    public ValueEncoder(SortColumn column, IArrowArray array)
    {
        _column = column;
        _array = array;
        _words = ValueWidth.Of(column.Type) >= 0 ? OrderedWords.Of(array, column.Type) : null;

        // Inside nested values nulls always come first; the outermost value is inverted as a whole.
        switch (array)
        {
            case ListArray list when column.Type.Kind == TypeKind.Array:
                _children.Add(new ValueEncoder(new SortColumn(column.Type.Element!, false, true), list.Values));
                break;
            case StructArray structArray when column.Type.Kind == TypeKind.Struct:
                for (int index = 0; index < structArray.Fields.Count; index++)
                {
                    _children.Add(new ValueEncoder(
                        new SortColumn(column.Type.Fields[index].Type, false, true), structArray.Fields[index]));
                }

                break;
            default:
                if (_words is null && !ValueWidth.IsBytes(column.Type))
                {
                    throw new UnsupportedFeatureException($"ordering by {column.Type}", "values of it have no order");
                }

                break;
        }
    }

    public void Append(int row, ArrayBufferWriter<byte> output)
    {
        bool isNull = _array is NullArray || _array.IsNull(row);
        output.GetSpan(1)[0] = isNull == _column.NullsFirst ? (byte)0 : (byte)1;
        output.Advance(1);
        if (isNull)
        {
            return;
        }

        if (!_column.Descending)
        {
            AppendValue(row, output);
            return;
        }

        ArrayBufferWriter<byte> value = new();
        AppendValue(row, value);
        Span<byte> inverted = output.GetSpan(value.WrittenCount)[..value.WrittenCount];
        for (int index = 0; index < inverted.Length; index++)
        {
            inverted[index] = (byte)~value.WrittenSpan[index];
        }

        output.Advance(inverted.Length);
    }

    private void AppendValue(int row, ArrayBufferWriter<byte> output)
    {
        if (_words is not null)
        {
            _words.Write(row, output.GetSpan(int.Max(1, _words.Width))[.._words.Width], isInverted: false);
            output.Advance(_words.Width);
        }
        else if (_column.Type.Kind == TypeKind.Array)
        {
            ReadOnlySpan<int> offsets = ColumnValues.Offsets(_array);
            for (int element = offsets[row]; element < offsets[row + 1]; element++)
            {
                output.Write([(byte)1]);
                _children[0].Append(element, output);
            }

            output.Write([(byte)0]);
        }
        else if (_column.Type.Kind == TypeKind.Struct)
        {
            foreach (ValueEncoder child in _children)
            {
                child.Append(row, output);
            }
        }
        else
        {
            ReadOnlySpan<int> offsets = ColumnValues.Offsets(_array);
            AppendText(ColumnValues.Bytes(_array)[offsets[row]..offsets[row + 1]], output);
        }
    }

    private static void AppendText(ReadOnlySpan<byte> text, ArrayBufferWriter<byte> output)
    {
        while (true)
        {
            int zero = text.IndexOf((byte)0);
            if (zero < 0)
            {
                output.Write(text);
                output.Write([(byte)0, (byte)0]);
                return;
            }

            output.Write(text[..zero]);
            output.Write([(byte)0, (byte)0xFF]);
            text = text[(zero + 1)..];
        }
    }
}
