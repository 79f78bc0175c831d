using System;
using System.Buffers;
using System.Buffers.Binary;
using System.Collections.Generic;
using Apache.Arrow;
using Polder.Bytes;
using Polder.Columns;
using Polder.Columns.Kernels;

namespace Polder.Execution.Keys;

/// <summary>
/// Rows of keys as bytes, equal where the keys are equal: per column a null flag, then a value of fixed width (zeros
/// where null) or a 32-bit length and that many bytes. Filled column by column.
/// </summary>
internal sealed class RowBuffer
{
    private byte[] _data = [];
    private int[] _ends = [];
    private int[] _cursors = [];
    private int _rowCount;

    /// <summary>The bytes of a row, borrowed until the next encoding.</summary>
    public ReadOnlySpan<byte> this[int row] =>
        _data.AsSpan((row == 0 ? 0 : _ends[row - 1]).._ends[row]);

    /// <summary>Replaces the contents by the rows of these columns.</summary>
    public void Encode(IReadOnlyList<DataType> types, IReadOnlyList<IArrowArray> columns, int rowCount)
    {
        _rowCount = rowCount;
        if (_ends.Length < rowCount)
        {
            _ends = new int[rowCount];
            _cursors = new int[rowCount];
        }

        Part[] parts = new Part[types.Count];
        for (int column = 0; column < parts.Length; column++)
        {
            parts[column] = Part.Of(types[column], columns[column]);
        }

        Measure(parts);
        foreach (Part part in parts)
        {
            Write(part);
        }
    }

    /// <summary>Bytes of a value of fixed width; -1 for those with a length.</summary>
    public static int WidthOf(DataType type) => type.Kind is TypeKind.CalendarInterval or TypeKind.Decimal
        ? 16
        : ValueWidth.Of(type);

    private void Measure(Part[] parts)
    {
        int fixedSize = 0;
        foreach (Part part in parts)
        {
            fixedSize += 1 + (part.Width >= 0 ? part.Width : sizeof(int));
        }

        Span<int> ends = _ends.AsSpan(0, _rowCount);
        ends.Fill(fixedSize);
        foreach (Part part in parts)
        {
            if (part.Width < 0)
            {
                ReadOnlySpan<int> offsets = part.Offsets;
                for (int row = 0; row < ends.Length; row++)
                {
                    ends[row] += offsets[row + 1] - offsets[row];
                }
            }
        }

        int total = 0;
        for (int row = 0; row < ends.Length; row++)
        {
            _cursors[row] = total;
            total = checked(total + ends[row]);
            ends[row] = total;
        }

        if (_data.Length < total)
        {
            _data = new byte[int.Max(total, 2 * _data.Length)];
        }
    }

    private void Write(Part part)
    {
        Validity validity = Validity.Of(part.Array);
        Span<byte> data = _data;
        for (int row = 0; row < _rowCount; row++)
        {
            int cursor = _cursors[row];
            bool isValid = validity.IsValid(row);
            data[cursor++] = isValid ? (byte)1 : (byte)0;
            if (part.Width >= 0)
            {
                Span<byte> target = data.Slice(cursor, part.Width);
                if (isValid)
                {
                    part.Values.Slice(row * part.Width, part.Width).CopyTo(target);
                }
                else
                {
                    target.Clear();
                }

                _cursors[row] = cursor + part.Width;
            }
            else
            {
                int start = part.Offsets[row];
                int length = part.Offsets[row + 1] - start;
                BinaryPrimitives.WriteInt32LittleEndian(data[cursor..], length);
                part.Values.Slice(start, length).CopyTo(data[(cursor + sizeof(int))..]);
                _cursors[row] = cursor + sizeof(int) + length;
            }
        }
    }

    /// <summary>A column's values as bytes: of one width, or between offsets.</summary>
    private sealed class Part
    {
        private readonly byte[]? _ownValues;
        private readonly int[]? _ownOffsets;

        private Part(IArrowArray array, int width, byte[]? ownValues, int[]? ownOffsets)
        {
            Array = array;
            Width = width;
            _ownValues = ownValues;
            _ownOffsets = ownOffsets;
        }

        public IArrowArray Array { get; }

        public int Width { get; }

        public ReadOnlySpan<int> Offsets => _ownOffsets ?? ColumnValues.Offsets(Array);

        public ReadOnlySpan<byte> Values => _ownValues is not null
            ? _ownValues
            : Array.Length == 0
                ? []
                : Width < 0
                    ? ColumnValues.Bytes(Array)
                    : Array.Data.Buffers[1].Span.Slice(Array.Data.Offset * Width, Array.Length * Width);

        public static Part Of(DataType type, IArrowArray array)
        {
            int width = WidthOf(type);
            switch (type.Kind)
            {
                case TypeKind.Void:
                    return new Part(array, 0, [], null);
                case TypeKind.Boolean:
                    byte[] flags = new byte[array.Length];
                    for (int row = 0; row < flags.Length; row++)
                    {
                        flags[row] = ColumnValues.Boolean(array, row) ? (byte)1 : (byte)0;
                    }

                    return new Part(array, 1, flags, null);
                case TypeKind.Float:
                    ReadOnlySpan<float> floats = Normalised(ColumnValues.Fixed<float>(array));
                    return new Part(array, width, ByteCast.ToBytes(floats).ToArray(), null);
                case TypeKind.Double:
                    ReadOnlySpan<double> doubles = Normalised(ColumnValues.Fixed<double>(array));
                    return new Part(array, width, ByteCast.ToBytes(doubles).ToArray(), null);
                default:
                    return width >= 0 || ValueWidth.IsBytes(type)
                        ? TextOrFixed(array, width)
                        : EncodeNested(type, array);
            }
        }

        // A null string may have bytes behind it; only then are they dropped.
        private static Part TextOrFixed(IArrowArray array, int width)
        {
            Validity validity = Validity.Of(array);
            if (width >= 0 || !validity.HasNulls)
            {
                return new Part(array, width, null, null);
            }

            ReadOnlySpan<int> offsets = ColumnValues.Offsets(array);
            bool hasHiddenBytes = false;
            for (int row = 0; row < array.Length; row++)
            {
                hasHiddenBytes |= offsets[row + 1] != offsets[row] && validity.IsNull(row);
            }

            return hasHiddenBytes
                ? new Part(Compact(array), width, null, null)
                : new Part(array, width, null, null);
        }

        private static IArrowArray Compact(IArrowArray array)
        {
            Validity validity = Validity.Of(array);
            int[] rows = new int[array.Length];
            for (int row = 0; row < rows.Length; row++)
            {
                rows[row] = validity.IsValid(row) ? row : -1;
            }

            return Take.Rows(array, rows);
        }

        private static Part EncodeNested(DataType type, IArrowArray array)
        {
            ArrayBufferWriter<byte> output = new();
            int[] offsets = new int[array.Length + 1];
            Validity validity = Validity.Of(array);
            for (int row = 0; row < array.Length; row++)
            {
                if (validity.IsValid(row))
                {
                    NestedKeys.Encode(ColumnValues.Get(array, row, type), output);
                }

                offsets[row + 1] = output.WrittenCount;
            }

            return new Part(array, -1, output.WrittenSpan.ToArray(), offsets);
        }

        private static float[] Normalised(ReadOnlySpan<float> values)
        {
            float[] normalised = new float[values.Length];
            for (int row = 0; row < normalised.Length; row++)
            {
                normalised[row] = FloatValue.Normalise(values[row]);
            }

            return normalised;
        }

        private static double[] Normalised(ReadOnlySpan<double> values)
        {
            double[] normalised = new double[values.Length];
            for (int row = 0; row < normalised.Length; row++)
            {
                normalised[row] = FloatValue.Normalise(values[row]);
            }

            return normalised;
        }
    }
}
